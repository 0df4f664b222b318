"""A time zone described as calendar programs expect: two yearly rules, not seventy years of dates.

Outlook reads a VTIMEZONE only if its changes follow a rule such as "the last Sunday of March". The rule is worked out
from the real changes around the year of the meeting, and kept only if it gives these changes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Change:
    """One change of the clocks: when, on the clock that was in use before, and from which offset to which."""

    local: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool

    @property
    def rule(self) -> tuple[int, str]:
        """The month and the day in it, as (3, "-1SU"), the last week counted from the end."""
        day = self.local.date()
        is_last = (day + timedelta(days=7)).month != day.month
        week = -1 if is_last else (day.day - 1) // 7 + 1
        return day.month, f"{week}{_DAYS[day.weekday()]}"


def time_zone_component(zone: ZoneInfo, year: int) -> Timezone:
    """Return the VTIMEZONE of `zone`, right from the year before `year` to the year after."""
    component = Timezone()
    component.add("tzid", zone.key)
    changes = _changes(zone, year - 1)
    following = [*_changes(zone, year), *_changes(zone, year + 1)]
    if not changes and not following:
        component.add_component(_constant(zone, year))
        return component
    for change in changes or following:
        component.add_component(_observance(change, following))
    return component


def _changes(zone: ZoneInfo, year: int) -> list[_Change]:
    """Return the changes of a year, found by walking its hours where two days differ."""
    found: list[_Change] = []
    moment = datetime(year, 1, 1, tzinfo=ZoneInfo("UTC"))
    while moment.year == year:
        if moment.astimezone(zone).utcoffset() != (moment + timedelta(days=1)).astimezone(zone).utcoffset():
            found.append(_change_within(zone, moment))
        moment += timedelta(days=1)
    return found


def _change_within(zone: ZoneInfo, day: datetime) -> _Change:
    before = day.astimezone(zone).utcoffset() or timedelta()
    moment = day
    while (moment.astimezone(zone).utcoffset() or timedelta()) == before:
        moment += _HOUR / 4
    after = moment.astimezone(zone)
    return _Change(
        local=(moment + before).replace(tzinfo=None),
        before=before,
        after=after.utcoffset() or timedelta(),
        name=after.tzname() or "",
        is_summer=bool(after.dst()),
    )


def _observance(change: _Change, following: list[_Change]) -> TimezoneStandard | TimezoneDaylight:
    part: TimezoneStandard | TimezoneDaylight = TimezoneDaylight() if change.is_summer else TimezoneStandard()
    part.add("dtstart", change.local)
    part.add("tzoffsetfrom", change.before)
    part.add("tzoffsetto", change.after)
    part.add("tzname", change.name)
    alike = [other for other in following if other.is_summer == change.is_summer]
    month, day = change.rule
    if alike and all(other.rule == change.rule and other.local.time() == change.local.time() for other in alike):
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": day})
    elif alike:
        part.add("rdate", [other.local for other in alike])
    return part


def _constant(zone: ZoneInfo, year: int) -> TimezoneStandard:
    """A zone whose clocks do not change."""
    local = datetime(year, 1, 1, tzinfo=zone)
    offset = local.utcoffset() or timedelta()
    part = TimezoneStandard()
    part.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  (a local time, as the format asks)
    part.add("tzoffsetfrom", offset)
    part.add("tzoffsetto", offset)
    part.add("tzname", local.tzname() or zone.key)
    return part
