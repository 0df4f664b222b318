"""The one form: what it refuses, what it keeps, and holds that run out."""

import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from maillage.booking.models import Booking, BookingStatus, CancelCause
from maillage.booking.selectors import organiser_token
from maillage.booking.services import cancel_booking, release_expired_holds
from maillage.booking.tests.factories import NOW, TOMORROW_10, make_hold, make_rooms
from maillage.booking.views.links import book_url
from maillage.core.links import sign_link

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
ANSWERS = {
    "name": "Maël Le Bihan",
    "email": "mael@exemple.bzh",
    "phone": "02 96 00 00 00",
    "category": "association",
    "title": "Préparer la fête de la mer",
    "travel_mode": "car-alone",
    "guests": "nolwenn@exemple.bzh",
    "wants_help": "on",
}
AFTER_HOLD = NOW + timedelta(minutes=settings.HOLD_MINUTES + 1)


def send(client: Client, booking: Booking, **changes: str) -> "Answer":
    return client.post(book_url(booking), {**ANSWERS, **changes}, headers={"accept-language": "fr"})


def test_the_form_asks_at_most_eight_things_and_shows_what_is_held(client: Client) -> None:
    page = client.get(book_url(make_hold()), headers={"accept-language": "fr"}).content.decode()
    form = page[page.index('data-role="confirm"') : page.index("</form>", page.index('data-role="confirm"'))]
    asked = re.findall(r'<(?:input|select|textarea)[^>]* name="(?!csrfmiddlewaretoken)([^"]+)"', form)
    assert len(asked) == 8
    assert "Mardi 24" in page
    assert f"Il vous reste {settings.HOLD_MINUTES} minutes" in page
    assert "Ce qui se passe ensuite" in page
    assert "règles de la maison" in page


@pytest.mark.parametrize("places", [3, 6])
def test_the_form_asks_at_most_eight_things_with_many_places(client: Client, places: int) -> None:
    rooms = make_rooms(*["Callac", "Rennes", "Brest", "Lannion", "Quimper", "Vannes"][:places])
    page = client.get(book_url(make_hold(rooms)), headers={"accept-language": "fr"}).content.decode()
    form = page[page.index('data-role="confirm"') :]
    assert len(re.findall(r'<(?:input|select|textarea)[^>]* name="(?!csrfmiddlewaretoken)([^"]+)"', form)) == 8
    assert "séparées par des virgules : Rennes, Brest" in unescape(page)


@pytest.mark.parametrize(
    ("typed", "received"),
    [
        ("a@exemple.bzh, b@exemple.bzh", ["a@exemple.bzh", "b@exemple.bzh"]),
        ("a@exemple.bzh,\r\nb@exemple.bzh\r\n", ["a@exemple.bzh", "b@exemple.bzh"]),
        (", b@exemple.bzh", ["", "b@exemple.bzh"]),
        ("a@exemple.bzh", ["a@exemple.bzh", ""]),
        ("a@exemple.bzh; ", ["a@exemple.bzh", ""]),
        ("", ["", ""]),
    ],
)
def test_each_address_goes_to_its_place_in_order(client: Client, typed: str, received: list[str]) -> None:
    booking = make_hold(make_rooms("Callac", "Rennes", "Brest"))
    assert send(client, booking, guests=typed).status_code == 303
    assert [party.email for party in booking.parties.order_by("position")][1:] == received


def test_addresses_that_do_not_fit_are_refused_by_place_and_kept(client: Client) -> None:
    booking = make_hold(make_rooms("Callac", "Rennes", "Brest"))
    answer = send(client, booking, guests="a@exemple.bzh, personne")
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "L’adresse pour Brest n’est pas complète" in page
    assert "a@exemple.bzh, personne</textarea>" in page


def test_a_complete_form_confirms_and_leads_to_the_meeting(client: Client) -> None:
    booking = make_hold()
    answer = send(client, booking)
    booking.refresh_from_db()
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/reunion/{organiser_token(booking)}"
    assert booking.status == BookingStatus.CONFIRMED
    assert (booking.organiser_name, booking.organiser_phone) == ("Maël Le Bihan", "0296000000")
    assert booking.wants_help is True
    assert [party.email for party in booking.parties.all()] == ["mael@exemple.bzh", "nolwenn@exemple.bzh"]
    assert {party.travel_mode for party in booking.parties.all()} == {"car-alone"}


def test_sending_twice_confirms_once(client: Client) -> None:
    booking = make_hold()
    url = book_url(booking)
    first = client.post(url, ANSWERS)
    second = client.post(url, {**ANSWERS, "name": "Quelqu'un d'autre"})
    booking.refresh_from_db()
    assert first.headers["Location"] == second.headers["Location"]
    assert booking.organiser_name == "Maël Le Bihan"
    assert client.get(url).status_code == 303


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Donnez votre nom"),
        ({"name": " \u202e\u200b "}, "Donnez votre nom"),
        ({"email": ""}, "Donnez votre adresse"),
        ({"email": "mael@"}, "n’est pas complète"),
        ({"phone": "appelez-moi"}, "Ce numéro ne peut pas être appelé"),
        ({"category": ""}, "Choisissez la ligne"),
        ({"category": "pirate"}, "pirate"),
        ({"travel_mode": "rocket"}, "rocket"),
        ({"guests": "a b"}, "L’adresse pour Rennes n’est pas complète"),
        ({"guests": "a@exemple.bzh, b@exemple.bzh"}, "2 adresses"),
        ({"title": "x" * 121}, "120"),
    ],
)
def test_what_is_wrong_is_said_and_all_that_was_typed_is_kept(
    client: Client, changes: dict[str, str], said: str
) -> None:
    booking = make_hold()
    answer = send(client, booking, **changes)
    page = unescape(answer.content.decode())
    booking.refresh_from_db()
    assert answer.status_code == 422
    assert said in page
    assert 'aria-invalid="true"' in page
    for name, value in ANSWERS.items():
        if name not in changes and name not in {"wants_help", "category", "travel_mode"}:
            assert f'value="{value}"' in page
    assert booking.status == BookingStatus.HELD


def test_line_breaks_and_invisible_marks_leave_names(client: Client) -> None:
    booking = make_hold()
    send(client, booking, name="Maël\r\nBcc: tous@exemple.bzh\u202e", title="a\tb\u00a0c")
    booking.refresh_from_db()
    assert booking.organiser_name == "Maël Bcc: tous@exemple.bzh"
    assert booking.title == "a b c"


def test_html_in_names_is_text_on_every_page(client: Client) -> None:
    booking = make_hold()
    evil = "<script>alert(1)</script>"
    page = client.get(send(client, booking, name=evil, title=evil).headers["Location"]).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_hold_that_ran_out_is_offered_again_in_one_click(client: Client) -> None:
    booking = make_hold()
    url = book_url(booking)
    with time_machine.travel(AFTER_HOLD, tick=False):
        release_expired_holds(AFTER_HOLD)
        answer = client.get(url, headers={"accept-language": "fr"})
        assert answer.status_code == 410
        assert "Reprendre cette heure" in answer.content.decode()
        taken, again = client.post(f"{url}/reprendre"), client.post(f"{url}/reprendre")
    assert taken.status_code == 303
    assert taken.headers["Location"] == again.headers["Location"]
    fresh = Booking.objects.get(status=BookingStatus.HELD)
    assert (fresh.first_quarter, fresh.length) == (TOMORROW_10, booking.length)


def test_a_form_sent_after_the_hold_takes_the_rooms_again_and_confirms(client: Client) -> None:
    booking = make_hold()
    with time_machine.travel(AFTER_HOLD, tick=False):
        answer = send(client, booking)
    confirmed = Booking.objects.get(status=BookingStatus.CONFIRMED)
    assert answer.status_code == 303
    assert confirmed.first_quarter == TOMORROW_10
    assert confirmed.organiser_name == "Maël Le Bihan"


def test_a_form_sent_after_the_hold_says_so_when_somebody_took_the_rooms(client: Client) -> None:
    rooms = make_rooms()
    booking = make_hold(rooms)
    with time_machine.travel(AFTER_HOLD, tick=False):
        release_expired_holds(AFTER_HOLD)
        make_hold(rooms, request_key="somebody-else", now=AFTER_HOLD)
        answer = send(client, booking)
        page = answer.content.decode()
    assert answer.status_code == 409
    assert "Déjà réservé" in page
    assert "/creneaux?" in page
    assert not Booking.objects.filter(status=BookingStatus.CONFIRMED).exists()


def test_the_link_of_a_cancelled_booking_leads_to_its_page(client: Client) -> None:
    booking = make_hold()
    url = book_url(booking)
    client.post(url, ANSWERS)
    cancel_booking(booking_id=booking.pk, cause=CancelCause.ORGANISER, through="link", now=NOW)
    assert client.get(url).headers["Location"].startswith("/reunion/")


@pytest.mark.parametrize("token", ["x", "a.b.c", "....", "%00", "é"])
def test_a_forged_link_is_refused_alike(client: Client, token: str) -> None:
    answer = client.get(f"/reserver/{token}")
    assert answer.status_code == 404
    assert "link-unknown" in answer.content.decode()


def test_a_link_for_another_purpose_opens_nothing(client: Client) -> None:
    booking = make_hold()
    token = sign_link("party", str(booking.pk), NOW + timedelta(days=1))
    assert client.get(f"/reserver/{token}").status_code == 404
    assert client.get(f"/reunion/{token}").status_code == 404


def test_an_expired_link_says_until_when_it_was_valid(client: Client) -> None:
    url = book_url(make_hold())
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        answer = client.get(url)
    assert answer.status_code == 410
    assert "link-expired" in answer.content.decode()
