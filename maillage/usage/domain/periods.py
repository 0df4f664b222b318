"""Periods that figures are given for: a month, a half-year, a year, or everything. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from maillage.usage.errors import UnknownPeriod

Kind = Literal["all", "year", "half", "month"]
_WRITTEN = re.compile(r"(?P<year>20\d\d)(-(?:S(?P<half>[12])|(?P<month>0[1-9]|1[0-2])))?")
EVERYTHING = "tout"
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first_day` to `last_day`, both included. `code` is how an address writes it."""

    kind: Kind
    code: str
    first_day: date
    last_day: date

    @property
    def year(self) -> int | None:
        """The year it belongs to; None for everything."""
        return None if self.kind == "all" else self.first_day.year


ALL = Period("all", EVERYTHING, _FIRST_DAY, _LAST_DAY)


def read_period(text: str) -> Period:
    """Return the period written "2026", "2026-S2", "2026-11" or "tout" (empty too).

    Raises UnknownPeriod for anything else.
    """
    if text in {"", EVERYTHING}:
        return ALL
    written = _WRITTEN.fullmatch(text)
    if not written:
        raise UnknownPeriod(period=text[:20])
    year = int(written["year"])
    if written["month"]:
        return month(year, int(written["month"]))
    return half(year, int(written["half"])) if written["half"] else whole_year(year)


def whole_year(year: int) -> Period:
    """Return the twelve months of `year`."""
    return Period("year", f"{year}", date(year, 1, 1), date(year, 12, 31))


def half(year: int, number: int) -> Period:
    """Return the first or second half of `year`."""
    first = date(year, 1 if number == 1 else 7, 1)
    return Period("half", f"{year}-S{number}", first, _last_day(year, 6 * number))


def month(year: int, number: int) -> Period:
    """Return the month `number` (1 to 12) of `year`."""
    return Period("month", f"{year}-{number:02}", date(year, number, 1), _last_day(year, number))


def months_between(first_day: date, last_day: date) -> list[Period]:
    """Return every month from that of `first_day` to that of `last_day`, in order, none left out."""
    start, end = first_day.year * 12 + first_day.month - 1, last_day.year * 12 + last_day.month - 1
    return [month(index // 12, index % 12 + 1) for index in range(start, end + 1)]


def neighbours(period: Period) -> tuple[Period | None, Period | None]:
    """Return the periods of the same length just before and just after; None where there is none."""
    if period.kind == "all":
        return None, None
    before, after = period.first_day - timedelta(days=1), period.last_day + timedelta(days=1)
    return _containing(period.kind, before), _containing(period.kind, after)


def _containing(kind: Kind, day: date) -> Period | None:
    if not _FIRST_DAY <= day <= _LAST_DAY:
        return None
    if kind == "month":
        return month(day.year, day.month)
    return half(day.year, 1 if day.month <= 6 else 2) if kind == "half" else whole_year(day.year)


def _last_day(year: int, number: int) -> date:
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
