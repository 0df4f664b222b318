"""The whole job over HTTP: find the best hour in 14 days for k parties × 20 candidate rooms, then book the k rooms.

90 and 2,000 rooms with a year of bookings on PostgreSQL, 1 and 8 clients, a real uvicorn. The floor, in the same run on
the same tables: the same two acts in bare psycopg, one query that reads the candidates' busy times, one transaction
that stores the same rows. Goals: issue 2, section 3.
"""

import http.client
import json
import os
import random
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from queue import Empty, LifoQueue
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.rows import dict_row

from bench.harness import Figure, Timing, measure
from maillage.config.private_server import free_port
from tooling.services import wait_for_port

DAYS = 14
SIZES = (90, 2000)
PARTIES = (2, 5, 10)
JOBS = {1: 60, 8: 160}
WARM_UP = 40
GOALS = {(5, 90, 1): "ratio <= 10", (5, 90, 8): "ratio >= 0.2"}
GOAL_2000 = "ratio <= 1.5"
_TRIES = 12
EMAIL = "bench@example.org"
FLOOR_EMAIL = "floor@example.org"


@dataclass
class World:
    """A seeded database, the server on it, and what is drawn from it."""

    rooms: int
    database: str
    port: int
    communes: list[str]
    candidates: list[int]
    monday: int
    templates: dict[str, dict[str, Any]]
    bare: LifoQueue[psycopg.Connection[Any]] = field(default_factory=LifoQueue)
    web: LifoQueue[http.client.HTTPConnection] = field(default_factory=LifoQueue)
    retries: int = 0

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        """Lend a bare connection, kept from job to job."""
        try:
            kept = self.bare.get_nowait()
        except Empty:
            kept = psycopg.connect(self.database)
        yield kept
        self.bare.put(kept)

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Send JSON on a connection kept from job to job."""
        try:
            client = self.web.get_nowait()
        except Empty:
            client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        client.request("POST", f"/api/v1/{path}", json.dumps(body), {"Content-Type": "application/json"})
        answer = client.getresponse()
        status, found = answer.status, json.loads(answer.read())
        self.web.put(client)
        return status, found


def figures() -> Iterator[Figure]:
    """Yield every case; the last compares 2,000 rooms with 90."""
    base = os.environ.get("MAILLAGE_DATABASE_URL", "")
    if not base.startswith("postgres"):
        raise SystemExit("plan needs PostgreSQL: python -m tooling.services python -m bench plan")
    at_five: dict[int, Timing] = {}
    for rooms in SIZES:
        with _world(base, rooms) as world:
            for k in PARTIES:
                yield from _case(world, k, 1, at_five)
            for k in PARTIES:
                yield from _case(world, k, 8, at_five)
    small, large = at_five[90], at_five[2000]
    yield Figure(
        "plan", "k=5 rooms=2000 over rooms=90", large.median, large.p95, "ms", small.median, GOAL_2000
    )  # fmt: skip


def _case(world: World, k: int, clients: int, at_five: dict[int, Timing]) -> Iterator[Figure]:
    chance = random.Random(f"{world.rooms}-{k}-{clients}")
    plans = [chance.sample(world.communes, k) for _job in range(JOBS[clients] + WARM_UP)]
    measure([_job(world, plan) for plan in plans[:WARM_UP]], clients=clients)
    measure([lambda: _book_bare(world, k) for _plan in plans[:WARM_UP]], clients=clients)
    _forget(world)
    world.retries = 0
    bare = measure([lambda: _book_bare(world, k) for _plan in plans[WARM_UP:]], clients=clients)
    jobs = [_job(world, plan) for plan in plans[WARM_UP:]]
    ours = measure(jobs, clients=clients)
    if k == 5 and clients == 1:
        at_five[world.rooms] = ours
    case, notes = f"k={k} rooms={world.rooms} clients={clients}", {"retries": world.retries}
    goal, faults = GOALS.get((k, world.rooms, clients), ""), _partial(world)
    _forget(world)
    if clients == 1:
        yield Figure("plan", case, ours.median, ours.p95, "ms", bare.median, goal, faults, {**notes})
    else:
        extra = {**notes, "latency_median": round(ours.median, 1), "latency_p95": round(ours.p95, 1)}
        yield Figure("plan", case, ours.rate, ours.rate, "jobs/s", bare.rate, goal, faults, extra)


def _job(world: World, plan: Sequence[str]) -> Callable[[], None]:
    return lambda: _book_over_http(world, plan)


def _book_over_http(world: World, communes: Sequence[str]) -> None:
    """Search, book the best answer; when somebody was faster, search again and take the next."""
    parties = [{"commune": insee, "head_count": 2} for insee in communes]
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    wish = {"parties": parties, "length": 4, "start": start.isoformat(), "limit": 5}
    wish["end"] = (start + timedelta(days=DAYS)).isoformat()
    for attempt in range(_TRIES):
        status, found = world.post("proposals", wish)
        if status != 200 or not found["proposals"]:
            raise AssertionError(f"no proposal: {status} {found}")
        best = found["proposals"][attempt % len(found["proposals"])]
        seated = [{**party, "room_id": seat["room_id"]} for party, seat in zip(parties, best["seats"], strict=True)]
        contact = {"name": "Banc d'essai", "email": EMAIL}
        key = uuid.uuid4().hex
        booking = {"parties": seated, "start": best["start"], "length": 4, "contact": contact, "request_key": key}
        status, answer = world.post("bookings", booking)
        if status == 201:
            return
        if status != 409:
            raise AssertionError(f"not booked: {status} {answer}")
        world.retries += 1
    raise AssertionError("never booked")


_BUSY = """select room_id, first_quarter, end_quarter from booking_span
    where room_id = any(%s) and end_quarter > %s and first_quarter < %s"""


def _book_bare(world: World, k: int) -> None:
    """Read what the search must read, store what the booking must store: nothing else."""
    chance = random.Random()
    candidates = chance.sample(world.candidates, min(20 * k, len(world.candidates)))
    with world.connection() as connection, connection.transaction(), connection.cursor() as cursor:
        cursor.execute(_BUSY, (candidates, world.monday, world.monday + DAYS * 96))
        cursor.fetchall()
    for _try in range(50):
        rooms = sorted(chance.sample(candidates, k))
        night = world.monday + 96 * chance.randrange(DAYS * 20) + chance.randrange(80, 86)
        try:
            _store_bare(world, rooms, night)
        except psycopg.errors.UniqueViolation:
            continue
        return
    raise AssertionError("the floor found no free night")


def _store_bare(world: World, rooms: Sequence[int], first: int) -> None:
    """Store one booking at night, when no job of ours books: the same tables, the same rows, one statement each."""
    booking, key = uuid.uuid4(), uuid.uuid4().hex
    mine = {"id": booking, "reference": f"_{key[:7]}", "first_quarter": first, "length": 4, "request_key": key}
    spans = [
        {"room_id": room, "booking_id": booking, "first_quarter": first - 1, "end_quarter": first + 4} for room in rooms
    ]
    parties = [{"booking_id": booking, "position": place, "room_id": room} for place, room in enumerate(rooms)]
    with world.connection() as connection, connection.transaction(), connection.cursor() as cursor:
        _insert(world, cursor, "booking_booking", [{**mine, "organiser_email": FLOOR_EMAIL}])
        _insert(world, cursor, "booking_span", spans, returning=" returning id, room_id")
        taken = [(span, room, quarter) for span, room in cursor.fetchall() for quarter in range(first - 1, first + 4)]
        cursor.execute(
            """insert into booking_occupancy (span_id, room_id, quarter)
            select * from unnest(%s::bigint[], %s::bigint[], %s::int[])""",
            tuple(list(column) for column in zip(*taken, strict=True)),
        )
        _insert(world, cursor, "booking_party", parties)


def _insert(
    world: World, cursor: psycopg.Cursor[Any], table: str, rows: Sequence[dict[str, Any]], *, returning: str = ""
) -> None:
    """Insert rows like those of the seed, but for what `rows` say."""
    columns = [name for name in world.templates[table] if name != "id" or "id" in rows[0]]
    values = [{**world.templates[table], **row}[name] for row in rows for name in columns]
    line = f"({', '.join(['%s'] * len(columns))})"
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(f"insert into {table} ({names}) values {', '.join([line] * len(rows))}{returning}", values)


def _templates(reading: psycopg.Connection[Any]) -> dict[str, dict[str, Any]]:
    """Return one seeded row of each table, by column: so the floor follows the tables as they grow."""
    found = {}
    for table in ("booking_booking", "booking_span", "booking_party"):
        row = reading.cursor(row_factory=dict_row).execute(f"select * from {table} limit 1").fetchone()
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
        for table in ("booking_span", "booking_party", "booking_letterrecord"):
            run(f"delete from {table} where booking_id in ({ours})")
        run(f"delete from booking_booking where id in ({ours})")


@contextmanager
def _world(base: str, rooms: int) -> Iterator[World]:
    """Make a database of its own, seed it, serve it; drop it at the end."""
    address = urlsplit(base)._replace(path=f"/plan_{rooms}").geturl()
    with psycopg.connect(base, autocommit=True) as admin:
        admin.execute(f"create database plan_{rooms}")
    environment = _environment(address)
    _run(environment, "-m", "maillage.config.cli", "migrate", "--verbosity", "0")
    seed = f"from datetime import date; from bench.data.seeding import seed; seed({rooms}, date.today())"
    print(_run(environment, "-m", "maillage.config.cli", "shell", "--no-imports", "-c", seed), file=sys.stderr)
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "maillage.config.asgi:application", "--port", str(port), "--workers", "2",
         "--lifespan", "off", "--log-level", "warning", "--no-access-log", "--timeout-keep-alive", "90"],
        env=environment, stdout=sys.stderr,
    )  # fmt: skip
    try:
        wait_for_port(port, seconds=120)
        with psycopg.connect(address) as reading:
            communes = [row[0] for row in reading.execute("select insee from territory_commune order by insee")]
            templates = _templates(reading)
            ids = [row[0] for row in reading.execute("select id from points_room order by id")]
        monday = int(datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()) // 900
        yield World(rooms, address, port, communes, ids, monday, templates)
    finally:
        server.terminate()
        server.wait(timeout=20)
        with psycopg.connect(base, autocommit=True) as admin:
            admin.execute(f"drop database plan_{rooms} with (force)")


def _environment(address: str) -> dict[str, str]:
    """Return the settings of production, but for the limit on acts: one address sends them all."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MAILLAGE_")}
    return {
        **kept,
        "MAILLAGE_DATABASE_URL": address,
        "MAILLAGE_REDIS_URL": os.environ.get("MAILLAGE_REDIS_URL", ""),
        "MAILLAGE_SECRET_KEY": uuid.uuid4().hex * 2,
        "MAILLAGE_THROTTLE": "0",
        "MAILLAGE_LOG_LEVEL": "ERROR",
    }


def _run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
    return done.stdout.strip()
