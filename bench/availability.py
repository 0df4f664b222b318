"""The free time of all 2,000 rooms over 14 days, over HTTP: read at once, told in half a megabyte at most.

The floor, in the same run on the same data: what takes and closes those rooms, fetched by bare psycopg.
"""

import json
from collections.abc import Iterator

from bench.harness import Figure, is_wanted, measure
from bench.world import World, world

ROOMS = 2000
DAYS = 14
TURNS = 25
WARM_UP = 4
GOAL = "ratio <= 6"
MOST_BYTES = 500_000
CASE = f"rooms={ROOMS} days={DAYS}"
_READ = (
    "select room_id, first_quarter, end_quarter from booking_span where end_quarter > %s and first_quarter < %s",
    "select point_id, first_quarter, end_quarter from points_closure where end_quarter > %s and first_quarter < %s",
)


def figures() -> Iterator[Figure]:
    """Yield the one figure; too many bytes, or a room that is not told, is a fault."""
    if not is_wanted(CASE):
        return
    with world(ROOMS) as served:
        for _turn in range(WARM_UP):
            _ask(served)
            _read(served)
        floor = measure([lambda: _read(served)] * TURNS, clients=1)
        ours = measure([lambda: _ask(served)] * TURNS, clients=1)
        told = _ask(served)
    size, rooms = len(told), json.loads(told)["rooms"]
    numbers = sum(len(room["free"]) for room in rooms)
    faults = (size > MOST_BYTES) + (len(rooms) != ROOMS)
    notes = {"bytes": size, "most_bytes": MOST_BYTES, "numbers_a_room": round(numbers / len(rooms), 1)}
    yield Figure("availability", CASE, ours.median, ours.p95, "ms", floor.median, GOAL, faults, notes)


def _ask(served: World) -> bytes:
    status, found = served.ask("GET", f"availability?days={DAYS}")
    if status != 200:
        raise AssertionError(f"no answer: {status} {found[:300]!r}")
    return found


def _read(served: World) -> None:
    with served.connection() as connection, connection.transaction():
        for sql in _READ:
            connection.execute(sql, (served.monday, served.monday + DAYS * 96)).fetchall()
