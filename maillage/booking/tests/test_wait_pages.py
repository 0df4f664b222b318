"""The pages of the waiting list: from nothing fits to a slot in one press, and what a facilitator sees."""

import re
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from maillage.booking.domain.waiting import read_wish
from maillage.booking.forms import read_offer
from maillage.booking.models import Booking, OfferStatus, Wait, WaitOffer
from maillage.booking.selectors.waits import wait_address, who_waits
from maillage.booking.services.waiting_line import serve_line
from maillage.booking.tests.factories import HOUR, NOW, TOMORROW_10, make_booking, make_rooms
from maillage.booking.tests.test_planning import agent, read
from maillage.booking.tests.test_waits import LENA, YANN, free, wait_for
from maillage.points.models import Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


SENTENCE = {
    "place_1": "Callac", "people_1": "2", "kind_1": "room", "place_2": "Rennes", "people_2": "2", "kind_2": "room",
    "duration": "60", "when": "2026-11-24", "part": "any",
}  # fmt: skip
ASKED = {"name": "Yann", "reach": "yann.w@example.org", "category": "association", "until": "2026-11-24"}


def test_from_nothing_fits_to_a_slot_in_one_press(client: Client, rooms: list[Room]) -> None:
    everything = [make_booking(rooms, first_quarter=TOMORROW_10 + shift, length=4) for shift in (0, 20)]
    search = urlencode(SENTENCE | {"duration": "180"})
    assert f"/creneaux/attendre?{search}" in read(client, f"/creneaux?{search}").replace("&amp;", "&")
    page = read(client, f"/creneaux/attendre?{search}")
    assert "Callac, 2 personnes · Rennes, 2 personnes" in page.replace("\xa0", " ")
    assert client.post("/creneaux/attendre", ASKED | {"search": search, "reach": "x@"}).status_code == 422
    assert client.post("/creneaux/attendre", ASKED | {"search": search, "until": "2026-11-20"}).status_code == 422
    answer = client.post("/creneaux/attendre", ASKED | {"search": search})
    assert answer.status_code == 303
    place = answer["Location"]
    assert "Quitter l'attente" in read(client, place)
    for booking in everything[1:]:
        free(booking)
    assert serve_line(NOW) == 1
    assert "Je prends ce créneau" in read(client, place)
    assert WaitOffer.objects.get().status == OfferStatus.OPEN, "opening the page answers nothing"
    taken = client.post(place, {"act": "take"})
    assert taken.status_code == 303
    assert taken["Location"].startswith("/reunion/")
    assert "Le créneau est à vous" in read(client, place)


def test_the_page_passes_leaves_and_says_what_is_over(client: Client, rooms: list[Room], taken: Booking) -> None:
    wait = wait_for(rooms)
    place = urlsplit(wait_address(wait)).path
    assert client.get("/attente/forged").status_code == 404
    free(taken)
    serve_line(NOW)
    assert client.post(place, {"act": "pass"}).status_code == 303
    assert client.post(place, {"act": "take"}).status_code == 410
    assert client.post(place, {"act": "leave"}).status_code == 303
    assert "Vous avez quitté" in read(client, place)
    Wait.objects.all().delete()
    assert client.get(place).status_code == 410


def test_the_very_slot_that_somebody_else_took_can_be_waited_for(client: Client, rooms: list[Room]) -> None:
    search = urlencode(SENTENCE)
    page = client.get(f"/creneaux?{search}").content.decode()
    offer = re.findall(r'name="offer" value="([^"]+)"', page)[0]
    make_booking(rooms, first_quarter=_first_of(offer))
    refused = client.post("/creneaux/retenir", {"offer": offer, "search": search}, headers={"accept-language": "fr"})
    assert refused.status_code == 409
    link = re.findall(r'href="(/creneaux/attendre[^"]+)"', refused.content.decode())[0].replace("&amp;", "&")
    answer = client.post("/creneaux/attendre", ASKED | {"search": urlsplit(link).query})
    assert answer.status_code == 303
    wish = read_wish(Wait.objects.get().wish)
    assert (wish.first_quarter, wish.end_quarter) == (_first_of(offer), _first_of(offer) + HOUR)
    assert {party.room_id for party in wish.parties} == {room.pk for room in rooms}


def _first_of(offer: str) -> int:
    return read_offer(offer).first_quarter


def test_a_facilitator_sees_who_waits_for_her_rooms(
    client: Client, rooms: list[Room], taken: Booking, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert client.get("/planning/attente").status_code == 302
    other = make_rooms("Brest", "Vannes")
    wait_for(rooms)
    wait_for(other, LENA)
    agent(client, rooms[0])
    page = read(client, "/planning/attente")
    assert YANN.email in page
    assert LENA.email not in page
    free(taken)
    serve_line(NOW)
    assert "proposé" in read(client, "/planning/attente")
    with django_assert_num_queries(2):
        assert len(who_waits(Room.objects.all())) == 2
    agent(client)
    assert client.get("/planning/attente").status_code == 403


def test_public_acts_of_the_line_are_limited(client: Client, rooms: list[Room], settings: Settings) -> None:
    settings.MAILLAGE_THROTTLE = True
    search = urlencode(SENTENCE)
    codes = [client.post("/creneaux/attendre", {"search": search}).status_code for _n in range(11)]
    assert codes[-1] == 429
    assert set(codes[:-1]) == {422}
