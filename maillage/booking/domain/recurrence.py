"""The dates of a series: weekly, monthly, several days in a row, project cycles. No clock, no database.

The hour is that of the clocks on the wall: it stays when daylight saving changes. A date whose hour does not exist
that night is kept, without a quarter, so that people decide. A series has at most MOST_DATES dates.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import count
from zoneinfo import ZoneInfo

from maillage.booking.domain.holidays import is_holiday, territory_of
from maillage.booking.errors.series import SeriesEmpty, SeriesEndless, SeriesTooLong, SeriesUnreadable
from maillage.core.quarters import NoSuchTime, local_quarter

MOST_DATES = 60
_MOST_CANDIDATES = 2_000  # days looked at: five years of a daily series, more than any that ends
_LAST = 5


class Kind(StrEnum):
    """How a series goes on."""

    WEEKLY = "weekly"
    MONTHLY_BY_DATE = "monthly-by-date"
    MONTHLY_BY_WEEKDAY = "monthly-by-weekday"
    DAYS_IN_A_ROW = "days-in-a-row"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule. It ends after `times` dates, or on the day `until` (included); both may hold, the first ends it.

    interval: every so many weeks or months. weekdays: of a weekly series, the first day's alone if empty (0 is Monday).
    cycle: days of a project counted from its start, as (0, 14, 42); cycle_days: after how many days it starts again.
    skips_holidays: public holidays of the zone are left out; with `times`, a later date replaces each.
    working_days: days in a row leave Saturdays and Sundays out.
    """

    kind: Kind
    first_day: date
    at: time
    zone: ZoneInfo
    times: int | None = None
    until: date | None = None
    interval: int = 1
    weekdays: frozenset[int] = frozenset()
    cycle: tuple[int, ...] = ()
    cycle_days: int = 0
    skips_holidays: bool = False
    working_days: bool = True


@dataclass(frozen=True, slots=True)
class SeriesDay:
    """One date. `quarter` is None when clocks go forward over its hour. `is_holiday` is told, kept or not."""

    day: date
    quarter: int | None
    is_holiday: bool = False


def series_days(rule: Recurrence) -> list[SeriesDay]:
    """Return the dates of a series, in order.

    Raises SeriesUnreadable, SeriesEndless, SeriesEmpty, SeriesTooLong beyond MOST_DATES, OffGrid.
    """
    _check(rule)
    territory = territory_of(rule.zone.key)
    found: list[SeriesDay] = []
    for looked, day in enumerate(_candidates(rule)):
        over = rule.until is not None and day > rule.until
        if over or looked >= _MOST_CANDIDATES or len(found) == rule.times:
            break
        holiday = is_holiday(day, territory)
        if holiday and rule.skips_holidays:
            continue
        if len(found) == MOST_DATES:
            raise SeriesTooLong(most=MOST_DATES)
        found.append(SeriesDay(day, _quarter(day, rule), holiday))
    if not found:
        raise SeriesEmpty
    return found


def _check(rule: Recurrence) -> None:
    if rule.times is None and rule.until is None:
        raise SeriesEndless
    if rule.times is not None and rule.times > MOST_DATES:
        raise SeriesTooLong(most=MOST_DATES)
    if rule.times is not None and rule.times < 1:
        raise SeriesEmpty
    if not 1 <= rule.interval <= 52:
        raise SeriesUnreadable(what=f"interval {rule.interval}")
    if not rule.weekdays <= set(range(7)):
        raise SeriesUnreadable(what=f"weekdays {sorted(rule.weekdays)}")
    if rule.kind is Kind.CYCLE:
        _check_cycle(rule)


def _check_cycle(rule: Recurrence) -> None:
    in_order = list(rule.cycle) == sorted(set(rule.cycle))
    if not rule.cycle or not in_order or rule.cycle[0] < 0 or not rule.cycle[-1] < rule.cycle_days <= 1_000:
        raise SeriesUnreadable(what=f"cycle {rule.cycle} / {rule.cycle_days}")


def _quarter(day: date, rule: Recurrence) -> int | None:
    try:
        return local_quarter(day, rule.at, rule.zone)
    except NoSuchTime:
        return None


def _candidates(rule: Recurrence) -> Iterator[date]:
    """Return the days of the rule without its end, holidays included, in order."""
    match rule.kind:
        case Kind.WEEKLY:
            return _weekly(rule)
        case Kind.MONTHLY_BY_DATE:
            return (_dated(year, month, rule.first_day.day) for year, month in _months(rule))
        case Kind.MONTHLY_BY_WEEKDAY:
            nth = min(_LAST, (rule.first_day.day - 1) // 7 + 1)
            return (_nth_weekday(year, month, rule.first_day.weekday(), nth) for year, month in _months(rule))
        case Kind.DAYS_IN_A_ROW:
            days = (rule.first_day + timedelta(days=n) for n in count())
            return (day for day in days if not rule.working_days or day.weekday() < 5)
        case Kind.CYCLE:
            return _cycles(rule)


def _weekly(rule: Recurrence) -> Iterator[date]:
    weekdays = sorted(rule.weekdays or {rule.first_day.weekday()})
    monday = rule.first_day - timedelta(days=rule.first_day.weekday())
    for week in count(step=rule.interval):
        for weekday in weekdays:
            day = monday + timedelta(weeks=week, days=weekday)
            if day >= rule.first_day:
                yield day


def _months(rule: Recurrence) -> Iterator[tuple[int, int]]:
    start = rule.first_day.year * 12 + rule.first_day.month - 1
    return ((month // 12, month % 12 + 1) for month in count(start, rule.interval))


def _dated(year: int, month: int, day: int) -> date:
    """Return that day of the month, its last day in a shorter month: the 31st means the end of the month."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """Return the nth such week day of the month; the fifth means the last, since few months have five."""
    first, length = calendar.monthrange(year, month)
    day = 1 + (weekday - first) % 7 + 7 * (nth - 1)
    return date(year, month, day if day <= length else day - 7)


def _cycles(rule: Recurrence) -> Iterator[date]:
    return (
        rule.first_day + timedelta(days=turn * rule.cycle_days + offset) for turn in count() for offset in rule.cycle
    )
