"""What the counting does when something happens below it."""

from django.utils import timezone

from maillage.booking.events import BookingCancelled, BookingDone
from maillage.conference.events import TravelAnswered
from maillage.core.events import subscribe
from maillage.usage.selectors.bookings import COUNTED_CAUSES, has_use
from maillage.usage.services import compute_use, recompute_use


@subscribe(BookingDone)
def count_done_booking(event: BookingDone) -> None:
    """Count a meeting as soon as it is over."""
    compute_use(booking_id=event.booking_id, now=timezone.now())


@subscribe(BookingCancelled)
def count_cancelled_booking(event: BookingCancelled) -> None:
    """Keep count of the meetings that a failure or an absence undid; the others are no use."""
    if event.cause in COUNTED_CAUSES:
        compute_use(booking_id=event.booking_id, now=timezone.now())


@subscribe(TravelAnswered)
def count_late_answer(event: TravelAnswered) -> None:
    """Count again when somebody says afterwards how they would have come; before the end there is nothing to redo."""
    if has_use(event.booking_id):
        recompute_use(booking_id=event.booking_id, now=timezone.now())
