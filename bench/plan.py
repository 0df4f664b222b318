"""The whole job over HTTP: find the best hour in 14 days for k parties × 20 candidate rooms, then book the k rooms.

90 and 2,000 rooms with a year of bookings on PostgreSQL, 1 and 8 clients, two web processes that share the clients
evenly, as the server in front of them does. All the rules are on, see `bench.data.rules`. The floor, in the same run on
the same tables: the same two acts in bare psycopg, which read what takes the candidates and their closures, then what
the rooms ask and who the payer is to them, and store the same rows in one transaction.
"""

import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from bench.harness import Figure, Timing, is_wanted, measure
from bench.world import World, world

DAYS = 14
SIZES = (90, 2000)
PARTIES = (2, 5, 10)
JOBS = {1: 60, 8: 160}
WARM_UP = 40
GOALS = {(5, 90, 1): "ratio <= 10", (5, 90, 8): "ratio >= 0.2"}
GOAL_2000 = "ratio <= 1.5"
STORED = (
    "booking_booking", "booking_span", "booking_party",
    "booking_bookingprice", "booking_priceline", "core_journalentry",
)  # fmt: skip
_SEARCHES = 4
EMAIL = "bench@example.org"
FLOOR_EMAIL = "floor@example.org"


def figures() -> Iterator[Figure]:
    """Yield every case; the last compares 2,000 rooms with 90."""
    at_five: dict[int, Timing] = {}
    for rooms in SIZES:
        cases = [(k, clients) for clients in JOBS for k in PARTIES if is_wanted(_name(k, rooms, clients))]
        if not cases:
            continue
        with world(rooms) as served:
            _book_over_http(_Bench(served, {}, 5, 1), served.communes[::7][:5])
            templates = _templates(served)
            _forget(served)
            for k, clients in cases:
                yield _case(_Bench(served, templates, k, clients), at_five)
    if set(at_five) >= set(SIZES):
        small, large = at_five[90], at_five[2000]
        case = "k=5 rooms=2000 over rooms=90"
        yield Figure("plan", case, large.median, large.p95, "ms", small.median, GOAL_2000)


def _name(k: int, rooms: int, clients: int) -> str:
    return f"k={k} rooms={rooms} clients={clients}"


@dataclass
class _Bench:
    """One case: where, with how many parties and clients, and how often an answer was taken by somebody faster."""

    world: World
    templates: dict[str, dict[str, Any]]
    k: int
    clients: int
    retries: int = 0


def _case(bench: _Bench, at_five: dict[int, Timing]) -> Figure:
    world, k, clients = bench.world, bench.k, bench.clients
    chance = random.Random(f"{world.rooms}-{k}-{clients}")
    plans = [chance.sample(world.communes, k) for _job in range(JOBS[clients] + WARM_UP)]
    measure([_job(bench, plan) for plan in plans[:WARM_UP]], clients=clients)
    measure([lambda: _book_bare(bench) for _plan in plans[:WARM_UP]], clients=clients)
    _forget(world)
    bench.retries = 0
    bare = measure([lambda: _book_bare(bench) for _plan in plans[WARM_UP:]], clients=clients)
    ours = measure([_job(bench, plan) for plan in plans[WARM_UP:]], clients=clients)
    if k == 5 and clients == 1:
        at_five[world.rooms] = ours
    case, notes = _name(k, world.rooms, clients), {"retries": bench.retries}
    goal, faults = GOALS.get((k, world.rooms, clients), ""), _partial(world)
    _forget(world)
    if clients == 1:
        return Figure("plan", case, ours.median, ours.p95, "ms", bare.median, goal, faults, {**notes})
    extra = {**notes, "latency_median": round(ours.median, 1), "latency_p95": round(ours.p95, 1)}
    return Figure("plan", case, ours.rate, ours.rate, "jobs/s", bare.rate, goal, faults, extra)


def _job(bench: _Bench, plan: Sequence[str]) -> Callable[[], None]:
    return lambda: _book_over_http(bench, plan)


def _book_over_http(bench: _Bench, communes: Sequence[str]) -> None:
    """Search, book the best answer; when somebody was faster, the next one; search again when all are gone."""
    parties = [{"commune": insee, "head_count": 2} for insee in communes]
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    wish = {"parties": parties, "length": 4, "start": start.isoformat(), "limit": 5}
    wish["end"] = (start + timedelta(days=DAYS)).isoformat()
    for best in _answers(bench, wish):
        seated = [{**party, "room_id": seat["room_id"]} for party, seat in zip(parties, best["seats"], strict=True)]
        contact = {"name": "Banc d'essai", "email": EMAIL}
        key = uuid.uuid4().hex
        booking = {"parties": seated, "start": best["start"], "length": 4, "contact": contact, "request_key": key}
        status, answer = bench.world.post("bookings", booking)
        if status == 201:
            return
        if status != 409:
            raise AssertionError(f"not booked: {status} {answer}")
        bench.retries += 1
    raise AssertionError("never booked")


def _answers(bench: _Bench, wish: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the answers of a search in turn, then those of another."""
    for _search in range(_SEARCHES):
        status, found = bench.world.post("proposals", wish)
        if status != 200 or not found["proposals"]:
            raise AssertionError(f"no proposal: {status} {found}")
        yield from found["proposals"]


_BUSY = """select room_id, first_quarter, end_quarter from booking_span
    where room_id = any(%s) and end_quarter > %s and first_quarter < %s"""
_CLOSED = """select room.id, closure.first_quarter, closure.end_quarter from points_closure closure
    join points_room room using (point_id)
    where room.id = any(%s) and closure.end_quarter > %s and closure.first_quarter < %s"""
_ASKED = """select room.id, sheet.*, price.*, free.* from points_room room
    join booking_tariffsheet sheet using (point_id)
    left join booking_tariffprice price on price.sheet_id = sheet.id
    left join booking_freehours free on free.sheet_id = sheet.id where room.id = any(%s)"""
_KNOWN = """select favoured.*, package.* from booking_beneficiary favoured
    join points_point point using (host_id) join points_room room on room.point_id = point.id
    left join booking_package package on package.id = favoured.package_id
    where room.id = any(%s) and favoured.email in (%s, %s)"""


def _book_bare(bench: _Bench) -> None:
    """Read what the search and the price must read, store what the booking must store: nothing else."""
    chance, world, k = random.Random(), bench.world, bench.k
    candidates = chance.sample(world.candidates, min(20 * k, len(world.candidates)))
    with world.connection() as connection, connection.transaction(), connection.cursor() as cursor:
        for wanted in (_BUSY, _CLOSED):
            cursor.execute(wanted, (candidates, world.monday, world.monday + DAYS * 96)).fetchall()
    for _try in range(50):
        rooms = sorted(chance.sample(candidates, k))
        night = world.monday + 96 * chance.randrange(DAYS * 20) + chance.randrange(82, 86)
        try:
            _store_bare(bench, rooms, night)
        except psycopg.errors.UniqueViolation:
            continue
        return
    raise AssertionError("the floor found no free night")


def _store_bare(bench: _Bench, rooms: Sequence[int], first: int) -> None:
    """Store one booking at night, when no job of ours books: the same tables, the same rows, one statement each."""
    booking, key = uuid.uuid4(), uuid.uuid4().hex
    mine = {"id": booking, "reference": f"_{key[:7]}", "first_quarter": first, "length": 4, "request_key": key}
    mine["organiser_email"] = FLOOR_EMAIL
    spans = [
        {"room_id": room, "booking_id": booking, "first_quarter": first - 1, "end_quarter": first + 4} for room in rooms
    ]
    parties = [{"booking_id": booking, "position": place, "room_id": room} for place, room in enumerate(rooms)]
    with bench.world.connection() as connection, connection.transaction(), connection.cursor() as cursor:
        cursor.execute(_ASKED, (rooms,)).fetchall()
        cursor.execute(_KNOWN, (rooms, FLOOR_EMAIL, "@example.org")).fetchall()
        _insert(bench, cursor, "booking_booking", [mine])
        _insert(bench, cursor, "booking_span", spans, returning=" returning id, room_id")
        taken = [(span, room, quarter) for span, room in cursor.fetchall() for quarter in range(first - 1, first + 4)]
        cursor.execute(
            """insert into booking_occupancy (span_id, room_id, quarter)
            select * from unnest(%s::bigint[], %s::bigint[], %s::int[])""",
            tuple(list(column) for column in zip(*taken, strict=True)),
        )
        _insert(bench, cursor, "booking_party", parties)
        _insert(bench, cursor, "booking_bookingprice", [{"booking_id": booking}], returning=" returning id")
        price = cursor.fetchall()[0][0]
        lines = [{"price_id": price, "position": place, "room_id": room} for place, room in enumerate(rooms)]
        _insert(bench, cursor, "booking_priceline", lines)
        _insert(bench, cursor, "core_journalentry", [{"subject": f"booking:{mine['reference']}"}])


def _insert(
    bench: _Bench, cursor: psycopg.Cursor[Any], table: str, rows: Sequence[dict[str, Any]], *, returning: str = ""
) -> None:
    """Insert rows like those of the seed, but for what `rows` say."""
    columns = [name for name in bench.templates[table] if name != "id" or "id" in rows[0]]
    values = [_plain({**bench.templates[table], **row}[name]) for row in rows for name in columns]
    line = f"({', '.join(['%s'] * len(columns))})"
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(f"insert into {table} ({names}) values {', '.join([line] * len(rows))}{returning}", values)


def _plain(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict | list) else value


def _templates(world: World) -> dict[str, dict[str, Any]]:
    """Return one row of each table, by column, as a booking of ours left it: so the floor follows the tables."""
    found = {}
    with world.connection() as connection, connection.transaction():
        for table in STORED:
            last = f"select * from {table} order by id desc limit 1"
            if table == "booking_booking":
                last = f"select * from {table} where organiser_email = '{EMAIL}' limit 1"
            row = connection.cursor(row_factory=dict_row).execute(last).fetchone()
            found[table] = dict(row or {})
    return found


def _partial(world: World) -> int:
    """Return how many bookings of this run do not have all their rooms and quarters."""
    with world.connection() as connection, connection.transaction():
        row = connection.execute(
            """select count(*) from booking_booking b where b.organiser_email = %s and (
                (select count(*) from booking_party p where p.booking_id = b.id)
                    <> (select count(*) from booking_span s where s.booking_id = b.id)
                or (select count(*) from booking_occupancy o join booking_span s on s.id = o.span_id
                        where s.booking_id = b.id)
                    <> (select sum(end_quarter - first_quarter) from booking_span s where s.booking_id = b.id))""",
            (EMAIL,),
        ).fetchone()
    return int(row[0]) if row else 0


def _forget(world: World) -> None:
    """Delete what this case booked, so that the next one finds the same year."""
    ours = f"select id from booking_booking where organiser_email in ('{EMAIL}', '{FLOOR_EMAIL}')"
    with world.connection() as connection, connection.transaction():
        run = connection.execute
        run(
            f"delete from booking_occupancy where span_id in (select id from booking_span where booking_id in ({ours}))"
        )
        prices = f"select id from booking_bookingprice where booking_id in ({ours})"
        run(f"delete from booking_priceline where price_id in ({prices})")
        for table in ("booking_bookingprice", "booking_span", "booking_party", "booking_letterrecord"):
            run(f"delete from {table} where booking_id in ({ours})")
        run(f"delete from booking_booking where id in ({ours})")
