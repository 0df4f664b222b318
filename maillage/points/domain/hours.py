"""Opening hours in OpenStreetMap syntax, as a grid of quarters. No clock, no database.

Hours are local: they are read once a week of wall-clock time, without any zone, then laid over the real quarters of
the zone. So the hour that daylight saving skips is never asked for, and the one it repeats is open twice or not at all.
Public holidays (`PH`) are those of France, built into opening_hours (checked from 2015 to 2050).
"""

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


def open_grid(hours: str, zone: str, first_quarter: int, width: int) -> BoolGrid:
    """Return, for `width` quarters from `first_quarter`, True where all of the quarter is within `hours`.

    `zone` is an IANA name. Empty hours are always closed. Cached by week of wall-clock time, about 2 µs a week warm.
    Raises HoursUnreadable.
    """
    if not hours.strip():
        return np.zeros(width, dtype=bool)
    local = local_quarters(zone, first_quarter, width)
    grid = np.empty(width, dtype=bool)
    weeks = local // _WEEK
    for week in np.unique(weeks):
        there = weeks == week
        grid[there] = _open_week(hours, int(week))[local[there] - week * _WEEK]
    return grid


def is_open_throughout(hours: str, zone: str, first_quarter: int, length: int, *, or_else: str = "") -> bool:
    """Tell whether all of `length` quarters are within `hours`, or within `or_else`. Hours nobody can read are shut."""
    open_ = np.zeros(length, dtype=bool)
    for wanted in filter(None, (hours, or_else)):
        try:
            open_ |= open_grid(wanted, zone, first_quarter, length)
        except HoursUnreadable:
            continue
    return bool(open_.all())


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


@lru_cache(maxsize=8192)
def _open_week(hours: str, week: int) -> BoolGrid:
    """Return the 672 wall-clock quarters of a week. Comments without hours ("sur rendez-vous") count as closed."""
    start = datetime.combine(_EPOCH_MONDAY + timedelta(weeks=week), time())
    minutes = np.zeros(_WEEK * MINUTES, dtype=bool)
    for begin, end, state, _comments in parse_hours(hours).intervals(start, start + timedelta(weeks=1)):
        if str(state) == "open":
            first, last = ((edge - start).total_seconds() / 60 for edge in (begin, end))
            minutes[round(first) : round(last)] = True
    grid: BoolGrid = np.all(minutes.reshape(_WEEK, MINUTES), axis=1)
    grid.flags.writeable = False
    return grid


@lru_cache(maxsize=2048)
def parse_hours(hours: str) -> OpeningHours:
    """Return `hours` parsed, without a zone. Raises HoursUnreadable."""
    if not validate(hours):
        raise HoursUnreadable(hours=hours)
    return OpeningHours(hours, country=HOLIDAYS_OF)
