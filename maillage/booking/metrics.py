"""What booking shows to those who watch the servers. Four queries."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db.models import Count, Q
from django.utils import timezone
from prometheus_client.core import Metric

from maillage.booking.models import Booking, BookingStatus, KeyLoan, LetterRecord, LetterStatus, Wait, WaitStatus
from maillage.core.metrics import gauge, gauges, measured
from maillage.core.quarters import quarter_of

LATE: Final = timedelta(minutes=10)


@measured
def booking_figures() -> Iterable[Metric]:
    """Bookings to come, letters on their way and given up."""
    ahead = Booking.objects.filter(first_quarter__gte=quarter_of(timezone.now()))
    counted = ahead.aggregate(
        held=Count("pk", filter=Q(status=BookingStatus.HELD)),
        confirmed=Count("pk", filter=Q(status=BookingStatus.CONFIRMED)),
    )
    yield gauges("bookings_ahead", "Bookings that have not begun, by state", "state", counted)
    line = Wait.objects.aggregate(
        waiting=Count("pk", filter=Q(status=WaitStatus.WAITING)),
        offered=Count("pk", filter=Q(status=WaitStatus.OFFERED)),
    )
    yield gauges("waiting_list", "People in the waiting list, by state", "state", line)
    out = KeyLoan.objects.filter(returned_at=None).aggregate(
        lent=Count("pk"), late=Count("pk", filter=Q(due_at__lt=timezone.now()))
    )
    yield gauges("keys_out", "Keys that somebody has, and those of them that are late", "state", out)
    letters = LetterRecord.objects.aggregate(
        waiting=Count("pk", filter=Q(status__in=[LetterStatus.WAITING, LetterStatus.SENDING])),
        late=Count("pk", filter=Q(status=LetterStatus.WAITING, due_at__lt=timezone.now() - LATE)),
    )
    yield gauge("letters_waiting", "Mails recorded and not yet sent", letters["waiting"])
    yield gauge("letters_late", "Mails that should have left ten minutes ago: is the worker running?", letters["late"])
