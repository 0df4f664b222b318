"""What happens to a booking is told to its people."""

from uuid import UUID

from django.utils import timezone

from maillage.booking.events import (
    BookingAsked,
    BookingCancelled,
    BookingChanged,
    BookingConfirmed,
    BookingDone,
    LetterBounced,
    OtherTimesProposed,
    RoomLossSettled,
    RoomLost,
)
from maillage.booking.models import Booking, Broadcast, CancelCause, LetterKind
from maillage.booking.services.bounces import tell_hosts_later
from maillage.booking.services.calendars import try_soon
from maillage.booking.services.letters import write_letters_later
from maillage.booking.services.loss_letters import tell_loss_later, tell_settled_later
from maillage.booking.services.notices import tell_answer_later, tell_end_later, write_requests_later
from maillage.booking.services.seat_letters import write_seat_letters_later
from maillage.booking.services.waits import note_freed
from maillage.core.events import subscribe
from maillage.points.events import ClosureLifted, PointHoursChanged

_TOLD_OTHERWISE = {
    CancelCause.HOLD_EXPIRED,
    CancelCause.DECLINED,
    CancelCause.UNANSWERED,
    CancelCause.NOT_CHOSEN,
}


@subscribe(BookingAsked)
def ask_the_points(event: BookingAsked) -> None:
    """Write to the points that must answer, and to the organiser that they are asked."""
    write_requests_later.enqueue(str(event.booking_id))


@subscribe(OtherTimesProposed)
def tell_other_times(event: OtherTimesProposed) -> None:
    """Let the organiser choose among them."""
    tell_answer_later.enqueue(str(event.booking_id), LetterKind.OTHER_TIMES.value)


@subscribe(BookingCancelled)
def tell_what_the_points_said(event: BookingCancelled) -> None:
    """Tell the organiser that a request failed, those who were asked that nobody comes, and count it."""
    tell_end_later.enqueue(str(event.booking_id), event.cause)


@subscribe(BookingConfirmed)
def write_confirmation(event: BookingConfirmed) -> None:
    """Send every link to the organiser, and theirs to the guests."""
    write_letters_later.enqueue(str(event.booking_id), LetterKind.CONFIRMATION.value)


@subscribe(BookingChanged)
def write_change(event: BookingChanged) -> None:
    """Say the new hour or the new place, and bring the calendars up to date."""
    kind = LetterKind.NEW_ROOM if event.is_place else LetterKind.CHANGE
    write_letters_later.enqueue(str(event.booking_id), kind.value)


@subscribe(BookingCancelled)
def write_cancellation(event: BookingCancelled) -> None:
    """Say that it is cancelled; nobody was told of a hold that nobody confirmed."""
    if event.cause in _TOLD_OTHERWISE:
        return
    if Booking.objects.filter(pk=event.booking_id, confirmed_at__isnull=False).exists():
        write_letters_later.enqueue(str(event.booking_id), LetterKind.CANCELLATION.value)


@subscribe(BookingConfirmed)
def ask_for_a_companion(event: BookingConfirmed) -> None:
    """Tell the facilitators of the place that a first session is to be accompanied."""
    _tell_companions(event.booking_id, LetterKind.COMPANION)


@subscribe(BookingChanged)
def move_the_companion(event: BookingChanged) -> None:
    """Tell them the new hour."""
    _tell_companions(event.booking_id, LetterKind.COMPANION)


@subscribe(BookingCancelled)
def free_the_companion(event: BookingCancelled) -> None:
    """Tell them that their time is free again."""
    _tell_companions(event.booking_id, LetterKind.NO_COMPANION)


def _tell_companions(booking_id: UUID, kind: LetterKind) -> None:
    if Booking.objects.filter(pk=booking_id, is_accompanied=True, confirmed_at__isnull=False).exists():
        write_letters_later.enqueue(str(booking_id), kind.value)


@subscribe(BookingChanged)
def move_the_public(event: BookingChanged) -> None:
    """Tell those who have a seat at a public session its new hour."""
    _tell_the_public(event.booking_id, LetterKind.SEAT_MOVED)


@subscribe(BookingCancelled)
def free_the_public(event: BookingCancelled) -> None:
    """Tell them that it will not take place."""
    _tell_the_public(event.booking_id, LetterKind.SEAT_OFF)


def _tell_the_public(booking_id: UUID, kind: LetterKind) -> None:
    if Broadcast.objects.filter(booking=booking_id).exists():
        write_seat_letters_later.enqueue(str(booking_id), kind.value)


@subscribe(BookingConfirmed)
def write_in_calendars(event: BookingConfirmed) -> None:
    """Have it written in the other calendars of its rooms at the next run."""
    try_soon(event.booking_id, timezone.now())


@subscribe(BookingChanged)
def move_in_calendars(event: BookingChanged) -> None:
    """Have it moved there."""
    try_soon(event.booking_id, timezone.now())


@subscribe(BookingCancelled)
def remove_from_calendars(event: BookingCancelled) -> None:
    """Have it removed from there."""
    try_soon(event.booking_id, timezone.now())


@subscribe(RoomLost)
def tell_room_lost(event: RoomLost) -> None:
    """Let the organiser choose another room, another hour, or cancel."""
    tell_loss_later.enqueue(event.loss_id)


@subscribe(RoomLossSettled)
def tell_room_back(event: RoomLossSettled) -> None:
    """Tell the organiser when the room is theirs after all; what they chose themselves is told as a change."""
    tell_settled_later.enqueue(event.loss_id, event.status)


@subscribe(LetterBounced)
def have_organiser_called(event: LetterBounced) -> None:
    """Tell the point that this organiser can be reached by telephone only."""
    if event.is_organiser:
        tell_hosts_later.enqueue(str(event.booking_id))


@subscribe(BookingChanged)
def offer_what_it_left(event: BookingChanged) -> None:
    """Its former rooms or hour may suit somebody in line."""
    note_freed()


@subscribe(BookingCancelled)
def offer_what_it_gave_back(event: BookingCancelled) -> None:
    """So may the rooms of a meeting that will not take place, or to which nobody came."""
    note_freed()


@subscribe(BookingDone)
def offer_what_remained(event: BookingDone) -> None:
    """So may what remained of one that ended early."""
    note_freed()


@subscribe(ClosureLifted)
def offer_what_reopened(event: ClosureLifted) -> None:
    """So may a point that opens after all."""
    note_freed()


@subscribe(PointHoursChanged)
def offer_new_hours(event: PointHoursChanged) -> None:
    """So may its new hours."""
    note_freed()
