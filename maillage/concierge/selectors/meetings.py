"""One meeting as its page at the desk shows it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from maillage.booking.models import Booking
from maillage.booking.selectors import organiser_link
from maillage.concierge.errors import MeetingUnknown
from maillage.concierge.models import Ticket
from maillage.concierge.selectors.board import FOLLOWED, MeetingRow, meeting_row, whole_bookings
from maillage.concierge.selectors.facts import gather
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
