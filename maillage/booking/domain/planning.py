"""A day of a room on its own clocks: where each thing stands between 0:00 and 24:00, in quarters of the day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from maillage.core.quarters import PER_DAY, day_quarters, moment_of

Kind = Literal["meeting", "hold", "block", "calendar", "closure", "shut"]
USUAL = range(7 * 4, 22 * 4)
"""The quarters of a day that the timeline shows when nothing stands outside."""


@dataclass(frozen=True, slots=True)
class Block:
    """One thing on a room's day, from a quarter of the day to another, not included, with its words."""

    kind: Kind
    start: int
    end: int
    hours: str
    words: str
    detail: str = ""
    span_id: int | None = None


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A day in a zone, and which quarters it holds."""

    day: date
    quarters: range
    zone: ZoneInfo

    @classmethod
    def of(cls, day: date, zone: ZoneInfo) -> "LocalDay":
        """Return that day in `zone`."""
        return cls(day, day_quarters(day, zone), zone)

    def place(self, first_quarter: int, end_quarter: int) -> tuple[int, int] | None:
        """Return where a stretch of time stands on the clocks of this day, cut to it; None if it is of other days.

        On the night that repeats an hour, what happens in it twice is shown over the same hour.
        """
        first, end = max(first_quarter, self.quarters.start), min(end_quarter, self.quarters.stop)
        if first >= end:
            return None
        start = self._on_the_clock(first)
        return start, max(start + 1, self._on_the_clock(end - 1) + 1)

    def _on_the_clock(self, quarter: int) -> int:
        if len(self.quarters) == PER_DAY:
            return quarter - self.quarters.start
        local = moment_of(quarter).astimezone(self.zone)
        return local.hour * 4 + local.minute // 15


def week_of(day: date) -> tuple[date, ...]:
    """Return the seven days of the week of `day`, from Monday."""
    monday = day - timedelta(days=day.weekday())
    return tuple(monday + timedelta(days=offset) for offset in range(7))


def hours_shown(blocks: list[Block]) -> range:
    """Return the usual hours, or the whole day if something stands outside."""
    outside = any(block.start < USUAL.start or block.end > USUAL.stop for block in blocks if block.kind != "shut")
    return range(PER_DAY) if outside else USUAL
