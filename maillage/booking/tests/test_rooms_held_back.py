"""Blocks by hosts, a quarter of an hour more, and the requests that nothing could meet."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from maillage.booking.errors import RoomClosed, SlotTaken
from maillage.booking.errors.rooms import BlockTooLong, NoExtension, UnknownBlock
from maillage.booking.models import LetterRecord, Occupancy, Span, SpanKind, UnmetDemand, UnmetReason
from maillage.booking.selectors.rooms import is_extension_free
from maillage.booking.services import complete_booking
from maillage.booking.services.blocks import block_room, unblock_room
from maillage.booking.services.demand import count_unmet
from maillage.booking.services.extensions import extend_booking
from maillage.booking.tests.factories import HOUR, NOW, TOMORROW_10, make_booking, make_hold, wish_from
from maillage.core.quarters import moment_of
from maillage.points.models import Closure, Room
from maillage.territory.tests.factories import make_commune

pytestmark = pytest.mark.django_db

DURING = moment_of(TOMORROW_10) + timedelta(minutes=50)


def block(room: Room, first: int = TOMORROW_10, end: int = TOMORROW_10 + 8) -> Span:
    return block_room(room_id=room.pk, first_quarter=first, end_quarter=end, now=NOW, note="  Conseil\nmunicipal ")


def test_a_blocked_room_cannot_be_booked_until_it_is_freed(rooms: list[Room]) -> None:
    span = block(rooms[0])
    assert (span.kind, span.note, span.occupancies.count()) == (SpanKind.BLOCK, "Conseil municipal", 8)
    with pytest.raises(SlotTaken):
        make_hold(rooms)
    unblock_room(span_id=span.pk)
    assert make_hold(rooms).pk
    with pytest.raises(UnknownBlock):
        unblock_room(span_id=span.pk)


def test_the_same_block_twice_is_one(rooms: list[Room]) -> None:
    assert block(rooms[0]) == block(rooms[0])
    assert Span.objects.count() == 1


def test_a_block_never_displaces_a_meeting_and_says_when_it_is(rooms: list[Room]) -> None:
    make_booking(rooms)
    with pytest.raises(SlotTaken) as refusal:
        block(rooms[0], TOMORROW_10 - 8, TOMORROW_10 + 1)
    assert refusal.value.details["rooms"] == "24/11 09:45–11:00"
    assert not Span.objects.filter(kind=SpanKind.BLOCK).exists()
    assert not Occupancy.objects.filter(span__booking=None).exists()


def test_a_hold_that_is_over_makes_way_for_a_block(rooms: list[Room]) -> None:
    make_hold(rooms, now=NOW - timedelta(hours=1))
    assert block(rooms[0]).pk


@pytest.mark.parametrize(("first", "length"), [(TOMORROW_10, 0), (TOMORROW_10, -4), (TOMORROW_10, 40_000), (100, 4)])
def test_a_block_that_cannot_be_meant_is_refused(rooms: list[Room], first: int, length: int) -> None:
    with pytest.raises(BlockTooLong):
        block(rooms[0], first, first + length)


def test_a_meeting_under_way_gets_a_quarter_more_in_all_its_rooms_and_nobody_is_written_to(rooms: list[Room]) -> None:
    booking = make_booking(rooms)
    letters = LetterRecord.objects.count()
    assert is_extension_free(booking, now=DURING)
    longer = extend_booking(booking_id=booking.pk, now=DURING)
    assert (longer.length, longer.extra_quarters, longer.sequence) == (HOUR + 1, 1, booking.sequence)
    for span in longer.spans.all():
        assert span.end_quarter == TOMORROW_10 + HOUR + 1
        assert span.occupancies.filter(quarter=TOMORROW_10 + HOUR).exists()
    assert LetterRecord.objects.count() == letters


def test_there_is_no_more_time_where_another_meeting_follows_in_one_room(rooms: list[Room]) -> None:
    booking = make_booking(rooms)
    block(rooms[1], TOMORROW_10 + HOUR, TOMORROW_10 + HOUR + 4)
    assert not is_extension_free(booking, now=DURING)
    with pytest.raises(SlotTaken):
        extend_booking(booking_id=booking.pk, now=DURING)
    booking.refresh_from_db()
    assert (booking.length, booking.extra_quarters) == (HOUR, 0)
    assert not Occupancy.objects.filter(room=rooms[0], quarter=TOMORROW_10 + HOUR).exists()


def test_there_is_no_more_time_when_the_point_closes(rooms: list[Room]) -> None:
    booking = make_booking(rooms, first_quarter=TOMORROW_10 + 6)  # 11:30 to 12:30, when both points close
    now = DURING + timedelta(minutes=90)
    assert not is_extension_free(booking, now=now)
    with pytest.raises(RoomClosed):
        extend_booking(booking_id=booking.pk, now=now)


def test_an_hour_more_in_all_and_only_while_it_is_under_way(rooms: list[Room]) -> None:
    booking = make_booking(rooms)
    for moment in (NOW, moment_of(TOMORROW_10 + HOUR)):
        with pytest.raises(NoExtension):
            extend_booking(booking_id=booking.pk, now=moment)
    for _ in range(4):
        extend_booking(booking_id=booking.pk, now=DURING)
    with pytest.raises(NoExtension):
        extend_booking(booking_id=booking.pk, now=DURING)
    complete_booking(booking_id=booking.pk, now=DURING)
    with pytest.raises(NoExtension):
        extend_booking(booking_id=booking.pk, now=DURING)


def test_a_request_that_nothing_met_is_counted_once_a_day_by_commune() -> None:
    wish = wish_from(make_commune("Callac"), make_commune("Rennes"))
    assert count_unmet(wish, UnmetReason.NO_SLOT, now=NOW) == 2
    assert count_unmet(wish, UnmetReason.NO_SLOT, now=NOW + timedelta(minutes=3)) == 0
    assert count_unmet(wish, UnmetReason.NO_SLOT, now=NOW + timedelta(days=1)) == 2
    assert set(UnmetDemand.objects.values_list("commune__name", "party_count")) == {("Callac", 2), ("Rennes", 2)}


def test_a_search_without_an_answer_is_counted(client: Client, rooms: list[Room]) -> None:
    for point in {room.point for room in rooms}:
        Closure.objects.create(point=point, first_quarter=TOMORROW_10 - 200, end_quarter=TOMORROW_10 + 9_000)
    question = {"place_1": "Callac", "people_1": "2", "place_2": "Rennes", "people_2": "2", "duration": "60"}
    with time_machine.travel(NOW, tick=False):
        for _ in range(2):
            response = client.get("/creneaux", {**question, "when": "fortnight", "part": "any"})
    assert response.status_code == 200
    assert [row.reason for row in UnmetDemand.objects.all()] == ["no-slot", "no-slot"]
