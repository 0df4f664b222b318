"""When rooms are free: told short, and the same as the search finds."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis.extra.numpy import array_shapes, arrays
from pytest_django import DjangoAssertNumQueries

from maillage.booking.domain.availability import run_lengths
from maillage.booking.selectors.availability import free_time
from maillage.booking.services.blocks import block_room
from maillage.booking.tests.factories import NOW, TOMORROW_10, make_booking, make_rooms
from maillage.core.quarters import PER_DAY, moment_of, next_quarter
from maillage.points.models import Point, Room
from maillage.points.services import close_point, renew_catalogue
from maillage.points.tests.factories import make_point, make_room


def quarters_of(runs: Sequence[int], width: int) -> list[bool]:
    """Return the quarters that a client reads from the numbers."""
    told = [bool(turn % 2) for turn, length in enumerate(runs) for _ in range(length)]
    return told + [False] * (width - len(told))


@given(arrays(bool, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40)))
def test_what_is_told_short_is_read_back_whole(free: Any) -> None:
    told = run_lengths(free)
    assert [quarters_of(runs, free.shape[1]) for runs in told] == free.tolist()
    assert all(all(runs[1:]) for runs in told), "only a room free at once begins with nothing"


def test_no_room_and_no_time_are_nothing() -> None:
    assert run_lengths(np.zeros((0, 96), dtype=bool)) == []
    assert run_lengths(np.zeros((2, 0), dtype=bool)) == [[], []]


@pytest.mark.django_db
class TestFreeTime:
    def told(self, room: Room, first: int, width: int) -> list[bool]:
        (found,) = free_time(first, first + width, now=NOW, room_ids=[room.pk])
        return quarters_of(found.runs, width)

    def test_meetings_with_their_buffers_blocks_closures_and_shut_hours_are_not_free(self) -> None:
        point = make_point(hours="Mo-Fr 09:00-18:00")
        room = make_room(point, settle_quarters=1, reset_quarters=2)
        make_booking([room, *make_rooms("Rennes")[:1]], first_quarter=TOMORROW_10)
        block_room(room_id=room.pk, first_quarter=TOMORROW_10 + 12, end_quarter=TOMORROW_10 + 14, now=NOW)
        close_point(point_id=point.pk, first_quarter=TOMORROW_10 + 20, end_quarter=TOMORROW_10 + 24, through="command")
        nine = TOMORROW_10 - 4
        free = self.told(room, nine - 4, 44)
        assert free == [
            *[False] * 4,  # not open yet
            *[True] * 3, *[False] * 7,  # the meeting, a quarter before it, two after
            *[True] * 6, *[False] * 2,  # the block
            *[True] * 6, *[False] * 4,  # the closure
            *[True] * 8, *[False] * 4,  # and the evening
        ]  # fmt: skip

    def test_what_is_past_is_not_free(self) -> None:
        room = make_room(make_point(hours="24/7"))
        soon = next_quarter(NOW)
        assert self.told(room, soon - 3, 6) == [False] * 3 + [True] * 3

    def test_all_rooms_cost_as_many_queries_as_one(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        rooms = make_rooms("Callac", "Rennes", "Lannion", "Brest")
        free_time(TOMORROW_10, TOMORROW_10 + 96, now=NOW)
        for asked in ([rooms[0].pk], []):
            with django_assert_num_queries(3):  # catalogue, spans, closures
                assert free_time(TOMORROW_10, TOMORROW_10 + 96, now=NOW, room_ids=asked)


@pytest.mark.django_db
class TestApi:
    def see(self, client: Client, **asked: Any) -> Any:
        with time_machine.travel(NOW, tick=False):
            return client.get("/api/v1/availability", asked)

    def test_a_fortnight_of_all_rooms_from_now(self, client: Client) -> None:
        rooms = make_rooms()
        found = self.see(client).json()
        assert [room["room_id"] for room in found["rooms"]] == [room.pk for room in rooms]
        assert found["start"] == moment_of(next_quarter(NOW)).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert sum(found["rooms"][0]["free"]) <= 14 * PER_DAY

    def test_named_rooms_at_a_named_time(self, client: Client) -> None:
        rooms = make_rooms("Callac", "Rennes", "Lannion")
        start = moment_of(TOMORROW_10).isoformat()
        found = self.see(client, start=start, days=1, room_id=[rooms[2].pk, rooms[0].pk]).json()
        assert [room["room_id"] for room in found["rooms"]] == [rooms[2].pk, rooms[0].pk]

    def test_what_was_just_booked_is_no_longer_free(self, client: Client) -> None:
        rooms = make_rooms()
        asked = {"start": moment_of(TOMORROW_10).isoformat(), "days": 1, "room_id": rooms[0].pk}
        assert self.see(client, **asked).json()["rooms"][0]["free"][0] == 0
        make_booking(rooms, first_quarter=TOMORROW_10)
        assert self.see(client, **asked).json()["rooms"][0]["free"][0] >= 4

    def test_a_hidden_room_is_nobodys_business(self, client: Client) -> None:
        rooms = make_rooms()
        Point.objects.filter(pk=rooms[0].point_id).update(is_listed=False)
        renew_catalogue()
        assert [room["room_id"] for room in self.see(client).json()["rooms"]] == [rooms[1].pk]
        assert self.see(client, room_id=rooms[0].pk).json()["code"] == "unknown-room"

    @pytest.mark.parametrize(
        ("asked", "code"),
        [
            ({"days": 0}, "invalid"),
            ({"days": 43}, "invalid"),
            ({"start": "2026-01-01T10:00:00Z"}, "past-time"),
            ({"start": "2030-01-01T10:00:00Z"}, "too-far-ahead"),
            ({"start": "2026-11-25T10:07:00Z"}, "off-grid"),
            ({"room_id": 2**70}, "unknown-room"),
            ({"room_id": "x"}, "invalid"),
        ],
    )
    def test_what_cannot_be_is_refused(self, client: Client, asked: dict[str, Any], code: str) -> None:
        make_rooms()
        answer = self.see(client, **asked)
        assert (answer.json()["code"], answer["Content-Type"]) == (code, "application/problem+json")
