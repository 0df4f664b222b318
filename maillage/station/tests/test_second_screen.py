"""A room's second screen on a machine of its own: linked by its code, known by its key, shown its meeting's pages."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.accounts.models import User
from maillage.booking.models import PartyKind
from maillage.conference.models import Document, EndReason
from maillage.conference.services import bring_document, end_meeting, leave_meeting, open_conference
from maillage.conference.tests.factories import enter, make_meeting, parties_of
from maillage.conference.tests.papers import make_pdf
from maillage.core.models import JournalEntry
from maillage.points.tests.factories import make_point, make_room
from maillage.station.errors import KeyUsedTwice, LoanOver, NotAStation, RoomHasSecondScreen, RoomNotYours
from maillage.station.models import ScreenKind, SecondScreen, Station, StationState
from maillage.station.selectors import rooms_with_screens
from maillage.station.services import (
    change_key,
    end_loans,
    identify,
    identify_second,
    pair_screen,
    request_pairing,
    unlink_second_screen,
)
from maillage.station.tests.factories import make_agent, make_second_screen, make_station

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
JSON = {"Accept": "application/json"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_half_past_nine() -> Any:
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


def machine_of(key: str = "") -> Client:
    client = Client(headers=JSON)
    client.cookies["second-screen"] = key
    return client


def agent_client() -> Client:
    client = Client()
    client.force_login(make_agent())
    return client


def test_a_second_screen_shows_a_code_and_starts_by_itself_once_it_is_typed() -> None:
    room, machine = make_room(), Client(headers=JSON)
    assert machine.get("/station/ecran").status_code == 200
    assert machine.post("/station/ecran/depart").json()["code"] == "not-a-station"
    code = machine.post("/station/ecran/code").json()["code"]
    assert "station" not in machine.cookies
    linked = agent_client().post("/station/associer", {"code": code, "room": room.pk, "lasts": "7"}, follow=True)
    assert "maintenant le deuxième écran de" in linked.content.decode()
    assert machine.post("/station/ecran/depart").json() == {"wire": True}
    screen = SecondScreen.objects.get()
    assert (screen.room, screen.expires_at) == (room, NOW + timedelta(days=7))
    assert not Station.objects.exists()
    assert JournalEntry.objects.filter(verb="second-screen.paired", subject=f"room:{room.pk}").count() == 1


def test_its_cookie_is_for_station_alone_and_each_start_changes_it() -> None:
    _screen, key = make_second_screen(now=NOW)
    machine = machine_of(key)
    machine.post("/station/ecran/depart")
    kept = machine.cookies["second-screen"]
    assert kept.value != key
    assert (kept["path"], kept["samesite"], kept["httponly"]) == ("/station", "Strict", True)


def test_beside_the_main_screen_it_has_no_wire() -> None:
    _station, key = make_station(now=NOW)
    beside = Client(headers=JSON)
    beside.cookies["station"] = key
    assert beside.post("/station/ecran/depart").json() == {"wire": False}


def test_a_room_keeps_one_second_screen_beside_its_main_one() -> None:
    station, main_key = make_station(now=NOW)
    first, first_key = make_second_screen(now=NOW, room=station.room)
    request, key = request_pairing(now=NOW, kind=ScreenKind.SECOND)
    ask = partial(pair_screen, agent=make_agent(), typed=request.code, room=station.room, now=NOW)
    with pytest.raises(RoomHasSecondScreen):
        ask(replace=False)
    second = ask(replace=True)
    assert identify_second(key=key, now=NOW) == second
    assert identify(key=main_key, now=NOW) == station
    with pytest.raises(NotAStation):
        identify_second(key=first_key, now=NOW)
    first.refresh_from_db()
    assert first.state == StationState.REPLACED


def test_a_key_opens_only_its_own_kind_of_screen() -> None:
    _screen, key = make_second_screen(now=NOW)
    _station, main_key = make_station(now=NOW, room=make_room())
    with pytest.raises(NotAStation):
        identify(key=key, now=NOW)
    with pytest.raises(NotAStation):
        identify_second(key=main_key, now=NOW)


def test_a_copied_key_that_comes_back_withdraws_the_second_screen() -> None:
    screen, copied = make_second_screen(now=NOW)
    key = change_key(screen=screen, now=NOW)
    for known in (copied, key):
        with pytest.raises(KeyUsedTwice):
            identify_second(key=known, now=NOW + timedelta(minutes=6))
    assert SecondScreen.objects.get().state == StationState.STOLEN


def test_a_lent_second_screen_stops_by_itself() -> None:
    request, key = request_pairing(now=NOW, kind=ScreenKind.SECOND)
    day, room = timedelta(days=1), make_room()
    pair_screen(agent=make_agent(), typed=request.code, room=room, replace=False, now=NOW, lasts=day)
    assert end_loans(NOW + timedelta(hours=25)) == 1
    with pytest.raises(LoanOver):
        identify_second(key=key, now=NOW + timedelta(hours=26))


def test_whoever_looks_after_the_room_reads_how_it_is_and_unlinks_it() -> None:
    screen, key = make_second_screen(now=NOW)
    agent = agent_client()
    assert "Dissocier le deuxième écran" in agent.get("/station/associer").content.decode()
    unlinked = agent.post(f"/station/ecran/delier/{screen.room_id}", follow=True).content.decode()
    assert "il montre de nouveau un code" in unlinked
    assert "Dissocier le deuxième écran" not in unlinked
    assert machine_of(key).post("/station/ecran/depart").json()["code"] == "not-a-station"
    assert JournalEntry.objects.get(verb="second-screen.revoked").agent_id == make_agent().pk


def test_nobody_else_unlinks_it() -> None:
    screen, _key = make_second_screen(now=NOW)
    stranger = User.objects.create_user("etranger@example.fr")
    with pytest.raises(RoomNotYours):
        unlink_second_screen(agent=stranger, room=screen.room)
    client = Client()
    client.force_login(stranger)
    assert client.post(f"/station/ecran/delier/{screen.room_id}").status_code == 403
    assert client.get(f"/station/ecran/delier/{screen.room_id}").status_code == 405
    assert SecondScreen.objects.get().state == StationState.ACTIVE


def test_the_rooms_and_both_their_screens_are_read_at_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    screen, _key = make_second_screen(now=NOW)
    make_station(now=NOW, room=screen.room)
    SecondScreen.objects.update(last_seen_at=NOW)
    with django_assert_num_queries(1):
        (room,) = rooms_with_screens(type(screen.room).objects.filter(pk=screen.room_id))
    assert (room.station_count, room.has_second, room.second_seen) == (1, True, NOW)  # type: ignore[attr-defined]


@pytest.fixture
def document(settings: Any, tmp_path: Path) -> Document:
    """A document on the table of a meeting where a room and Rennes are in."""
    settings.PRIVATE_FILES = tmp_path
    own, other = parties_of(make_meeting())
    own.room, own.kind = make_room(), PartyKind.ROOM
    own.save()
    conference = open_conference(own.booking_id)
    for party in (own, other):
        enter(party, now=NOW)
    return bring_document(conference_id=conference.pk, party=other, file_name="Plan.pdf", chunks=[make_pdf(2)], now=NOW)


def machine_in(document: Document) -> tuple[Client, Any]:
    own = parties_of(document.conference.booking)[0]
    assert own.room
    return machine_of(make_second_screen(now=NOW, room=own.room)[1]), own


def test_it_sees_the_pages_of_the_meeting_its_room_is_in_and_no_others(document: Document) -> None:
    machine, _own = machine_in(document)
    page = machine.get(f"/station/ecran/page/{document.pk}/2")
    assert (page.status_code, page["content-type"]) == (200, "image/webp")
    assert page.getvalue()[8:12] == b"WEBP"
    assert machine.get(f"/station/ecran/page/{document.pk}/3").status_code == 404
    elsewhere = machine_of(make_second_screen(now=NOW, room=make_room(make_point("Lannion")))[1])
    assert elsewhere.get(f"/station/ecran/page/{document.pk}/2").json()["code"] == "document-unknown"
    assert machine_of("forged").get(f"/station/ecran/page/{document.pk}/2").status_code == 403


def test_it_sees_no_page_once_the_room_left_or_the_meeting_is_over(document: Document) -> None:
    machine, own = machine_in(document)
    leave_meeting(stay_id=own.attendances.get().pk, now=NOW)
    assert machine.get(f"/station/ecran/page/{document.pk}/1").json()["code"] == "not-in"
    end_meeting(conference_id=document.conference_id, reason=EndReason.ENDED, now=NOW)
    assert machine.get(f"/station/ecran/page/{document.pk}/1").json()["code"] == "meeting-over"
