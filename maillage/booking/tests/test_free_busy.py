"""The free/busy of a room, as Thunderbird and Outlook read it: when it is taken, never by whom."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from icalendar import Calendar

from maillage.booking.models import Span, SpanKind
from maillage.booking.services import cancel_booking
from maillage.booking.tests.factories import NOW, TOMORROW_10, make_booking, make_hold, make_rooms
from maillage.core.quarters import PER_DAY, moment_of
from maillage.points.models import Room
from maillage.points.services import close_point

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten() -> None:
    cache.clear()


def address(room: Room) -> str:
    return f"/salles/{room.pk}/occupation.ifb"


def periods(content: bytes, kind: str) -> list[tuple[datetime, datetime]]:
    (entry,) = Calendar.from_ical(content).walk("VFREEBUSY")
    found = entry.get("FREEBUSY", [])
    return [
        (one.dt[0], one.dt[1]) for one in (found if isinstance(found, list) else [found])
        if one.params["FBTYPE"] == kind
    ]  # fmt: skip


def test_it_says_when_and_never_who(client: Client) -> None:
    rooms = make_rooms()
    make_booking(rooms)
    make_hold(rooms, first_quarter=TOMORROW_10 + PER_DAY)
    Span.objects.create(
        room=rooms[0], kind=SpanKind.BLOCK, first_quarter=TOMORROW_10 + 4, end_quarter=TOMORROW_10 + 8, note="Conseil"
    )
    first, end = TOMORROW_10 + 2 * PER_DAY, TOMORROW_10 + 2 * PER_DAY + 4
    close_point(point_id=rooms[0].point_id, room_id=rooms[0].pk, first_quarter=first, end_quarter=end, through="agent")
    with time_machine.travel(NOW, tick=False):
        response = client.get(address(rooms[0]))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    busy = periods(response.content, "BUSY")
    assert busy[0] == (moment_of(TOMORROW_10 - 1), moment_of(TOMORROW_10 + 8))
    assert len(busy) == 2
    shut = periods(response.content, "BUSY-UNAVAILABLE")
    assert (moment_of(first), moment_of(end)) in shut
    assert (datetime(2026, 11, 24, 11, 30, tzinfo=UTC), datetime(2026, 11, 24, 12, 30, tzinfo=UTC)) in shut
    text = response.content.decode()
    for word in ("Anne", "anne@", "fête", "Conseil", "ATTENDEE", "SUMMARY"):
        assert word not in text
    assert "METHOD:PUBLISH" in text
    assert max(len(line) for line in text.split("\r\n")) <= 75


def test_nothing_is_sent_again_until_something_changes(client: Client) -> None:
    rooms = make_rooms()
    booking = make_booking(rooms)
    with time_machine.travel(NOW, tick=False):
        first = client.get(address(rooms[0]))
    with time_machine.travel(NOW + timedelta(minutes=9), tick=False):
        by_tag = client.get(address(rooms[0]), headers={"if-none-match": first["ETag"]})
        by_date = client.get(address(rooms[0]), headers={"if-modified-since": first["Last-Modified"]})
        again = client.get(address(rooms[0]))
        assert (by_tag.status_code, by_date.status_code) == (304, 304)
        assert (again.content, client.head(address(rooms[0])).status_code) == (first.content, 200)
        cancel_booking(booking_id=booking.pk, cause="other", through="link", now=NOW)
        for header in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
            changed = client.get(address(rooms[0]), headers=header)
            assert changed.status_code == 200
            assert periods(changed.content, "BUSY") == []


def test_a_room_that_is_not_public_says_nothing(client: Client) -> None:
    room = make_rooms()[0]
    Room.objects.filter(pk=room.pk).update(is_listed=False)
    assert client.get(address(room)).status_code == 404
    assert client.get("/salles/999999/occupation.ifb").status_code == 404
    assert client.post(address(room)).status_code == 405
