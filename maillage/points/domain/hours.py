"""Opening hours in OpenStreetMap syntax, as a grid of quarters. No clock, no database.

Hours are local: they are read once a week of wall-clock time, without any zone, then laid over the real quarters of
the zone. So the hour that daylight saving skips is never asked for, and the one it repeats is open twice or not at all.
Public holidays (`PH`) are those of France, built into opening_hours (checked from 2015 to 2050).
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from opening_hours import OpeningHours, validate

from maillage.core.quarters import MINUTES, PER_DAY, moment_of
from maillage.points.errors import HoursUnreadable

HOLIDAYS_OF: Final = "FR"
_WEEK: Final = 7 * PER_DAY
_EPOCH_MONDAY: Final = date(1970, 1, 5)

BoolGrid = NDArray[np.bool_]
_SHUT: Final = np.zeros(_WEEK, dtype=bool)


def open_grid(hours: str, zone: str, first_quarter: int, width: int) -> BoolGrid:
    """Return, for `width` quarters from `first_quarter`, True where all of the quarter is within `hours`.

    `zone` is an IANA name. Empty hours are always closed. Raises HoursUnreadable.
    """
    if hours.strip():
        parse_hours(hours)
    grid: BoolGrid = open_grids([(hours, zone)], first_quarter, width)[0]
    return grid


def open_grids(wanted: Sequence[tuple[str, str]], first_quarter: int, width: int) -> BoolGrid:
    """Return the grids of many hours at once, each given with its zone: shape (wanted, width).

    Hours nobody can read are shut. Cached by week of wall-clock time: a hundred rooms of different hours over a
    fortnight take half a millisecond warm, some 0.2 ms each cold.
    """
    grids = np.zeros((len(wanted), width), dtype=bool)
    rows_of: dict[str, list[int]] = {}
    for row, (_hours, zone) in enumerate(wanted):
        rows_of.setdefault(zone, []).append(row)
    for zone, rows in rows_of.items():
        local = local_quarters(zone, first_quarter, width)
        weeks = local // _WEEK
        for week in dict.fromkeys(weeks.tolist()):
            there = np.flatnonzero(weeks == week)
            whole = np.stack([_week_or_shut(wanted[row][0], week) for row in rows])
            grids[np.ix_(np.array(rows), there)] = whole[:, local[there] - week * _WEEK]
    return grids


def remember_hours(wanted: Iterable[tuple[str, str]], first_quarter: int, width: int) -> None:
    """Read hours beforehand, so that who asks for them first does not wait. About 0.2 ms for each kind of hours."""
    for hours, zone in wanted:
        open_grids([(hours, zone)], first_quarter, width)


def _week_or_shut(hours: str, week: int) -> BoolGrid:
    """Return a week of `hours`, all closed if they are empty or nobody can read them."""
    try:
        return _open_week(hours, week) if hours.strip() else _SHUT
    except HoursUnreadable:
        return _SHUT


@lru_cache(maxsize=8192)
def is_open_throughout(hours: str, zone: str, first_quarter: int, length: int, *, or_else: str = "") -> bool:
    """Tell whether all of `length` quarters are within `hours`, or within `or_else`. Hours nobody can read are shut."""
    grids = open_grids([(hours, zone), (or_else, zone)], first_quarter, length)
    return bool(grids.any(axis=0).all())


def local_quarters(zone: str, first_quarter: int, width: int) -> NDArray[np.int64]:
    """Return the wall-clock quarter of each real one, counted from Monday 5 January 1970, 00:00 local."""
    days = range(first_quarter // PER_DAY, (first_quarter + width - 1) // PER_DAY + 1)
    offsets = np.concatenate([_offsets(zone, day) for day in days] or [np.zeros(0, dtype=np.int64)])
    start = first_quarter - days.start * PER_DAY
    epoch = (_EPOCH_MONDAY - date(1970, 1, 1)).days * PER_DAY
    local: NDArray[np.int64] = np.arange(first_quarter, first_quarter + width) + offsets[start : start + width] - epoch
    return local


@lru_cache(maxsize=4096)
def _offsets(zone: str, utc_day: int) -> NDArray[np.int64]:
    """Return how many quarters each of the 96 quarters of a day of UTC is ahead of it in `zone`."""
    clock, first = ZoneInfo(zone), utc_day * PER_DAY
    ends = [_offset(clock, first), _offset(clock, first + PER_DAY - 1)]
    if ends[0] == ends[1]:
        return np.full(PER_DAY, ends[0])
    return np.array([_offset(clock, quarter) for quarter in range(first, first + PER_DAY)])


def _offset(clock: ZoneInfo, quarter: int) -> int:
    ahead = moment_of(quarter).astimezone(clock).utcoffset() or timedelta()
    return int(ahead.total_seconds()) // (MINUTES * 60)


@lru_cache(maxsize=32768)
def _open_week(hours: str, week: int) -> BoolGrid:
    """Return the 672 wall-clock quarters of a week. Comments without hours ("sur rendez-vous") count as closed."""
    start = datetime.combine(_EPOCH_MONDAY + timedelta(weeks=week), time())
    grid = np.zeros(_WEEK, dtype=bool)
    first = last = -MINUTES  # in minutes, of what is open together: two spans that touch make one
    for begin, end, state, _comments in parse_hours(hours).intervals(start, start + timedelta(weeks=1)):
        if str(state) != "open":
            continue
        begun, ended = (round((edge - start).total_seconds() / 60) for edge in (begin, end))
        if begun > last:
            first = begun
        last = ended
        grid[-(-first // MINUTES) : last // MINUTES] = True
    grid.flags.writeable = False
    return grid


@lru_cache(maxsize=8192)
def parse_hours(hours: str) -> OpeningHours:
    """Return `hours` parsed, without a zone. Raises HoursUnreadable."""
    try:
        return OpeningHours(hours, country=HOLIDAYS_OF)
    except Exception as unread:
        if validate(hours):
            raise
        raise HoursUnreadable(hours=hours) from unread
