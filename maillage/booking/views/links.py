"""The addresses of a booking's own pages, each a signed link, and the hold that a visitor's browser remembers."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.urls import reverse

from maillage.booking.models import Booking, BookingStatus
from maillage.core.errors import DomainError
from maillage.core.links import read_link, sign_link

HOLD_PURPOSE, ORGANISER_PURPOSE = "hold", "organiser"
KEPT = "kept_hold"
"""The cookie with the link of the hold, gone with it. It serves the booking and nothing else."""


def book_url(booking: Booking) -> str:
    """Return the address of the form that confirms a held booking, valid a day after its hold."""
    until = (booking.held_until or booking.created_at) + timedelta(days=1)
    return reverse("booking:book", args=[sign_link(HOLD_PURPOSE, str(booking.pk), until)])


def kept_hold(request: HttpRequest, now: datetime) -> Booking | None:
    """Return the booking that this visitor still holds without having confirmed it."""
    token = request.COOKIES.get(KEPT, "")
    if not token:
        return None
    try:
        booking_id = read_link(HOLD_PURPOSE, token, now)
    except DomainError:
        return None
    return Booking.objects.filter(pk=booking_id, status=BookingStatus.HELD, held_until__gt=now).first()
