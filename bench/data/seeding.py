"""A network with a year of bookings and all the rules a real one has, the same each time.

20 bookings a room and month, 1 to 3 hours, on weekdays from 8:00 to 18:00, no two at once: some of them hosts' blocks,
or taken in another calendar. Rules: see `bench.data.rules`. About a minute for 2,000 rooms: rows go by COPY, foreign
keys unchecked since they are made here. Writes into the configured database.
"""

import csv
import gzip
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection, models

from bench.data.rules import BUFFERS, hours_of, make_hosts, make_rules, priority_of, taken_by
from maillage.booking.domain.references import reference_of
from maillage.booking.models import Booking, Occupancy, Party, Span
from maillage.core.quarters import local_quarter
from maillage.points.models import Point, Room
from maillage.points.services import renew_catalogue
from maillage.territory.domain.folding import fold
from maillage.territory.models import Commune

ROOT = Path(__file__).resolve().parent.parent.parent
PARIS = ZoneInfo("Europe/Paris")
LENGTHS = np.array([4, 6, 8, 10, 12])
_HALF_DAYS = ((32, 50), (52, 72))  # 8:00 to 12:30, 13:00 to 18:00, in quarters: a quarter to settle in between
_SHARE = 20 * 12 / 261 / 2  # bookings a half day


def _communes(whole_country: bool) -> list[dict[str, str]]:
    if whole_country:
        with gzip.open(ROOT / "demo" / "communes-france.csv.gz", "rt", encoding="utf-8", newline="") as file:
            return [row for row in csv.DictReader(file) if row["lat"] and row["departement"] < "96"]
    with (ROOT / "demo" / "communes-bretagne.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["lat"] and not row["ile"]]


def _make_rooms(count: int, chance: np.random.Generator) -> list[int]:
    """Make communes, then points with one room each in some of them; return the rooms' ids."""
    rows = _communes(count > 500)
    communes = Commune.objects.bulk_create(
        Commune(
            insee=row["code_insee"], name=row["nom"], folded=fold(row["nom"]), department=row["departement"],
            region=row.get("region", "53"), population=int(row["population"] or 0), latitude=float(row["lat"]),
            longitude=float(row["lon"]), position_source="town-hall",
        )
        for row in rows
    )  # fmt: skip
    hosts = make_hosts(count)
    places = [communes[index] for index in chance.permutation(len(communes))[:count]]
    points = Point.objects.bulk_create(
        Point(
            slug=f"point-{number}", name=f"Point {number} de {place.name}", host=hosts[number % len(hosts)],
            commune=place, latitude=place.latitude, longitude=place.longitude, **hours_of(number),
        )
        for number, place in enumerate(places)
    )  # fmt: skip
    capacities = (6, 8, 10, 12, 20)
    rooms = Room.objects.bulk_create(
        Room(
            point=point, name="Salle", capacity=capacities[number % 5],
            settle_quarters=BUFFERS[number % 4][0], reset_quarters=BUFFERS[number % 4][1], **priority_of(number),
        )
        for number, point in enumerate(points)
    )  # fmt: skip
    make_rules(points, rooms)
    renew_catalogue()
    return [room.pk for room in rooms]


def _meetings(rooms: Sequence[int], first_day: date, chance: np.random.Generator) -> list[tuple[int, int, int]]:
    """Return (room, first quarter, length) of a year of meetings."""
    days = [first_day + timedelta(days=n) for n in range(-90, 275)]
    found = []
    for day in (day for day in days if day.weekday() < 5):
        midnight = local_quarter(day, time(), PARIS)
        for begin, end in _HALF_DAYS:
            booked = np.flatnonzero(chance.random(len(rooms)) < _SHARE)
            lengths = chance.choice(LENGTHS, len(booked))
            room_left = (end - begin - lengths) // 2 + 1
            starts = begin + 2 * (chance.random(len(booked)) * room_left).astype(int)
            pairs = zip(booked.tolist(), starts.tolist(), lengths.tolist(), strict=True)
            found += [(rooms[row], midnight + start, length) for row, start, length in pairs]
    return found


def _copy(model: type[models.Model], rows: Iterable[Sequence[object]], fields: Sequence[str]) -> None:
    """Append rows of the named attributes of a model, the others at their default, by COPY."""
    blank = model()
    columns = [field for field in model._meta.concrete_fields if field.attname in fields or field.attname != "id"]
    place = {name: index for index, name in enumerate(fields)}
    default = [
        field.get_db_prep_save(field.pre_save(blank, add=True), connection) if field.attname not in place else None
        for field in columns
    ]
    take = [place.get(field.attname) for field in columns]
    names = ", ".join(f'"{field.column}"' for field in columns)
    with connection.cursor() as cursor, cursor.copy(f"copy {model._meta.db_table} ({names}) from stdin") as copy:
        for row in rows:
            copy.write_row([default[i] if where is None else row[where] for i, where in enumerate(take)])


def seed(room_count: int) -> None:
    """Fill an empty, migrated PostgreSQL database: three months past, nine to come."""
    first_day = datetime.now(PARIS).date()
    chance = np.random.default_rng(7)
    rooms = _make_rooms(room_count, chance)
    meetings = _meetings(rooms, first_day, chance)
    today = local_quarter(first_day, time(), PARIS)
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
    ids = [UUID(int=number + 1) for number in range(len(meetings))]
    row_of = {room: row for row, room in enumerate(rooms)}
    taken = [(n, room, first, length, *taken_by(row_of[room], n)) for n, (room, first, length) in enumerate(meetings)]
    ours = [(n, room, first, length) for n, room, first, length, kind, _ in taken if kind == "meeting"]
    _copy(
        Booking,
        (
            (ids[n], reference_of(n), "done" if first < today else "confirmed", first, length, f"seed-{n:08}")
            for n, _room, first, length in ours
        ),
        ("id", "reference", "status", "first_quarter", "length", "request_key"),
    )
    _copy(
        Party,
        ((ids[n], 0, f"Groupe {n}", room) for n, room, _first, _length in ours),
        ("booking_id", "position", "name", "room_id"),
    )
    around = [BUFFERS[row_of[room] % 4] for room, _first, _length in meetings]
    _copy(
        Span,
        (
            (n + 1, ids[n] if kind == "meeting" else None, room, kind, feed, first - around[n][0],
             first + length + around[n][1])
            for n, room, first, length, kind, feed in taken
        ),
        ("id", "booking_id", "room_id", "kind", "feed_id", "first_quarter", "end_quarter"),
    )  # fmt: skip
    _copy(
        Occupancy,
        (
            (n + 1, room, quarter)
            for n, (room, first, length) in enumerate(meetings)
            for quarter in range(first - around[n][0], first + length + around[n][1])
        ),
        ("span_id", "room_id", "quarter"),
    )
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = default")
        cursor.execute("select setval(pg_get_serial_sequence('booking_span', 'id'), %s)", [len(meetings) + 1])
        cursor.execute("analyze")
    print(f"{len(rooms)} rooms, {len(ours)} bookings, {len(meetings) - len(ours)} blocks and other calendars")


_TWO_A_DAY = """insert into booking_span (room_id, kind, first_quarter, end_quarter, note)
    select room.id, 'block', start.quarter - 1,
        start.quarter + 4 + (abs(hashint8(room.id * 7919 + start.quarter)) %% 3) * 4, ''
    from points_room room
    cross join unnest(%s::int[]) as start (quarter)
    where abs(hashint8(room.id * 104729 + start.quarter)) %% 1000 < %s"""


def seed_spans(room_count: int) -> None:
    """Fill an empty database with rooms taken for a year as `seed` would, without what a search never reads.

    Blocks of the hosts in place of meetings, drawn by the server itself: 8 million for 35,000 rooms.
    """
    chance = np.random.default_rng(7)
    rooms = _make_rooms(room_count, chance)
    first_day = datetime.now(PARIS).date()
    days = [first_day + timedelta(days=n) for n in range(-90, 275)]
    midnights = [local_quarter(day, time(), PARIS) for day in days if day.weekday() < 5]
    starts = [midnight + begin + 2 for midnight in midnights for begin, _end in _HALF_DAYS]
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        others = "select indexname from pg_indexes where tablename = 'booking_span' and indexname not in (%s, %s)"
        cursor.execute(others, ["booking_span_pkey", "span_by_room_and_time"])
        for (name,) in cursor.fetchall():
            cursor.execute(f'drop index "{name}"')
        cursor.execute('drop index "span_by_room_and_time"')
        cursor.execute(_TWO_A_DAY, [starts, round(_SHARE * 1000)])
        taken = cursor.rowcount
        cursor.execute("create index span_by_room_and_time on booking_span (room_id, end_quarter, first_quarter)")
        cursor.execute("set session_replication_role = default")
        cursor.execute("analyze")
    print(f"{len(rooms)} rooms, taken {taken} times")
