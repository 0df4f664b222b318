"""Reads, by noun, their number of queries pinned in tests. Import from here."""

from maillage.booking.selectors.bookings import (
    booking_by_link,
    booking_by_reference,
    links_of,
    organiser_link,
    organiser_token,
    party_by_link,
    party_token,
    point_names,
)
from maillage.booking.selectors.letters import invitation_of, letter_of
from maillage.booking.selectors.meetings import Meeting, Side, meeting_of
from maillage.booking.selectors.places import party_at
from maillage.booking.selectors.slots import propose_slots

__all__ = [
    "Meeting",
    "Side",
    "booking_by_link",
    "booking_by_reference",
    "invitation_of",
    "letter_of",
    "links_of",
    "meeting_of",
    "organiser_link",
    "organiser_token",
    "party_at",
    "party_by_link",
    "party_token",
    "point_names",
    "propose_slots",
]
