"""What happens to a booking is told to its people."""

from uuid import UUID

from django.utils import timezone

from maillage.booking.events import BookingCancelled, BookingChanged, BookingConfirmed
from maillage.booking.models import Booking, Broadcast, CancelCause, LetterKind
from maillage.booking.services.calendars import try_soon
from maillage.booking.services.letters import write_letters_later
from maillage.booking.services.seat_letters import write_seat_letters_later
from maillage.core.events import subscribe


@subscribe(BookingConfirmed)
def write_confirmation(event: BookingConfirmed) -> None:
    """Send every link to the organiser, and theirs to the guests."""
    write_letters_later.enqueue(str(event.booking_id), LetterKind.CONFIRMATION.value)


@subscribe(BookingChanged)
def write_change(event: BookingChanged) -> None:
    """Say the new hour, and bring the calendars up to date."""
    write_letters_later.enqueue(str(event.booking_id), LetterKind.CHANGE.value)


@subscribe(BookingCancelled)
def write_cancellation(event: BookingCancelled) -> None:
    """Say that it is cancelled; nobody was told of a hold that nobody confirmed."""
    if event.cause == CancelCause.HOLD_EXPIRED:
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
