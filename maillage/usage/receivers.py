"""What the counting does when something happens below it."""

from django.utils import timezone

from maillage.booking.events import BookingCancelled, BookingDone
from maillage.core.events import subscribe
from maillage.usage.services import compute_use


@subscribe(BookingDone)
def count_done_booking(event: BookingDone) -> None:
    """Count a meeting as soon as it is over."""
    compute_use(booking_id=event.booking_id, now=timezone.now())


@subscribe(BookingCancelled)
def count_cancelled_booking(event: BookingCancelled) -> None:
    """Keep count of the meetings that a failure or an absence undid; the others are no use."""
    compute_use(booking_id=event.booking_id, now=timezone.now())
