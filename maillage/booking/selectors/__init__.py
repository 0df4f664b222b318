"""Reads, by noun, their number of queries pinned in tests. Import from here."""

from maillage.booking.selectors.bookings import (
    booking_by_link,
    booking_by_reference,
    links_of,
    organiser_link,
    organiser_token,
    party_by_link,
    party_token,
)
from maillage.booking.selectors.places import party_at
from maillage.booking.selectors.slots import propose_slots

__all__ = [
    "booking_by_link",
    "booking_by_reference",
    "links_of",
    "organiser_link",
    "organiser_token",
    "party_at",
    "party_by_link",
    "party_token",
    "propose_slots",
]
