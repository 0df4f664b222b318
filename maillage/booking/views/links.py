"""The addresses of a booking's own pages, each a signed link."""

from datetime import timedelta

from django.urls import reverse

from maillage.booking.models import Booking
from maillage.core.links import sign_link

HOLD_PURPOSE, ORGANISER_PURPOSE = "hold", "organiser"


def book_url(booking: Booking) -> str:
    """Return the address of the form that confirms a held booking, valid a day after its hold."""
    until = (booking.held_until or booking.created_at) + timedelta(days=1)
    return reverse("booking:book", args=[sign_link(HOLD_PURPOSE, str(booking.pk), until)])
