"""What happens to a booking is told to its people."""

from django.utils import timezone

from maillage.booking.events import BookingCancelled, BookingChanged, BookingConfirmed
from maillage.booking.models import Booking, CancelCause, LetterKind
from maillage.booking.services.calendars import try_soon
from maillage.booking.services.letters import write_letters_later
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
