"""Who may do what with a booking: decided from its state and its own times, never from the page."""

from datetime import datetime

from maillage.booking.domain.wishes import MOST_EXTRA, MOST_LENGTH
from maillage.booking.models import Booking, BookingStatus
from maillage.core.quarters import moment_of

WALK_IN = "walk-in-"
"""How the request of people who book on a room's screen, for at once, begins."""


def is_walk_in(booking: Booking) -> bool:
    """Tell whether people booked it on a room's screen, for at once."""
    return booking.request_key.startswith(WALK_IN)


def is_hold_over(booking: Booking, *, now: datetime) -> bool:
    """Tell whether the rooms were held for this booking and no longer are, released yet or not."""
    return booking.status == BookingStatus.HELD and booking.held_until is not None and booking.held_until <= now


def has_started(booking: Booking, *, now: datetime) -> bool:
    """Tell whether its planned time has begun."""
    return now >= moment_of(booking.first_quarter)


def can_confirm(booking: Booking, *, now: datetime) -> bool:
    """Only rooms still held."""
    return booking.status == BookingStatus.HELD and not is_hold_over(booking, now=now)


def can_move(booking: Booking, *, now: datetime) -> bool:
    """Only a confirmed meeting that has not begun."""
    return booking.status == BookingStatus.CONFIRMED and not has_started(booking, now=now)


def can_cancel(booking: Booking, *, now: datetime) -> bool:
    """Until its planned end: after it, what happened is counted."""
    is_alive = booking.status in {BookingStatus.HELD, BookingStatus.ASKED, BookingStatus.CONFIRMED}
    return is_alive and now < moment_of(booking.end_quarter)


def can_extend(booking: Booking, *, now: datetime) -> bool:
    """Only a meeting under way that has not had all its extra time, whatever its rooms."""
    under_way = moment_of(booking.first_quarter) <= now < moment_of(booking.end_quarter)
    has_room = booking.extra_quarters < MOST_EXTRA and booking.length < MOST_LENGTH
    return booking.status == BookingStatus.CONFIRMED and under_way and has_room


def is_to_come(booking: Booking, *, now: datetime) -> bool:
    """Tell whether its people are still to meet, or to be answered."""
    is_alive = booking.status in {BookingStatus.ASKED, BookingStatus.CONFIRMED}
    return is_alive and now < moment_of(booking.end_quarter)
