"""One meeting as its page at the desk shows it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from maillage.booking.models import Booking, Party
from maillage.booking.selectors import organiser_link
from maillage.concierge.errors import MeetingUnknown
from maillage.concierge.models import Ticket
from maillage.concierge.selectors.board import FOLLOWED, MeetingRow, meeting_row, whole_bookings
from maillage.concierge.selectors.facts import gather
from maillage.conference.models import Conference
from maillage.conference.selectors.recordings import recording_told
from maillage.core.models import JournalEntry
from maillage.station.models import SelfTest


@dataclass(frozen=True, slots=True)
class MeetingSheet:
    """Its row, its tests, its tickets with their story, and its journal, the latest first."""

    row: MeetingRow
    tests: tuple[SelfTest, ...]
    tickets: tuple[Ticket, ...]
    journal: tuple[JournalEntry, ...]
    organiser_page: str


@dataclass(frozen=True, slots=True)
class DeskRecording:
    """Whether a meeting is recorded: `step` is off, asked, on or paused; who has still to answer, who refused."""

    step: str
    waiting: tuple[str, ...]
    refused: tuple[str, ...]


def recording_at_desk(booking_id: UUID) -> DeskRecording | None:
    """Return where the recording of a meeting is; None while nobody is in. Five queries at most."""
    conference = Conference.objects.filter(booking=booking_id, attendances__left_at=None).first()
    if conference is None:
        return None
    told = recording_told(conference.pk)
    names = dict(Party.objects.filter(booking=booking_id).values_list("pk", "name"))
    waiting, refused = (tuple(names[party] for party in told[key]) for key in ("waiting", "refused"))
    return DeskRecording(str(told["step"]), waiting, refused)


def followed_meeting(booking_id: UUID) -> Booking:
    """Return a booking that the desk follows, its parties loaded. Raises MeetingUnknown. Two queries."""
    booking = whole_bookings().filter(pk=booking_id, status__in=FOLLOWED).first()
    if booking is None:
        raise MeetingUnknown
    return booking


def meeting_sheet(booking_id: UUID, now: datetime) -> MeetingSheet:
    """Return all that the desk knows of a meeting. Raises MeetingUnknown. Thirteen queries."""
    booking = followed_meeting(booking_id)
    row = meeting_row(booking, gather([booking]), now)
    tests = SelfTest.objects.filter(booking=booking).select_related("station__room__point")
    rooms = [side.party.room_id for side in row.sides if side.party.room_id]
    known = Ticket.objects.filter(booking=booking) | Ticket.objects.filter(room__in=rooms, closed_at=None)
    tickets = known.select_related("room__point", "party", "supplier", "test").prefetch_related("notes__agent")
    journal = JournalEntry.objects.filter(subject=f"booking:{booking.reference}").select_related("agent")
    return MeetingSheet(row, tuple(tests), tuple(tickets), tuple(journal[:30]), organiser_link(booking))
