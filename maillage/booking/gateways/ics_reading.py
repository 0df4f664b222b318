"""When a foreign calendar says that a room is taken, in quarters. Bounded in time, in events and in work.

Only opaque, not cancelled events count; all-day events take the whole local day. Repetitions are worked out inside the
window alone; rules by the hour or finer, or that never happen, are left out, but counted.
"""

import time
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from maillage.booking.errors.calendars import CalendarTooSlow
from maillage.booking.gateways.ics_scanning import (
    Block,
    Line,
    NeedsTheWholeParser,
    aware,
    duration,
    edges,
    moment,
    scan,
)
from maillage.core.quarters import moment_of, next_quarter, quarter_of

MOST_OCCURRENCES = 50_000
MOST_WORK_SECONDS = 20.0
_READABLE_RULES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_UNREADABLE = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Busy:
    """A time during which the room is taken, from a quarter to another, not included."""

    first_quarter: int
    end_quarter: int
    uid: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a calendar. `left_out` counts events that could not be read or repeat too finely."""

    busy: tuple[Busy, ...]
    left_out: int = 0


def read_busy(
    content: bytes, *, first_quarter: int, end_quarter: int, zone: ZoneInfo, is_ours: Callable[[str], bool]
) -> Reading:
    """Return the busy times of an iCalendar file between two quarters.

    zone: for hours without one and for whole days. is_ours: tells our own events by their UID: they are passed over.
    Raises CalendarUnreadable, CalendarTooSlow.
    """
    blocks = scan(content)
    window = _Window(first_quarter, end_quarter, zone)
    zones = [block for block in blocks if block.kind == "VTIMEZONE"]
    limit = time.monotonic() + MOST_WORK_SECONDS
    busy: list[Busy] = []
    left_out = 0
    for uid, group in _by_uid(blocks).items():
        if is_ours(uid):
            continue
        try:
            busy += _busy_of(uid, group, zones, window)
        except _UNREADABLE:
            left_out += 1
        if len(busy) > MOST_OCCURRENCES or time.monotonic() > limit:
            raise CalendarTooSlow
    return Reading(tuple(busy), left_out)


@dataclass(frozen=True, slots=True)
class _Window:
    first: int
    end: int
    zone: ZoneInfo

    def clipped(self, start: datetime, end: datetime, uid: str, summary: str) -> Iterator[Busy]:
        """Yield the part of an event inside the window, if there is one."""
        first, last = max(quarter_of(start), self.first), min(next_quarter(end), self.end)
        if last > first and end > start:
            yield Busy(first, last, uid, " ".join(summary.replace("\\n", " ").replace("\\", "").split())[:120])


def _by_uid(blocks: Sequence[Block]) -> dict[str, list[Block]]:
    """Return the events by their UID: a repeated one with its exceptions. Those without a UID stand alone."""
    groups: dict[str, list[Block]] = {}
    for index, block in enumerate(blocks):
        if block.kind != "VTIMEZONE":
            groups.setdefault(block.value("UID").strip() or f"?{index}", []).append(block)
    return groups


def _busy_of(uid: str, group: Sequence[Block], zones: Sequence[Block], window: _Window) -> Iterator[Busy]:
    """Return the times of the events of one UID. Nothing is kept of a group of which a part cannot be read."""
    found: list[Busy] = []
    for block in (block for block in group if block.kind == "VFREEBUSY"):
        found += _free_busy(block, window)
    events = [block for block in group if block.kind == "VEVENT"]
    if any(event.repeats for event in events):
        return iter(found + list(_expanded(uid, events, zones, window)))
    for event in events:
        if event.takes_the_room:
            try:
                start, end = edges(event, window.zone)
            except NeedsTheWholeParser:
                found += _expanded(uid, [event], zones, window)
                continue
            found += window.clipped(start, end, uid, event.value("SUMMARY"))
    return iter(found)


def _expanded(uid: str, events: Sequence[Block], zones: Sequence[Block], window: _Window) -> Iterator[Busy]:
    for line in (line for event in events for line in event.properties.get("RRULE", [])):
        _check_rule(line.value)
    inner = [f"BEGIN:{b.kind}\r\n" + "\r\n".join(b.lines) + f"\r\nEND:{b.kind}\r\n" for b in (*zones, *events)]
    alone = Calendar.from_ical("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(inner) + "END:VCALENDAR\r\n")
    query = recurring_ical_events.of(alone, skip_bad_series=False)
    for event in query.between(moment_of(window.first), moment_of(window.end)):
        transparent = str(event.get("TRANSP", "OPAQUE")).upper() == "TRANSPARENT"
        if transparent or str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        start, end = _edges_of(event, window.zone)
        yield from window.clipped(start, end, uid, str(event.get("SUMMARY", "")))


def _edges_of(event: Any, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when an occurrence starts and ends; hours without a zone are the room's."""
    begins, ends = event.decoded("DTSTART"), event.decoded("DTEND")
    return _in_zone(begins, zone), _in_zone(ends, zone)


def _in_zone(value: date, zone: ZoneInfo) -> datetime:
    moment_there = aware(value, zone)
    return moment_there if moment_there.tzinfo else moment_there.replace(tzinfo=zone)


def _check_rule(text: str) -> None:
    """Refuse a rule that would be looked for in vain until the year 9999, or that no room follows.

    Raises ValueError.
    """
    parts = dict(part.partition("=")[::2] for part in text.upper().split(";"))
    if parts.get("FREQ") not in _READABLE_RULES:
        raise ValueError("a rule by the hour or finer")
    if "BYSETPOS" in parts and parts["FREQ"] in {"DAILY", "WEEKLY"}:
        raise ValueError("a position among the times of a day")
    if {"BYHOUR", "BYMINUTE", "BYSECOND"} & parts.keys() or {"BYYEARDAY", "BYMONTH"} <= parts.keys():
        raise ValueError("a rule finer than a room's")
    if any(not 1 <= abs(int(day)) <= 366 for day in _numbers(parts, "BYYEARDAY")):
        raise ValueError("no such day of a year")
    days = _numbers(parts, "BYMONTHDAY")
    months = _numbers(parts, "BYMONTH") or list(range(1, 13))
    longest = max(monthrange(2024, month)[1] for month in months)
    if days and min(abs(int(day)) for day in days) > longest:
        raise ValueError("no such day of a month")


def _numbers(parts: dict[str, str], name: str) -> list[int]:
    return [int(number) for number in parts.get(name, "").split(",") if number]


def _free_busy(block: Block, window: _Window) -> Iterator[Busy]:
    """Yield the periods of a VFREEBUSY, which says when without saying what."""
    for line in block.properties.get("FREEBUSY", []):
        if "FBTYPE=FREE" in line.parameters.upper().split(";"):
            continue
        for period in line.value.split(","):
            begins, _, ends = period.strip().partition("/")
            start = aware(moment(Line("", begins), window.zone), window.zone)
            end = start + duration(ends) if ends[:1] in {"P", "+"} else _end(ends, window.zone)
            yield from window.clipped(start, end, "", "")


def _end(text: str, zone: ZoneInfo) -> datetime:
    return aware(moment(Line("", text), zone), zone)
