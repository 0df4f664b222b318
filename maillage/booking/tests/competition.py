"""Run by test_competition.py and `make bench NAME=races` in a process and on a database of their own.

Arguments: CLIENTS ROUNDS [LONGEST_WAIT_MS]. Holds, bookings, moves, extensions, series, blocks and imports of other
calendars compete for twelve rooms and three hours. Each client is a process; a round starts them at the same instant;
after it the world is looked at whole. On PostgreSQL a longer wait for somebody else is a fault. Prints, as JSON, how
many acts went through, how many were refused in words, and how long each kind took at most.
"""

import json
import multiprocessing
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from datetime import time as hour
from multiprocessing.synchronize import Barrier
from typing import Any, Final
from zoneinfo import ZoneInfo

import django
from django.conf import settings

django.setup()
settings.BRIDGES_FILE = "bridges.toml"  # a network with a bridge, whose meetings may be of any size

from django.db import connections  # noqa: E402  (models need the set-up above)

from maillage.booking.domain.recurrence import Kind, Recurrence  # noqa: E402
from maillage.booking.errors import RoomClosed, SlotTaken  # noqa: E402
from maillage.booking.errors.rooms import NoExtension  # noqa: E402
from maillage.booking.errors.series import SeriesDateTaken  # noqa: E402
from maillage.booking.gateways.ics_reading import Busy  # noqa: E402
from maillage.booking.models import Booking, CalendarFeed, Span, SpanKind  # noqa: E402
from maillage.booking.services import book_slot, move_booking  # noqa: E402
from maillage.booking.services.blocks import block_room  # noqa: E402
from maillage.booking.services.calendars import follow_calendar, window_of  # noqa: E402
from maillage.booking.services.extensions import extend_booking  # noqa: E402
from maillage.booking.services.imports import lay_over  # noqa: E402
from maillage.booking.services.series import DateChoice, SeriesRequest, book_series  # noqa: E402
from maillage.booking.tests.factories import (  # noqa: E402
    ANNE,
    HOUR,
    NOW,
    TOMORROW_10,
    make_booking,
    make_hold,
    parties_in,
)
from maillage.booking.tests.worlds import check_spans, check_world  # noqa: E402
from maillage.core.errors import DomainError  # noqa: E402
from maillage.core.quarters import PER_DAY, moment_of  # noqa: E402
from maillage.points.models import Room  # noqa: E402
from maillage.points.tests.factories import make_point, make_room  # noqa: E402
from maillage.territory.tests.factories import KNOWN_PLACES, make_commune  # noqa: E402

UNDERSTOOD: Final = (SlotTaken, SeriesDateTaken, NoExtension, RoomClosed)
LONGEST_WAIT_MS: Final = 1000
DURING: Final = moment_of(TOMORROW_10) + timedelta(minutes=20)
_PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class World:
    """What they compete for: rooms, other calendars of half of them, two meetings that stand."""

    rooms: list[Room]
    feeds: list[CalendarFeed]
    standing: list[Booking]

    def act(self, kind: str, dice: random.Random, key: str) -> object:
        """Do one act of that kind, drawn by `dice`."""
        chosen, at = dice.sample(self.rooms, 3), TOMORROW_10 + dice.randrange(-4, 8)
        room, feed, meeting = chosen[0].pk, dice.choice(self.feeds), dice.choice(self.standing).pk
        busy = [Busy(at + n * 7, at + n * 7 + dice.randrange(1, 9)) for n in range(12)]
        acts: dict[str, Callable[[], object]] = {
            "hold": lambda: make_hold(chosen, first_quarter=at, request_key=key),
            "book": lambda: _book(chosen, at, key),
            "series": lambda: _series(chosen[:2], key),
            "import": lambda: _import(feed, busy),
            "block": lambda: block_room(room_id=room, first_quarter=at, end_quarter=at + 6, now=NOW),
            "extend": lambda: extend_booking(booking_id=meeting, now=DURING),
            "move": lambda: move_booking(booking_id=meeting, first_quarter=at, length=HOUR, now=NOW),
        }
        return acts[kind]()

    def make_room_again(self) -> None:
        """Forget what was booked and blocked, so that the next round finds something to compete for."""
        Booking.objects.exclude(pk__in=[booking.pk for booking in self.standing]).delete()
        Span.objects.filter(kind=SpanKind.BLOCK).delete()


KINDS: Final = ("hold", "book", "series", "import", "block", "extend", "move")


def _import(feed: CalendarFeed, busy: list[Busy]) -> None:
    first, end = window_of(NOW)
    lay_over(feed, busy, first_quarter=first, end_quarter=end, now=NOW)


def _book(chosen: list[Room], at: int, key: str) -> Booking:
    return book_slot(
        request_key=key,
        first_quarter=at,
        length=HOUR,
        parties=parties_in(chosen),
        time_zone="Europe/Paris",
        language="fr",
        contact=ANNE,
        now=NOW,
    )


def _series(chosen: list[Room], key: str) -> object:
    request = SeriesRequest(
        request_key=key,
        rule=Recurrence(Kind.DAYS_IN_A_ROW, date(2026, 11, 24), hour(10), _PARIS, times=3),
        length=HOUR,
        parties=parties_in(chosen),
        choices=tuple(DateChoice(TOMORROW_10 + day * PER_DAY) for day in range(3)),
        time_zone="Europe/Paris",
        language="fr",
        contact=ANNE,
    )
    return book_series(request, all_or_nothing=True, now=NOW)


def make_world() -> World:
    """Make twelve rooms that never close, two in each of six towns."""
    towns = list(KNOWN_PLACES)[:6]
    rooms = [
        make_room(make_point(f"Point {town} {number}", commune=make_commune(town), hours="24/7"))
        for town in towns
        for number in (1, 2)
    ]
    feeds = [
        follow_calendar(room=room, name="x", address=f"https://example.org/{room.pk}.ics", now=NOW)
        for room in rooms[:6]
    ]
    return World(rooms, feeds, [make_booking([rooms[0], rooms[2]]), make_booking([rooms[4], rooms[6]])])


@dataclass
class Tally:
    """What became of the acts of a client."""

    won: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    waits_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def note(self, kind: str, act: Callable[[], object]) -> None:
        """Do an act and note its end."""
        began = time.monotonic()
        try:
            act()
            self.won[kind] += 1
        except DomainError as refusal:
            self.refused[refusal.code] += 1
            if not isinstance(refusal, UNDERSTOOD):
                self.faults.append(f"{kind}: {refusal!r}")
        except Exception as fault:
            self.faults.append(f"{kind}: {fault!r}")
        self.waits_ms[kind].append((time.monotonic() - began) * 1000)

    def add(self, other: "Tally") -> None:
        """Add what another client lived."""
        self.won += other.won
        self.refused += other.refused
        self.faults += other.faults
        for kind, waits in other.waits_ms.items():
            self.waits_ms[kind] += waits


def _compete(world: World, number: int, rounds: int, longest_wait_ms: int, gate: Barrier, result: Any) -> None:
    """Live as one client: one act a round."""
    tally, connection = Tally(), connections["default"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {longest_wait_ms:d}")
    for turn in range(rounds):
        dice = random.Random(f"{number}-{turn}")
        kind = dice.choice(KINDS)
        gate.wait()
        tally.note(kind, lambda kind=kind, dice=dice, turn=turn: world.act(kind, dice, f"race-{turn}-{number}"))  # type: ignore[misc]
        gate.wait()
    connection.close()
    result.send(tally.__dict__ | {"waits_ms": dict(tally.waits_ms)})


def _leave_database() -> None:
    """Close every connection: none may be shared with a child."""
    connection = connections["default"]
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]


def compete(clients: int, rounds: int, longest_wait_ms: int) -> Tally:
    """Have `clients` processes compete for `rounds`; look at the world after each. Raises AssertionError."""
    world, whole = make_world(), Tally()
    _leave_database()
    forks = multiprocessing.get_context("fork")
    gate = forks.Barrier(clients + 1)
    ends = [forks.Pipe(duplex=False) for _client in range(clients)]
    crowd = [
        forks.Process(target=_compete, args=(world, number, rounds, longest_wait_ms, gate, end), daemon=True)
        for number, (_reading, end) in enumerate(ends)
    ]
    for process in crowd:
        process.start()
    for _turn in range(rounds):
        gate.wait(timeout=120)
        gate.wait(timeout=120)
        check_world()
        check_spans()
        world.make_room_again()
    for process, (reading, _writing) in zip(crowd, ends, strict=True):
        whole.add(Tally(**reading.recv()))
        process.join()
    return whole


def main(clients: int, rounds: int, longest_wait_ms: int = LONGEST_WAIT_MS) -> None:
    """Compete, and print what became of it."""
    tally = compete(clients, rounds, longest_wait_ms)
    longest = {kind: round(max(waits), 1) for kind, waits in sorted(tally.waits_ms.items())}
    waits = sorted(wait for kind in tally.waits_ms.values() for wait in kind)
    print(
        json.dumps(
            {
                "won": tally.won,
                "refused": tally.refused,
                "faults": tally.faults,
                "longest_ms": longest,
                "median_ms": waits[len(waits) // 2],
                "p95_ms": waits[int(len(waits) * 0.95)],
            }
        )
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
