import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.actors.models import CallWay, Organisation, OrganisationKind, WayToCall
from maillage.booking.models import Booking, BookingStatus, CancelCause, LetterRecord, Occupancy
from maillage.booking.tests.factories import make_booking, make_rooms
from maillage.conference.models import DialOrder
from maillage.conference.tests.factories import enter, parties_of
from maillage.core.models import JournalEntry
from maillage.core.quarters import quarter_at
from maillage.points.models import Room
from maillage.points.selectors import catalogue
from maillage.station.models import Station, StationOrder
from maillage.station.selectors import free_until, reachable_rooms, ringable_ways
from maillage.station.services import call_room, give_back, hear_stations
from maillage.station.tests.factories import make_station

NOW = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)
"""Tuesday, 10:07 in Paris."""
TEN = quarter_at(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
KEY = "0123456789abcdef"


@pytest.fixture
def rooms() -> list[Room]:
    return make_rooms("Callac", "Rennes", "Quimper")


@pytest.fixture
def stations(rooms: list[Room]) -> list[tuple[Station, str]]:
    """Three stations; the first two were heard just now."""
    made = [make_station(now=NOW, room=room) for room in rooms]
    hear_stations({station.pk: NOW for station, _key in made[:2]})
    for station, _key in made:
        station.refresh_from_db()
    return made


def call(stations: list[tuple[Station, str]], *, minutes: int = 30, now: datetime = NOW, to: int = 1) -> Booking:
    room_id = stations[to][0].room_id
    return call_room(
        station=stations[0][0], room_id=room_id, minutes=minutes, request_key=KEY, language="fr", title="Appel", now=now
    )


def screen_of(key: str) -> Client:
    client = Client(headers={"Accept": "application/json"})
    client.cookies["station"] = key
    return client


def ask(screen: Client, room: int | None, minutes: int = 30) -> Any:
    given = {"room": room, "minutes": minutes, "key": KEY}
    with time_machine.travel(NOW, tick=False):
        return screen.post("/station/appeler", json.dumps(given), content_type="application/json")


@pytest.mark.django_db
def test_only_rooms_that_are_alive_open_and_free_can_be_called(
    rooms: list[Room], stations: list[tuple[Station, str]], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    catalogue()
    with django_assert_max_num_queries(4):
        found = reachable_rooms(rooms[0], NOW)
    assert [one.room for one in found] == [rooms[1]]
    assert found[0].free_until == datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
    assert reachable_rooms(rooms[0], NOW + timedelta(seconds=46)) == []
    evening = NOW + timedelta(hours=9)
    Station.objects.update(last_seen_at=evening)
    assert reachable_rooms(rooms[0], evening) == []
    assert free_until(rooms[0], evening) is None
    assert stations


@pytest.mark.django_db
def test_a_call_books_both_rooms_from_now_and_rings_once_there(stations: list[tuple[Station, str]]) -> None:
    booking = call(stations)
    assert call(stations, now=NOW + timedelta(seconds=20)) == booking
    assert (booking.first_quarter, booking.length, booking.status) == (TEN, 3, BookingStatus.CONFIRMED)
    assert [party.name for party in parties_of(booking)] == ["Callac", "Rennes"]
    order = StationOrder.objects.get()
    assert (order.station, order.kind, order.text) == (stations[1][0], "call", "Point de Callac")
    assert not LetterRecord.objects.exists()
    verbs = set(JournalEntry.objects.filter(through="station").values_list("verb", flat=True))
    assert verbs == {"booking.confirmed", "station.order-call"}


@pytest.mark.django_db
def test_a_room_taken_soon_is_refused_with_its_hour(
    rooms: list[Room], stations: list[tuple[Station, str]], settings: Any
) -> None:
    settings.LANGUAGE_CODE = "fr"
    make_booking([rooms[1], rooms[2]], first_quarter=TEN + 4)  # at 11:00, settled in from 10:45
    assert free_until(rooms[1], NOW) == datetime(2026, 11, 24, 9, 45, tzinfo=UTC)
    answer = ask(screen_of(stations[0][1]), rooms[1].pk, minutes=60)
    assert (answer.status_code, answer.json()["code"]) == (409, "room-taken-soon")
    assert "10\u202fh\u202f45" in answer.json()["title"]
    assert not Booking.objects.filter(request_key__startswith="walk-in").exists()


@pytest.mark.django_db
def test_a_silent_room_is_not_rung(rooms: list[Room], stations: list[tuple[Station, str]]) -> None:
    answer = ask(screen_of(stations[0][1]), rooms[2].pk)
    assert (answer.status_code, answer.json()["code"]) == (409, "room-silent")
    assert not StationOrder.objects.exists()


@pytest.mark.django_db
def test_the_screen_learns_who_can_answer_and_goes_to_the_door(
    rooms: list[Room], stations: list[tuple[Station, str]]
) -> None:
    screen = screen_of(stations[0][1])
    with time_machine.travel(NOW, tick=False):
        offer = screen.get("/station/appeler").json()
    assert (offer["lengths"], [one["name"] for one in offer["rooms"]]) == ([30, 60], ["Rennes"])
    booked = ask(screen, rooms[1].pk).json()
    with time_machine.travel(NOW, tick=False):
        assert Client().get(booked["door"]).status_code == 200
        (meeting,) = screen.get("/station/etat").json()["meetings"]
    assert meeting["walkIn"] is True
    assert Client().get("/station/appeler", headers={"Accept": "application/json"}).status_code == 403


@pytest.mark.django_db
def test_the_room_may_be_used_at_once_with_a_guest_who_comes_by_a_link(stations: list[tuple[Station, str]]) -> None:
    given = ask(screen_of(stations[0][1]), None).json()
    assert given["guest"]["code"].startswith("data:image/svg+xml")
    assert "/r/" in given["guest"]["address"]
    assert [party.kind for party in parties_of(Booking.objects.get())] == ["room", "browser"]


def a_way(*, kind: CallWay = CallWay.SIP, address: str = "sip:europe@visio.region.example", **more: Any) -> WayToCall:
    called = "Conseil régional"
    organisation, _made = Organisation.objects.get_or_create(name=called, defaults={"kind": OrganisationKind.REGION})
    given = {"answers_rooms": True, "note": "Salle Europe", **more}
    return WayToCall.objects.create(organisation=organisation, kind=kind, address=address, **given)


@pytest.fixture
def with_gateway(settings: Any) -> None:
    settings.SIP_ADDRESS, settings.SIP_LINE = "192.0.2.10:5060", ""


@pytest.mark.django_db
@pytest.mark.usefixtures("with_gateway")
def test_only_organisations_that_agreed_and_that_we_can_ring_are_offered(settings: Any) -> None:
    agreed = a_way()
    a_way(address="sip:other@visio.region.example", answers_rooms=False)
    a_way(address="sip:example@visio.region.example", is_demonstration=True)
    a_way(kind=CallWay.BROWSER, address="")
    telephone = a_way(kind=CallWay.PHONE, address="0296000001")
    assert ringable_ways() == [agreed]
    settings.SIP_LINE = "192.0.2.1:5060"
    assert ringable_ways() == [telephone, agreed]
    settings.SIP_ADDRESS = ""
    assert ringable_ways() == []


def ring_way(screen: Client, way: int) -> Any:
    given = {"way": way, "minutes": 30, "key": KEY}
    with time_machine.travel(NOW, tick=False):
        return screen.post("/station/appeler", json.dumps(given), content_type="application/json")


@pytest.mark.django_db
@pytest.mark.usefixtures("with_gateway")
def test_an_organisation_is_rung_once_from_the_room_which_goes_to_the_door(stations: list[tuple[Station, str]]) -> None:
    way, screen = a_way(), screen_of(stations[0][1])
    with time_machine.travel(NOW, tick=False):
        (offered,) = screen.get("/station/appeler").json()["ways"]
    assert (offered["way"], offered["name"]) == (way.pk, "Conseil régional")
    assert "Salle Europe" in offered["place"]
    first, again = ring_way(screen, way.pk).json(), ring_way(screen, way.pk).json()
    assert first == again
    assert first["guest"] is None
    assert "station=1" in first["door"]
    booking = Booking.objects.get()
    order = DialOrder.objects.get()
    assert (order.target, order.asked_by, order.party) == (way.address, None, parties_of(booking)[1])
    assert parties_of(booking)[1].kind == "sip"
    assert JournalEntry.objects.get(verb="conference.dialled").through == "station"


@pytest.mark.django_db
@pytest.mark.usefixtures("with_gateway")
def test_one_that_agrees_no_longer_is_not_rung_and_nothing_is_booked(stations: list[tuple[Station, str]]) -> None:
    answer = ring_way(screen_of(stations[0][1]), a_way(answers_rooms=False).pk)
    assert (answer.status_code, answer.json()["code"]) == (409, "counterpart-not-rung")
    assert not Booking.objects.exists()


@pytest.mark.django_db
def test_given_back_unanswered_it_is_cancelled_and_held_it_is_done(stations: list[tuple[Station, str]]) -> None:
    booking = call(stations)
    give_back(station=stations[0][0], reference=booking.reference, now=NOW + timedelta(minutes=2))
    booking.refresh_from_db()
    assert (booking.status, booking.cancel_cause) == (BookingStatus.CANCELLED, CancelCause.NO_COUNTERPART)
    assert not Occupancy.objects.exists()
    again = call_room(
        station=stations[0][0], room_id=stations[1][0].room_id, minutes=30, request_key=KEY[::-1], language="fr",
        title="Appel", now=NOW,
    )  # fmt: skip
    for party in parties_of(again):
        enter(party, now=NOW)
    give_back(station=stations[1][0], reference=again.reference, now=NOW + timedelta(minutes=9))
    again.refresh_from_db()
    assert again.status == BookingStatus.DONE


@pytest.mark.django_db
def test_a_meeting_that_somebody_booked_is_not_given_back_on_the_screen(
    rooms: list[Room], stations: list[tuple[Station, str]]
) -> None:
    booking = make_booking(rooms[:2], first_quarter=TEN + 4)
    given = json.dumps({"reference": booking.reference})
    with time_machine.travel(NOW, tick=False):
        answer = screen_of(stations[0][1]).post("/station/liberer", given, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "not-walk-in")
