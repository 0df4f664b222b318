"""What the desk does in a meeting under way: each is told to its people where they sit."""

from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext

from maillage.booking.models import Booking
from maillage.booking.services.extensions import extend_booking
from maillage.conference.errors import NotIn
from maillage.conference.models import Attendance, Conference
from maillage.conference.services import ask_recording, ask_side, stop_recording
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


def ask_to_record(*, booking: Booking, agent_id: int, now: datetime) -> None:
    """Ask for the organiser that a meeting under way be recorded: each side that is in still accepts or refuses.

    Raises NotIn while nobody is in, RecordingUnavailable, MeetingOver.
    """
    conference = Conference.objects.filter(booking=booking, attendances__left_at=None).first()
    if conference is None:
        raise NotIn
    ask_recording(conference_id=conference.pk, agent_id=agent_id, now=now)


def stop_record(*, booking: Booking, agent_id: int, now: datetime) -> None:
    """Withdraw the demand, or end the recording. Harmless when there is none."""
    conference = Conference.objects.filter(booking=booking).first()
    if conference is not None:
        stop_recording(conference_id=conference.pk, agent_id=agent_id, now=now)


def tell_sides(*, booking: Booking, text: str, agent_id: int, now: datetime) -> int:
    """Show `text` to every side that is in; return to how many."""
    stays = Attendance.objects.filter(conference__booking=booking, left_at=None).select_related("party__booking")
    for stay in stays:
        ask_side(party=stay.party, what="notice", text=text, agent_id=agent_id, now=now)
    return len(stays)
