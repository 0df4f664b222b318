"""What rooms ask: the sheets of their points as the rules read them, whatever the number of rooms in one query."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection

from maillage.booking.domain.tariffs import FreeWindow, Group, Origin, Price, Tariff, Unit
from maillage.booking.models import TariffSheet
from maillage.core.quarters import moment_of

_ASKED: Final = """SELECT room.id, point.host_id, point.commune_id, commune.grouping_id, point.time_zone, room.hours,
        point.hours,
        sheet.id, sheet.room_id, sheet.valid_from, sheet.valid_until, sheet.is_free, sheet.first_uses_free,
        sheet.evening_opening_cents, sheet.weekend_opening_cents,
        price.unit, price.cents, price."group", price.origin, price.practice_cents,
        free.weekdays, free.start, free."end"
    FROM points_room room JOIN points_point point ON point.id = room.point_id
    JOIN territory_commune commune ON commune.insee = point.commune_id
    LEFT JOIN booking_tariffsheet sheet ON sheet.point_id = point.id
        AND (sheet.room_id IS NULL OR sheet.room_id = room.id)
    LEFT JOIN booking_tariffprice price ON price.sheet_id = sheet.id
    LEFT JOIN booking_freehours free ON free.sheet_id = sheet.id
    WHERE room.id IN ({}) ORDER BY sheet.valid_from, price.id, free.id"""
"""In plain SQL, a fifth of the ORM's time: every booking and every card asks."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is asked from a day on: by the whole point, or by one room."""

    of_room: bool
    valid_from: date
    valid_until: date | None
    rules: Tariff


@dataclass(frozen=True, slots=True)
class PricedRoom:
    """A room as its price sees it. `sheets` are its own and its point's, the earliest first."""

    room_id: int
    host_id: int
    commune_insee: str
    grouping_id: str | None
    zone: ZoneInfo
    hours: str
    sheets: list[Sheet] = field(default_factory=list)

    def tariff_at(self, quarter: int) -> Tariff:
        """Return the room's own tariff that day, else its point's, else one that is undefined."""
        day = moment_of(quarter).astimezone(self.zone).date()
        current = [
            sheet
            for sheet in self.sheets
            if sheet.valid_from <= day and (sheet.valid_until is None or sheet.valid_until >= day)
        ]
        return max(current, key=lambda sheet: (sheet.of_room, sheet.valid_from)).rules if current else Tariff()


def priced_rooms(room_ids: Collection[int]) -> dict[int, PricedRoom]:
    """Return what these rooms ask, by room. One query: every cell of every sheet of their points, joined."""
    found: dict[int, PricedRoom] = {}
    sheets: dict[tuple[int, int], _SheetRows] = {}
    for row in _rows(room_ids):
        pk, host, insee, grouping, zone, own_hours, hours = row[:7]
        if pk not in found:
            found[pk] = PricedRoom(pk, host, insee, grouping, ZoneInfo(zone), own_hours or hours)
        if row[7] is not None:
            rows_of = sheets.setdefault((pk, row[7]), _SheetRows(row[8:15]))
            rows_of.prices[row[15:20]] = None
            rows_of.windows[row[20:]] = None
    for (room_id, _sheet), rows_of in sheets.items():
        found[room_id].sheets.append(rows_of.read())
    return found


def _rows(room_ids: Collection[int]) -> Sequence[tuple[Any, ...]]:
    if not room_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_ASKED.format(", ".join(f"{room_id:d}" for room_id in room_ids)))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@dataclass(slots=True)
class _SheetRows:
    """The joined rows of one sheet: each price and each window once, in the order they came."""

    sheet: tuple[Any, ...]
    prices: dict[tuple[Any, ...], None] = field(default_factory=dict)
    windows: dict[tuple[Any, ...], None] = field(default_factory=dict)

    def read(self) -> Sheet:
        """Return the sheet as the rules read it."""
        room, since, until, is_free, first_uses, evening, weekend = self.sheet
        prices = tuple(
            Price(Unit(unit), cents, Group(group), Origin(origin), practice)
            for unit, cents, group, origin, practice in self.prices
            if unit is not None
        )
        windows = tuple(
            FreeWindow(frozenset(map(int, days)), _hour(start), _hour(end))
            for days, start, end in self.windows
            if days is not None
        )
        rules = Tariff(prices, bool(is_free), windows, first_uses, evening, weekend)
        return Sheet(room is not None, _day(since), _day(until) if until else None, rules)


def _day(read: date | str) -> date:
    """Return a day, which SQLite gives as a text."""
    return read if isinstance(read, date) else date.fromisoformat(read)


def _hour(read: time | str) -> time:
    return read if isinstance(read, time) else time.fromisoformat(read)


def has_tariff(point_ids: Collection[int]) -> bool:
    """Tell whether one of these points has ever written what it asks. One query, in plain SQL: every booking asks."""
    if not point_ids:
        return False
    points = ", ".join(f"{point_id:d}" for point_id in point_ids)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {TariffSheet._meta.db_table} WHERE point_id IN ({points}) LIMIT 1")  # noqa: S608
        return cursor.fetchone() is not None


def tariff_rules(sheet: TariffSheet) -> Tariff:
    """Return a sheet as the rules read it. No query if its prices and free hours were prefetched."""
    return Tariff(
        prices=tuple(
            Price(Unit(row.unit), row.cents, Group(row.group), Origin(row.origin), row.practice_cents)
            for row in sheet.prices.all()
        ),
        is_free=sheet.is_free,
        free_windows=tuple(
            FreeWindow(frozenset(map(int, row.weekdays)), row.start, row.end) for row in sheet.free_hours.all()
        ),
        first_uses_free=sheet.first_uses_free,
        evening_opening_cents=sheet.evening_opening_cents,
        weekend_opening_cents=sheet.weekend_opening_cents,
    )
