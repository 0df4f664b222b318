"""The tables of the bookings, by noun. Import them from here: `from maillage.booking.models import Booking`."""

from maillage.booking.models.bookings import (
    Booking,
    BookingStatus,
    CancelCause,
    Category,
    Occupancy,
    Party,
    PartyKind,
    Span,
    SpanKind,
    TravelMode,
)

__all__ = [
    "Booking",
    "BookingStatus",
    "CancelCause",
    "Category",
    "Occupancy",
    "Party",
    "PartyKind",
    "Span",
    "SpanKind",
    "TravelMode",
]
