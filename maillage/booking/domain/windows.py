"""The words in which people say when, turned into a range of quarters. No clock: `now` is given."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from maillage.core.quarters import PER_HOUR, day_quarters, next_quarter

NOW = "now"
NOW_QUARTERS = 8
WORDS = (NOW, "today", "tomorrow", "this-week", "next-week", "fortnight", "month")
MOST_DAYS_AHEAD = 400


def days_of(when: str, today: date) -> tuple[date, date]:
    """Return the first and last day of `when`: one of WORDS, or a day as 2026-11-24. Weeks begin on Monday.

    Raises ValueError if it is neither.
    """
    until_sunday = 6 - today.weekday()
    offsets = {
        NOW: (0, 0),
        "today": (0, 0),
        "tomorrow": (1, 1),
        "this-week": (0, until_sunday),
        "next-week": (until_sunday + 1, until_sunday + 7),
        "fortnight": (0, 13),
        "month": (0, 29),
    }
    if when in offsets:
        first, last = offsets[when]
        return today + timedelta(days=first), today + timedelta(days=last)
    day = date.fromisoformat(when)
    return day, day


def window_of(when: str, now: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """Return the quarters of `when` that are still to come: the first, and the one after the last.

    The range is empty (first = last) when `when` is over; "now" is two hours of starts for an hour's meeting.
    Raises ValueError if `when` cannot be read.
    """
    if when == NOW:
        return next_quarter(now), next_quarter(now) + NOW_QUARTERS + PER_HOUR
    first_day, last_day = days_of(when, now.astimezone(zone).date())
    first = max(day_quarters(first_day, zone).start, next_quarter(now))
    return first, max(first, day_quarters(last_day, zone).stop)


def other_windows(when: str) -> tuple[str, ...]:
    """Return what to try next when nothing was found in `when`, nearest first."""
    order = {
        "now": ("today", "tomorrow", "this-week", "next-week", "month"),
        "today": ("tomorrow", "this-week", "next-week", "month"),
        "tomorrow": ("this-week", "next-week", "fortnight", "month"),
        "this-week": ("next-week", "fortnight", "month"),
        "next-week": ("this-week", "fortnight", "month"),
        "fortnight": ("month",),
        "month": ("fortnight",),
    }
    return order.get(when, ("next-week", "fortnight", "month"))
