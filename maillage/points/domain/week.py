"""What opening hours say of an ordinary week: read from the hours themselves, so that words and grid cannot differ.

No clock: ordinary weeks are those of 2026 that hold no public holiday. A year is looked through to see whether they
are all alike.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from maillage.points.domain.hours import parse_hours

Span = tuple[int, int]
"""From a minute of the day to another, 1440 being midnight."""

_FIRST_MONDAY: Final = date(2026, 1, 5)
_WEEKS: Final = 51
_HOLIDAY: Final = date(2026, 7, 14)  # a Tuesday
_HOLIDAYS: Final = frozenset(
    date.fromisoformat(day)
    for day in (
        "2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25", "2026-07-14",
        "2026-08-15", "2026-11-01", "2026-11-11", "2026-12-25",
    )
)  # fmt: skip
"""Public holidays of 2026 in France: Code du travail, article L3133-1."""


@dataclass(frozen=True, slots=True)
class DayRun:
    """Days of the week that open alike: from `first` to `last` (0 is Monday), on `spans`, none if closed."""

    first: int
    last: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """An ordinary week. `holidays`: the spans of a public holiday; `changes`: the year is not all alike."""

    runs: tuple[DayRun, ...]
    holidays: tuple[Span, ...]
    changes: bool
    comments: tuple[str, ...]

    @property
    def is_always_open(self) -> bool:
        """Tell whether it never closes."""
        return [run.spans for run in self.runs] == [((0, 1440),)] and self.holidays == ((0, 1440),)


@lru_cache(maxsize=1024)
def ordinary_week(hours: str) -> Week:
    """Return the ordinary week of `hours`, empty hours being closed. Raises HoursUnreadable."""
    if not hours.strip():
        return Week((DayRun(0, 6, ()),), (), changes=False, comments=())
    days = _days(hours)
    ordinary = {day: spans for day, spans in days.items() if day not in _HOLIDAYS}
    weeks = [
        tuple(ordinary.get(monday + timedelta(days=weekday)) for weekday in range(7))
        for monday in (_FIRST_MONDAY + timedelta(weeks=week) for week in range(_WEEKS))
    ]
    whole = [week for week in weeks if None not in week]
    usual = max(whole, key=whole.count)
    runs: list[DayRun] = []
    for weekday, spans in enumerate(usual):
        told = spans or ()
        if runs and runs[-1].spans == told:
            runs[-1] = DayRun(runs[-1].first, weekday, told)
        else:
            runs.append(DayRun(weekday, weekday, told))
    return Week(tuple(runs), days[_HOLIDAY], changes=len(set(whole)) > 1, comments=_comments(hours))


def _days(hours: str) -> dict[date, tuple[Span, ...]]:
    """Return the open spans of each day of the 51 weeks; one past midnight is cut there."""
    start = datetime.combine(_FIRST_MONDAY, time())
    end = start + timedelta(weeks=_WEEKS)
    days: dict[date, list[Span]] = {start.date() + timedelta(days=n): [] for n in range(_WEEKS * 7)}
    for begin, until, state, _comment in parse_hours(hours).intervals(start, end):
        while str(state) == "open" and begin < until:
            midnight = datetime.combine(begin.date() + timedelta(days=1), time())
            stop = min(until, midnight)
            spans = days[begin.date()]
            first = begin.hour * 60 + begin.minute
            last = 1440 if stop == midnight else stop.hour * 60 + stop.minute
            if spans and spans[-1][1] == first:
                spans[-1] = (spans[-1][0], last)
            else:
                spans.append((first, last))
            begin = stop  # noqa: PLW2901
    return {day: tuple(spans) for day, spans in days.items()}


def _comments(hours: str) -> tuple[str, ...]:
    start = datetime.combine(_FIRST_MONDAY, time())
    found = [
        comment for *_times, comment in parse_hours(hours).intervals(start, start + timedelta(weeks=_WEEKS)) if comment
    ]
    return tuple(dict.fromkeys(str(comment) for comment in found))
