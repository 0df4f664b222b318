"""Many people at the same instant, on PostgreSQL: one winner a slot, nothing half-booked, nobody waits."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from maillage.booking.errors import SlotTaken
from maillage.booking.models import Booking, Span
from maillage.booking.services import move_booking
from maillage.booking.tests.factories import HOUR, NOW, TOMORROW_10, make_booking, make_hold
from maillage.booking.tests.worlds import check_world
from maillage.core.errors import DomainError
from maillage.points.models import Room
from maillage.points.tests.factories import make_point, make_room
from maillage.territory.tests.factories import KNOWN_PLACES, make_commune

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

LONGEST_WAIT_MS = 1000
"""For what somebody else holds, as PostgreSQL counts it: longer is a fault."""
PATIENCE = 4.0
"""Seconds for all of an act: the machine runs other tests beside, and is slow by fits of its own."""
ALWAYS_OPEN = "24/7"


@dataclass
class Outcome:
    """What became of the clients of a round."""

    won: list[Booking] = field(default_factory=list)
    refused: list[DomainError] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)


class Clients:
    """Threads kept from round to round, each with its own connection; a round starts them at the same instant."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.gate = threading.Barrier(count + 1)
        self.job: Callable[[int], Booking] | None = None
        self.outcome = Outcome()
        self.threads = [threading.Thread(target=self._live, args=(number,)) for number in range(count)]
        for thread in self.threads:
            thread.start()

    def round(self, job: Callable[[int], Booking]) -> Outcome:
        """Run `job(number)` in every thread at once; return what happened."""
        self.job, self.outcome = job, Outcome()
        self.gate.wait()
        self.gate.wait()
        return self.outcome

    def stop(self) -> None:
        """End the threads."""
        self.job = None
        self.gate.wait()
        for thread in self.threads:
            thread.join()

    def _live(self, number: int) -> None:
        while True:
            self.gate.wait()
            if self.job is None:
                return
            self._try(self.job, number)
            self.gate.wait()

    def _try(self, job: Callable[[int], Booking], number: int) -> None:
        began = time.monotonic()
        try:
            _set_lock_timeout(f"{LONGEST_WAIT_MS:d}")
            self.outcome.won.append(job(number))
        except DomainError as refusal:
            self.outcome.refused.append(refusal)
        except BaseException as fault:
            self.outcome.faults.append(fault)
        finally:
            with suppress(DatabaseError):
                _set_lock_timeout("DEFAULT")
            connection.close()  # back to the pool, as at the end of a request
        self.outcome.waits.append(time.monotonic() - began)


def _set_lock_timeout(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {value}")


@pytest.fixture
def rooms() -> list[Room]:
    """Twelve rooms, always open, two in each of six towns."""
    towns = list(KNOWN_PLACES)[:6]
    return [
        make_room(make_point(f"Point {town} {number}", commune=make_commune(town), hours=ALWAYS_OPEN))
        for town in towns
        for number in (1, 2)
    ]


def check_round(outcome: Outcome, clients: int) -> None:
    """No fault, no deadlock, everybody answered in time, every refusal one that people understand."""
    assert outcome.faults == []
    assert len(outcome.won) + len(outcome.refused) == clients
    assert {type(refusal) for refusal in outcome.refused} <= {SlotTaken}
    assert max(outcome.waits) < PATIENCE


@pytest.mark.parametrize(("clients", "rounds"), [(2, 80), (8, 50), (32, 20)])
def test_one_slot_has_one_winner(rooms: list[Room], clients: int, rounds: int) -> None:
    crowd = Clients(clients)
    try:
        for turn in range(rounds):
            first = TOMORROW_10 + turn * 8
            outcome = crowd.round(
                lambda number, first=first: make_hold(  # type: ignore[misc]
                    rooms[:2] if number % 2 else rooms[1::-1], first_quarter=first, request_key=f"race-{first}-{number}"
                )
            )
            check_round(outcome, clients)
            assert len(outcome.won) == 1
    finally:
        crowd.stop()
    check_world()
    assert Booking.objects.count() == rounds


@pytest.mark.parametrize(("clients", "rounds"), [(2, 65), (8, 60), (32, 25)])
def test_overlapping_sets_of_five_rooms_of_twelve_are_all_or_nothing(
    rooms: list[Room], clients: int, rounds: int
) -> None:
    crowd, chance = Clients(clients), random.Random(7)
    try:
        for turn in range(rounds):
            first = TOMORROW_10 + turn * 12
            plans = [(chance.sample(rooms, 5), first + chance.randrange(4)) for _client in range(clients)]
            outcome = crowd.round(
                lambda number, plans=plans, turn=turn: make_hold(  # type: ignore[misc]
                    plans[number][0], first_quarter=plans[number][1], request_key=f"sets-{turn}-{number}"
                )
            )
            check_round(outcome, clients)
            assert outcome.won, "somebody goes through"
            check_winners_apart(outcome.won)
    finally:
        crowd.stop()
    check_world()


def check_winners_apart(won: Sequence[Booking]) -> None:
    """No two winners share a quarter of a room: what the unique constraint promises, read from the spans."""
    taken: set[tuple[int, int]] = set()
    for span in Span.objects.filter(booking__in=won):
        quarters = {(span.room_id, quarter) for quarter in range(span.first_quarter, span.end_quarter)}
        assert not taken & quarters
        taken |= quarters


def test_a_double_click_from_eight_windows_makes_one_booking(rooms: list[Room]) -> None:
    crowd = Clients(8)
    try:
        for turn in range(15):
            first = TOMORROW_10 + turn * 8
            outcome = crowd.round(
                lambda _number, first=first: make_hold(  # type: ignore[misc]
                    rooms[:2], first_quarter=first, request_key=f"one-click-{first}"
                )
            )
            check_round(outcome, 8)
            assert outcome.refused == []
            assert len({booking.pk for booking in outcome.won}) == 1
    finally:
        crowd.stop()
    assert Booking.objects.count() == 15
    check_world()


def test_a_hold_that_is_over_goes_to_one_of_those_who_want_it(rooms: list[Room]) -> None:
    crowd = Clients(8)
    later = NOW + timedelta(minutes=30)
    try:
        for turn in range(10):
            first = TOMORROW_10 + turn * 8
            make_hold(rooms[:3], first_quarter=first)
            outcome = crowd.round(
                lambda number, first=first: make_hold(  # type: ignore[misc]
                    rooms[number % 2 : 2 + number % 2],
                    first_quarter=first,
                    request_key=f"late-{first}-{number}",
                    now=later,
                )
            )
            check_round(outcome, 8)
            assert len(outcome.won) == 1
    finally:
        crowd.stop()
    check_world()


def test_meetings_that_change_places_neither_deadlock_nor_overlap(rooms: list[Room]) -> None:
    crowd = Clients(4)
    try:
        for turn in range(10):
            base = TOMORROW_10 + turn * 40
            bookings = [make_booking(rooms[:3], first_quarter=base + 6 * place) for place in range(4)]
            outcome = crowd.round(
                lambda number, bookings=bookings: move_booking(  # type: ignore[misc]
                    booking_id=bookings[number].pk,
                    first_quarter=bookings[(number + 1) % 4].first_quarter + number % 2,
                    length=HOUR,
                    now=NOW,
                )
            )
            check_round(outcome, 4)
    finally:
        crowd.stop()
    check_world()
