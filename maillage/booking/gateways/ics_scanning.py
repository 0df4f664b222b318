"""The parts of an iCalendar file that say when a room is taken, found in one pass over its lines.

A whole parser spends a millisecond on each event; a calendar may hold ten thousand. What repeats, or names a time zone
of its own, is left to that parser: see `ics_reading`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from maillage.booking.errors.calendars import CalendarUnreadable

_KEPT = {
    "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SUMMARY", "STATUS", "TRANSP",
    "FREEBUSY",
}  # fmt: skip
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_DURATION = re.compile(r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_FOLD = re.compile(r"\r?\n[ \t]")
_ZONE = re.compile(r'TZID="?([^";:]+)"?', re.IGNORECASE)


class NeedsTheWholeParser(Exception):
    """A time that only its own VTIMEZONE explains."""


@dataclass(frozen=True, slots=True)
class Line:
    """A property: its parameters as written, and its value."""

    parameters: str
    value: str


@dataclass(slots=True)
class Block:
    """One VEVENT, VFREEBUSY or VTIMEZONE: its kept properties, by name, and its own lines."""

    kind: str
    lines: list[str] = field(default_factory=list)
    properties: dict[str, list[Line]] = field(default_factory=dict)

    def value(self, name: str, default: str = "") -> str:
        """Return the first value of a property."""
        return self.properties[name][0].value if name in self.properties else default

    @property
    def repeats(self) -> bool:
        """Tell whether it stands for several times, or for one of a repetition."""
        return not self.properties.keys().isdisjoint({"RRULE", "RDATE", "RECURRENCE-ID"})

    @property
    def takes_the_room(self) -> bool:
        """Tell whether it is opaque and not cancelled."""
        transparent = self.value("TRANSP").strip().upper() == "TRANSPARENT"
        return not transparent and self.value("STATUS").strip().upper() != "CANCELLED"


def scan(content: bytes) -> list[Block]:
    """Return the events, busy times and time zones of an iCalendar file.

    Raises CalendarUnreadable for anything else, and for a file that was cut: believing it would free rooms.
    """
    text = _FOLD.sub("", content.decode("utf-8", "replace").removeprefix("\ufeff"))
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR" or lines[-1].strip().upper() != "END:VCALENDAR":
        raise CalendarUnreadable
    return list(_blocks(lines))


def _blocks(lines: list[str]) -> Iterator[Block]:
    current: Block | None = None
    depth = 0  # of components inside the current one: alarms, daylight
    for line in lines:
        mark, _, kind = line.strip().upper().partition(":")
        if mark == "BEGIN" and kind in {"VEVENT", "VFREEBUSY", "VTIMEZONE"} and current is None:
            current, depth = Block(kind), 0
            continue
        if current is None:
            continue
        if mark == "END" and kind == current.kind and depth == 0:
            yield current
            current = None
            continue
        depth += {"BEGIN": 1, "END": -1}.get(mark, 0)
        current.lines.append(line)
        if depth == 0:
            _keep(current, line)
    if current is not None:
        raise CalendarUnreadable


def _keep(block: Block, line: str) -> None:
    name, parameters, value = _parted(line)
    if name in _KEPT:
        block.properties.setdefault(name, []).append(Line(parameters, value))


def _parted(line: str) -> tuple[str, str, str]:
    """Return name, parameters and value of a line; a colon between quotes does not part them."""
    quoted = False
    for index, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == ":" and not quoted:
            name, _, parameters = line[:index].partition(";")
            return name.strip().upper(), parameters, line[index + 1 :]
    return "", "", ""


def edges(block: Block, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when an event starts and ends, aware. A day without an end lasts a day; a time without one, nothing.

    Raises ValueError for what cannot be read, NeedsTheWholeParser for a zone that only the file knows.
    """
    if "DTSTART" not in block.properties:
        raise ValueError("an event without a start")
    begins = moment(block.properties["DTSTART"][0], zone)
    if "DTEND" in block.properties:
        return aware(begins, zone), aware(moment(block.properties["DTEND"][0], zone), zone)
    if "DURATION" in block.properties:
        lasting = duration(block.value("DURATION"))
    else:
        lasting = timedelta() if isinstance(begins, datetime) else timedelta(days=1)
    return aware(begins, zone), aware(begins + lasting, zone)


def moment(line: Line, zone: ZoneInfo) -> date:
    """Return a date, or an aware datetime. Raises as `edges`."""
    found = _MOMENT.fullmatch(line.value.strip())
    if not found:
        raise ValueError("not a time")
    year, month, day = (int(part) for part in found.groups()[:3])
    if found[4] is None:
        return date(year, month, day)
    hour, minute, second = int(found[4]), int(found[5]), min(int(found[6]), 59)
    named = _ZONE.search(line.parameters)
    clock = UTC if found[7] else _zone(named[1]) if named else zone
    return datetime(year, month, day, hour, minute, second, tzinfo=clock)


def duration(text: str) -> timedelta:
    """Return an iCalendar duration. Raises ValueError."""
    found = _DURATION.fullmatch(text.strip().upper())
    if not found or not any(found.groups()[1:]):
        raise ValueError("not a duration")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    lasting = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -lasting if found[1] == "-" else lasting


def aware(value: date, zone: ZoneInfo) -> datetime:
    """Return `value` as a moment: a day starts at its local midnight."""
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=zone)


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name.strip())
    except (KeyError, ValueError, OSError) as unknown:
        raise NeedsTheWholeParser(name) from unknown
