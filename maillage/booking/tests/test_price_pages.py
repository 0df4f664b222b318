"""The price from the card to the receipt: one line, then its reasons, then frozen."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.booking.domain.tariffs import Group, Price, Tariff, Unit
from maillage.booking.gateways import paper
from maillage.booking.models import Booking, BookingStatus
from maillage.booking.selectors import meeting_of, propose_slots
from maillage.booking.selectors.prices import prices_of_proposals
from maillage.booking.services import complete_booking
from maillage.booking.services.tariffs import write_tariff
from maillage.booking.tests.factories import NOW, make_booking, make_hold, make_rooms, wish_from
from maillage.booking.views.links import book_url
from maillage.points.models import Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
FRENCH = {"accept-language": "fr"}
YEAR = date(2026, 1, 1)
ANSWERS = {"name": "Maël", "email": "mael@exemple.bzh", "category": "association"}
AFTER = NOW + timedelta(days=2)


def ask(room: Room, *prices: Price, **fields: object) -> None:
    write_tariff(point=room.point, tariff=Tariff(prices=prices, **fields), valid_from=YEAR)  # type: ignore[arg-type]


def read(client: Client, address: str) -> str:
    return re.sub(r"[ \n]+", " ", unescape(client.get(address, headers=FRENCH).content.decode()))


def cards(client: Client) -> str:
    return read(
        client, "/creneaux?place_1=Callac&people_1=2&place_2=Rennes&people_2=2&duration=60&when=fortnight&part=any"
    )


def test_cards_say_the_price_free_or_to_be_seen_on_the_spot(client: Client) -> None:
    callac, rennes = make_rooms()
    assert "Prix : à voir sur place" in cards(client)
    ask(callac, is_free=True)
    ask(rennes, is_free=True)
    assert "<strong>Gratuit</strong>" in cards(client)
    ask(rennes, Price(Unit.HOUR, 2_000, practice_cents=1_200))
    assert "<strong>12\u202f€</strong> demandés en pratique, 20\u202f€ au tarif affiché" in cards(client)


def test_pricing_five_cards_takes_five_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    callac, rennes = make_rooms()
    ask(callac, Price(Unit.HOUR, 1_000))
    wish = wish_from(callac.point.commune, rennes.point.commune)
    proposals = propose_slots(wish, now=NOW)
    with django_assert_max_num_queries(5):
        prices = prices_of_proposals(proposals, {0: callac.point.commune_id}, length=wish.length)
    assert len(prices) == len(proposals) == 5
    assert all(price and price.total_cents == 1_000 and not price.is_complete for price in prices)


def test_the_form_shows_the_price_with_its_reasons_and_freezes_it(client: Client) -> None:
    callac, rennes = make_rooms()
    ask(callac, Price(Unit.HOUR, 1_250))
    ask(rennes, is_free=True)
    booking = make_hold([callac, rennes])
    page = read(client, book_url(booking))
    assert "12,50\u202f€" in page
    assert "tarif du point" in page
    assert "gratuit dans ce point" in page
    assert 'name="price" value="1250"' in page
    answer = client.post(book_url(booking), {**ANSWERS, "price": "1250"})
    ask(callac, Price(Unit.HOUR, 9_900))
    meeting = read(client, answer.headers["Location"])
    assert "12,50\u202f€" in meeting
    assert "99\u202f€" not in meeting
    assert "Ce prix ne changera plus" in meeting


def test_a_price_that_rises_with_the_answers_is_shown_before_it_is_accepted(client: Client) -> None:
    callac, rennes = make_rooms()
    ask(callac, Price(Unit.HOUR, 1_000), Price(Unit.HOUR, 3_000, Group.ASSOCIATION))
    booking = make_hold([callac, rennes])
    first = client.post(book_url(booking), {**ANSWERS, "price": "1000"}, headers=FRENCH)
    booking.refresh_from_db()
    assert first.status_code == 422
    assert booking.status == BookingStatus.HELD
    page = unescape(first.content.decode())
    assert "n’est pas celui affiché auparavant" in page
    assert 'value="mael@exemple.bzh"' in page
    assert 'name="price" value="3000"' in page
    assert client.post(book_url(booking), {**ANSWERS, "price": "3000"}).status_code == 303


@pytest.mark.parametrize("typed", ["", "x", "-1", "٣"])
def test_a_price_that_is_not_a_number_accepts_nothing_more_than_the_first_page_showed(
    client: Client, typed: str
) -> None:
    callac, rennes = make_rooms()
    ask(callac, Price(Unit.HOUR, 1_000), Price(Unit.HOUR, 3_000, Group.ASSOCIATION))
    booking = make_hold([callac, rennes])
    assert client.post(book_url(booking), {**ANSWERS, "price": typed}).status_code == 422


def test_the_receipt_comes_after_the_meeting_as_page_and_as_paper(client: Client) -> None:
    callac, rennes = make_rooms()
    ask(callac, Price(Unit.HOUR, 1_250))
    booking: Booking = make_booking([callac, rennes])
    page = meeting_of(booking.pk).page
    path = page[page.index("/reunion/") :]
    assert "Votre reçu sera ici après la réunion" in read(client, path)
    assert client.post(f"{path}/recu").status_code == 409
    with time_machine.travel(AFTER, tick=False):
        complete_booking(booking_id=booking.pk, now=AFTER)
        first, again = client.post(f"{path}/recu"), client.post(f"{path}/recu")
        assert first.status_code == 303
        assert first.headers["Location"] == again.headers["Location"] == f"{path}/recu/2026-0001"
        assert "12,50\u202f€" in read(client, first.headers["Location"])
        assert "2026-0001" in read(client, path)
        assert client.get(f"{path}/recu/2026-0009").status_code == 404
        if not paper.missing_part():
            paperwork = client.get(first.headers["Location"] + ".pdf")
            assert paperwork.content.startswith(b"%PDF")
