"""What rooms ask: the sheets of their points as the rules read them, whatever the number of rooms in one query."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection

from maillage.booking.domain.tariffs import FreeWindow, Group, Origin, Price, Tariff, Unit
from maillage.booking.models import TariffSheet
from maillage.core.quarters import moment_of
from maillage.points.models import Room

_ROOM: Final = (
    "pk", "point__host", "point__commune", "point__commune__grouping", "point__time_zone", "hours", "point__hours",
)  # fmt: skip
_SHEET: Final = tuple(
    f"point__tariffs__{name}"
    for name in (
        "pk", "room", "valid_from", "valid_until", "is_free", "first_uses_free", "evening_opening_cents",
        "weekend_opening_cents",
    )
)  # fmt: skip
_PRICE: Final = tuple(f"point__tariffs__prices__{n}" for n in ("unit", "cents", "group", "origin", "practice_cents"))
_WINDOW: Final = tuple(f"point__tariffs__free_hours__{name}" for name in ("weekdays", "start", "end"))


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
    grouping_id: int | None
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
    rows = Room.objects.filter(pk__in=room_ids).order_by("pk").values_list(*_ROOM, *_SHEET, *_PRICE, *_WINDOW)
    found: dict[int, PricedRoom] = {}
    sheets: dict[tuple[int, int], _SheetRows] = {}
    for row in rows:
        room, sheet = row[:7], row[7:15]
        if room[0] not in found:
            pk, host, insee, grouping, zone, own_hours, hours = room
            found[pk] = PricedRoom(pk, host, insee, grouping, ZoneInfo(zone), own_hours or hours)
        if sheet[0] is not None and sheet[1] in {None, room[0]}:
            rows_of = sheets.setdefault((room[0], sheet[0]), _SheetRows(sheet))
            rows_of.prices[row[15:20]] = None
            rows_of.windows[row[20:]] = None
    for (room_id, _sheet), rows_of in sorted(sheets.items(), key=lambda item: item[1].sheet[2]):
        found[room_id].sheets.append(rows_of.read())
    return found


@dataclass(slots=True)
class _SheetRows:
    """The joined rows of one sheet: each price and each window once, in the order they came."""

    sheet: tuple[Any, ...]
    prices: dict[tuple[Any, ...], None] = field(default_factory=dict)
    windows: dict[tuple[Any, ...], None] = field(default_factory=dict)

    def read(self) -> Sheet:
        """Return the sheet as the rules read it."""
        _pk, room, since, until, is_free, first_uses, evening, weekend = self.sheet
        prices = tuple(
            Price(Unit(unit), cents, Group(group), Origin(origin), practice)
            for unit, cents, group, origin, practice in self.prices
            if unit is not None
        )
        windows = tuple(
            FreeWindow(frozenset(map(int, days)), start, end) for days, start, end in self.windows if days is not None
        )
        return Sheet(room is not None, since, until, Tariff(prices, is_free, windows, first_uses, evening, weekend))


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
