"""A room opened because somebody asked: until when its point may answer, and what kind of hour it is."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from maillage.booking.domain.holidays import is_holiday, territory_of
from maillage.core.quarters import moment_of

LAST_MOMENT = timedelta(hours=3)
"""Kept between the last answer and the meeting: somebody has to come and open, and people have to leave home."""
LEAST_TIME = timedelta(hours=1)
"""What a point is given at least to answer; with less, people call it."""
MOST_OTHER_TIMES = 3
_REMINDED_AFTER, _ESCALATED_AFTER = 0.4, 0.7


class OpeningHour(StrEnum):
    """What an opening on request is paid for."""

    EVENING = "evening"
    WEEKEND = "weekend"


def opening_hour(first_quarter: int, time_zone: str) -> OpeningHour:
    """Return WEEKEND for a Saturday, a Sunday or a public holiday of the point, EVENING for any other hour."""
    day = moment_of(first_quarter).astimezone(ZoneInfo(time_zone)).date()
    return OpeningHour.EVENING if _is_worked(day, time_zone) else OpeningHour.WEEKEND


def answer_deadline(now: datetime, first_quarter: int, time_zone: str, *, days: int) -> datetime | None:
    """Return until when a point may answer: `days` worked days, never later than LAST_MOMENT before the meeting.

    On a whole hour of the point's clocks. None when less than LEAST_TIME would be left.
    """
    zone = ZoneInfo(time_zone)
    local = now.astimezone(zone)
    day, left = local.date(), days
    while left:
        day += timedelta(days=1)
        left -= _is_worked(day, time_zone)
    usual = _hour(datetime.combine(day, local.time(), tzinfo=zone) + timedelta(minutes=59))
    usual = min(usual, datetime.combine(day, time(23), tzinfo=zone))  # "before 0:00" is read as the evening after
    latest = _hour(moment_of(first_quarter).astimezone(zone) - LAST_MOMENT)
    deadline = min(usual, latest)
    return deadline if deadline - local >= LEAST_TIME else None


def reminder_times(asked_at: datetime, deadline: datetime) -> tuple[datetime, datetime]:
    """Return when the point is reminded, then when somebody else is asked too."""
    left = deadline - asked_at
    return asked_at + left * _REMINDED_AFTER, asked_at + left * _ESCALATED_AFTER


def _is_worked(day: date, time_zone: str) -> bool:
    return day.weekday() < 5 and not is_holiday(day, territory_of(time_zone))


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
