"""Our own calendars as iCalendar files that other software subscribes to. Knows no table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, FreeBusy

from maillage.booking.gateways.calendar import PRODUCT

EVERY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class PublishedEvent:
    """One time in a published calendar. `start` and `end` are aware; `zone` is where its people read hours."""

    uid: str
    sequence: int
    summary: str
    start: datetime
    end: datetime
    zone: ZoneInfo
    stamp: datetime
    description: str = ""
    location: str = ""
    url: str = ""


def published_calendar(name: str, events: Iterable[PublishedEvent]) -> bytes:
    """Return a calendar that clients read again every quarter of an hour."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    for event in events:
        calendar.add_component(_event(event))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


@dataclass(frozen=True, slots=True)
class BusyTimes:
    """When somebody or something is taken. Times are aware, in UTC; `shut` is when it cannot be had at all."""

    uid: str
    organiser: str
    url: str
    stamp: datetime
    start: datetime
    end: datetime
    taken: tuple[tuple[datetime, datetime], ...]
    shut: tuple[tuple[datetime, datetime], ...]


def free_busy_file(times: BusyTimes) -> bytes:
    """Return a published VFREEBUSY (RFC 5545, 3.6.4; RFC 5546, 3.3.1): no name, no subject."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    entry = FreeBusy()
    entry.add("uid", times.uid)
    entry.add("dtstamp", times.stamp)
    entry.add("organizer", times.organiser)
    entry.add("url", times.url)
    entry.add("dtstart", times.start)
    entry.add("dtend", times.end)
    for kind, spans in (("BUSY", times.taken), ("BUSY-UNAVAILABLE", times.shut)):
        for span in spans:
            entry.add("freebusy", span, parameters={"FBTYPE": kind})
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def stored_entry(event: PublishedEvent) -> bytes:
    """Return one event as a CalDAV server stores it: without a method."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add_component(_event(event))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(event: PublishedEvent) -> Event:
    entry = Event()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", event.stamp)
    entry.add("dtstart", event.start.astimezone(event.zone))
    entry.add("dtend", event.end.astimezone(event.zone))
    entry.add("summary", event.summary)
    for name, value in (("description", event.description), ("location", event.location), ("url", event.url)):
        if value:
            entry.add(name, value)
    entry.add("status", "CONFIRMED")
    entry.add("transp", "OPAQUE")
    return entry
