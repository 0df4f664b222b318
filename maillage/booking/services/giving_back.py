"""A visitor who chooses another hour gives back the one they kept: nobody holds two."""

from datetime import datetime
from uuid import UUID

from maillage.booking.models import Booking, BookingStatus
from maillage.booking.services.endings import release_holds


def give_back_hold(*, booking_id: UUID, now: datetime) -> bool:
    """Free the rooms of a hold before its time and tell whether there was one. Confirmed meanwhile, it stays."""
    held = Booking.objects.filter(pk=booking_id, status=BookingStatus.HELD, held_until__gt=now)
    held.update(held_until=now)
    return release_holds([booking_id], now=now) == 1
