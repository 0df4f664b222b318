"""The best hour in 14 days for 5 parties anywhere in France, among 35,000 rooms with a year of bookings.

The same search among 90 rooms is measured in the same run: only the rooms near the parties may be read, so a country
may cost at most twice a region. The floor is what the search must read, in bare psycopg: what takes the candidates.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bench.harness import Figure, Timing, is_wanted, measure
from bench.world import World, world

SIZES = (90, 34_740)
K = 5
DAYS = 14
TURNS = 60
WARM_UP = 12
GOAL = "ratio <= 2"
CASE = f"k={K} rooms={SIZES[1]} over rooms={SIZES[0]}"
_BUSY = """select room_id, first_quarter, end_quarter from booking_span
    where room_id = any(%s) and end_quarter > %s and first_quarter < %s"""


def figures() -> Iterator[Figure]:
    """Yield the search among each number of rooms beside its floor, then the country over the region."""
    if not is_wanted(CASE):
        return
    found: list[Timing] = []
    for rooms in SIZES:
        with world(rooms, seeding="seed_spans") as served:
            ours, floor = _timed(served)
        found.append(ours)
        yield Figure("france", f"k={K} rooms={rooms}", ours.median, ours.p95, "ms", floor.median)
    small, large = found
    yield Figure("france", CASE, large.median, large.p95, "ms", small.median, GOAL)


def _timed(served: World) -> tuple[Timing, Timing]:
    chance = random.Random(served.rooms)
    plans = [chance.sample(served.communes, K) for _turn in range(WARM_UP + TURNS)]
    for plan in plans[:WARM_UP]:
        _search(served, plan)
        _read(served, chance)
    floor = measure([lambda: _read(served, chance)] * TURNS, clients=1)
    return measure([lambda plan=plan: _search(served, plan) for plan in plans[WARM_UP:]], clients=1), floor  # type: ignore[misc]


def _search(served: World, communes: Sequence[str]) -> None:
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    parties = [{"commune": insee, "head_count": 2} for insee in communes]
    wish = {
        "parties": parties,
        "length": 4,
        "start": start.isoformat(),
        "end": (start + timedelta(days=DAYS)).isoformat(),
    }
    status, found = served.post("proposals", wish)
    if status != 200 or not found["proposals"]:
        raise AssertionError(f"no proposal: {status} {found}")


def _read(served: World, chance: random.Random) -> None:
    candidates = chance.sample(served.candidates, min(20 * K, len(served.candidates)))
    with served.connection() as connection, connection.transaction():
        connection.execute(_BUSY, (candidates, served.monday, served.monday + DAYS * 96)).fetchall()
