"""Our calendars behind secret addresses: a room's, a person's."""

from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from maillage.booking.models import CalendarDoor, Span, SpanKind
from maillage.booking.selectors.calendars import door_address
from maillage.booking.services import cancel_booking
from maillage.booking.services.doors import person_door, renew_door, room_door
from maillage.booking.tests.factories import ANNE, HOUR, NOW, TOMORROW_10, make_booking, make_hold, make_rooms
from maillage.core.quarters import moment_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_eight(time_machine: object) -> None:
    time_machine.move_to(NOW, tick=False)  # type: ignore[attr-defined]


def events(client: Client, door: CalendarDoor) -> list[tuple[str, str]]:
    response = client.get(door_address(door, NOW).removeprefix("http://localhost:8000"))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(response.content).walk("VEVENT")
    return [(str(event["SUMMARY"]), str(event.get("URL", ""))) for event in found]


def test_a_rooms_calendar_shows_its_meetings_and_blocks_without_anybodys_links(client: Client) -> None:
    rooms = make_rooms()
    booking = make_booking(rooms)
    make_hold(rooms, first_quarter=TOMORROW_10 + 16)
    Span.objects.create(
        room=rooms[0], kind=SpanKind.BLOCK, first_quarter=TOMORROW_10 + 24, end_quarter=TOMORROW_10 + 28, note="Conseil"
    )
    assert events(client, room_door(rooms[0].pk)) == [(f"Préparer la fête ({booking.reference})", ""), ("Conseil", "")]
    assert len(events(client, room_door(rooms[1].pk))) == 1


def test_a_persons_calendar_leads_to_the_page_of_each_meeting(client: Client) -> None:
    rooms = make_rooms()
    make_booking(rooms)
    cancelled = make_booking(rooms, first_quarter=TOMORROW_10 + 16)
    cancel_booking(booking_id=cancelled.pk, cause="organiser", through="link", now=NOW)
    [(_, url)] = events(client, person_door(ANNE.email.upper()))
    assert client.get(url.removeprefix("http://localhost:8000")).status_code == 200


def test_the_address_stays_the_same_and_a_renewed_one_closes_the_former(client: Client) -> None:
    door = room_door(make_rooms()[0].pk)
    assert room_door(door.room_id or 0) == door
    former = door_address(door, NOW)
    assert door_address(door, NOW + timedelta(days=20)) == former
    renewed = renew_door(door_id=door.pk, through="agent")
    assert client.get(former.removeprefix("http://localhost:8000")).status_code == 404
    assert events(client, renewed) == []


@pytest.mark.parametrize("token", ["forged", "1-1.ffffffff.abc"])
def test_a_forged_address_is_refused_in_a_line(client: Client, token: str) -> None:
    response = client.get(f"/calendriers/{token}.ics")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/plain")


def test_times_are_those_of_the_meeting_in_its_own_zone(client: Client) -> None:
    rooms = make_rooms()
    make_booking(rooms)
    response = client.get(door_address(room_door(rooms[0].pk), NOW).removeprefix("http://localhost:8000"))
    [event] = Calendar.from_ical(response.content).walk("VEVENT")
    assert event.decoded("DTSTART") == moment_of(TOMORROW_10)
    assert event.decoded("DTEND") == moment_of(TOMORROW_10 + HOUR)
    assert b"TZID=Europe/Paris" in response.content
