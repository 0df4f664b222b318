"""Reads, by noun, their number of queries pinned in tests. Import from here."""

from maillage.conference.selectors.attendance import PartyAttendance, attendance_of
from maillage.conference.selectors.calls import DialledMeeting, meeting_by_code
from maillage.conference.selectors.guests import Guest, guest_by_link
from maillage.conference.selectors.presence import presence_of
from maillage.conference.selectors.routes import kinds_in, kinds_of, route_of

__all__ = [
    "DialledMeeting",
    "Guest",
    "PartyAttendance",
    "attendance_of",
    "guest_by_link",
    "kinds_in",
    "kinds_of",
    "meeting_by_code",
    "presence_of",
    "route_of",
]
