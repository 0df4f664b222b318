"""Calendar entries (RFC 5545, RFC 5546) that Outlook, Thunderbird, Nextcloud and Google take as one and the same event.

Knows no table: it is given an Invitation. The UID never changes; SEQUENCE grows with each change, so that a client
replaces what it has instead of adding a second entry.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vGeo, vText

from maillage.booking.gateways.time_zones import time_zone_component

PRODUCT = "-//Maillage//booking//FR"


class Method(StrEnum):
    """What the entry asks of the calendar that receives it."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a calendar entry."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """One party's view of a meeting. `start` and `end` are aware; `zone` is where its people read hours."""

    uid: str
    sequence: int
    summary: str
    description: str
    location: str
    url: str
    start: datetime
    end: datetime
    zone: ZoneInfo
    stamp: datetime
    organiser: Person
    sender: str
    attendee: Person | None = None
    position: tuple[float, float] | None = None
    alarm_words: str = ""


def calendar_file(invitation: Invitation, method: Method) -> bytes:
    """Return `invitation` as an iCalendar file, its time zone described inside."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    calendar.add_component(time_zone_component(invitation.zone, invitation.start.astimezone(invitation.zone).year))
    calendar.add_component(_event(invitation, method))
    return bytes(calendar.to_ical())


def calendar_of_many(invitations: Sequence[Invitation]) -> bytes:
    """Return several meetings as one file to publish: an invitation asks about one event only (RFC 5546, 3.2.2).

    A later change of one of them carries its UID, and replaces it alone.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", Method.PUBLISH.value)
    first = invitations[0]
    calendar.add_component(time_zone_component(first.zone, first.start.astimezone(first.zone).year))
    for invitation in invitations:
        calendar.add_component(_event(invitation, Method.PUBLISH))
    return bytes(calendar.to_ical())


def _event(invitation: Invitation, method: Method) -> Event:
    cancelled = method is Method.CANCEL
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.stamp)
    event.add("last-modified", invitation.stamp)
    event.add("dtstart", invitation.start.astimezone(invitation.zone))
    event.add("dtend", invitation.end.astimezone(invitation.zone))
    event.add("summary", invitation.summary)
    event.add("description", invitation.description)
    event.add("location", invitation.location)
    event.add("url", invitation.url)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    event.add("class", "PUBLIC")
    if invitation.position is not None:
        event["geo"] = vGeo(invitation.position)
    event["organizer"] = _organizer(invitation)
    if invitation.attendee is not None:
        event.add("attendee", _attendee(invitation.attendee), encode=False)
    if not cancelled and invitation.alarm_words:
        event.add_component(_alarm(invitation.alarm_words))
    return event


def _organizer(invitation: Invitation) -> vCalAddress:
    """The person who booked; SENT-BY says that we write in their name, so that answers still go to them."""
    address = vCalAddress(f"mailto:{invitation.organiser.email or invitation.sender}")
    address.params["CN"] = vText(_quotable(invitation.organiser.name))
    if invitation.organiser.email and invitation.sender not in {"", invitation.organiser.email}:
        address.params["SENT-BY"] = vText(f"mailto:{invitation.sender}")
    return address


def _attendee(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    address.params["CN"] = vText(_quotable(person.name))
    address.params["CUTYPE"] = vText("INDIVIDUAL")
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("NEEDS-ACTION")
    address.params["RSVP"] = vText("TRUE")
    return address


def _quotable(name: str) -> str:
    """Return `name` without what RFC 5545 forbids inside a parameter: double quotes and line breaks."""
    return " ".join(name.replace('"', "'").split())


def _alarm(words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", timedelta(minutes=-30))
    return alarm
