"""What the desk does in a meeting under way: each is told to its people where they sit."""

from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext

from maillage.booking.models import Booking
from maillage.booking.services.extensions import extend_booking
from maillage.conference.models import Attendance
from maillage.conference.services import ask_side
from maillage.core.words import hour_words


def extend_meeting(*, booking_id: UUID, agent_id: int, now: datetime) -> Booking:
    """Make a meeting a quarter of an hour longer, and say so to the sides that are in.

    Raises UnknownBooking, NoExtension, RoomClosed, SlotTaken.
    """
    booking = extend_booking(booking_id=booking_id, now=now, through="agent", agent_id=agent_id)
    with translation.override(booking.language):
        end = hour_words(booking.end_quarter, booking.time_zone)
        tell_sides(booking=booking, text=gettext("your meeting may go on until %(hour)s.") % {"hour": end},
                   agent_id=agent_id, now=now)  # fmt: skip
    return booking


def tell_sides(*, booking: Booking, text: str, agent_id: int, now: datetime) -> int:
    """Show `text` to every side that is in; return to how many."""
    stays = Attendance.objects.filter(conference__booking=booking, left_at=None).select_related("party__booking")
    for stay in stays:
        ask_side(party=stay.party, what="notice", text=text, agent_id=agent_id, now=now)
    return len(stays)
