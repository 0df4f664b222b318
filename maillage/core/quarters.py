"""Time as an integer: the quarter-hour since the epoch, UTC.

It indexes bitmaps, survives daylight saving and compares in SQL. Only this module converts.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from maillage.core.errors import Invalid

MINUTES = 15
PER_HOUR = 4
PER_DAY = 96
_SECONDS = MINUTES * 60


class OffGrid(Invalid):
    """A time that is not on a quarter of an hour."""

    code = "off-grid"
    message = gettext_noop("Times go by quarters of an hour: %(time)s is between two.")
    next_step = gettext_noop("Choose a time such as 9:00, 9:15, 9:30 or 9:45.")


class NoSuchTime(Invalid):
    """A local time that daylight saving skips."""

    code = "no-such-time"
    message = gettext_noop("There is no %(time)s on that night: clocks go forward.")
    next_step = gettext_noop("Choose a time one hour later.")


def quarter_at(moment: datetime) -> int:
    """Return the quarter that starts at `moment` (aware). Raises OffGrid between two quarters."""
    seconds = moment.timestamp()
    if seconds % _SECONDS:
        raise OffGrid(time=moment.strftime("%H:%M"))
    return int(seconds // _SECONDS)


def quarter_of(moment: datetime) -> int:
    """Return the quarter in which `moment` (aware) falls."""
    return int(moment.timestamp() // _SECONDS)


def next_quarter(moment: datetime) -> int:
    """Return the first quarter that starts at or after `moment` (aware)."""
    return -int(-moment.timestamp() // _SECONDS)


def moment_of(quarter: int) -> datetime:
    """Return when `quarter` starts, aware, in UTC."""
    return datetime.fromtimestamp(quarter * _SECONDS, tz=UTC)


def local_quarter(day: date, at: time, zone: ZoneInfo) -> int:
    """Return the quarter of a local time of day, the earlier one when clocks go back.

    Raises NoSuchTime if clocks go forward over it, OffGrid if it is between two quarters.
    """
    local = datetime.combine(day, at, tzinfo=zone)
    if local.astimezone(UTC).astimezone(zone).time() != at:
        raise NoSuchTime(time=at.strftime("%H:%M"))
    return quarter_at(local)


def day_quarters(day: date, zone: ZoneInfo) -> range:
    """Return the quarters of a local day: 96, but 92 or 100 when clocks change."""
    first = quarter_at(datetime.combine(day, time(), tzinfo=zone))
    following = quarter_at(datetime.combine(day + timedelta(days=1), time(), tzinfo=zone))
    return range(first, following)
