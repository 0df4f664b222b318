"""Rooms that can be lent at once: free now, open, their station ready, the nearest first (requirement B20)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from maillage.booking.domain.terms import Terms, may_use
from maillage.booking.selectors.seating import network_notices
from maillage.booking.selectors.slots import URGENT_NOTICE_MINUTES, can_lend_now, room_starts
from maillage.booking.selectors.ways import ways_between
from maillage.core.quarters import moment_of, quarter_of
from maillage.points.domain.catalogue import RoomOffer
from maillage.points.selectors import catalogue
from maillage.territory.domain.distance import Travel
from maillage.territory.models import Commune

LATEST_MINUTE: Final = 10
"""A quarter begun less than that ago is lent as it stands; later, the next one is at most five minutes away."""
MOST_MINUTES: Final = 90
_CANDIDATES: Final = 40


@dataclass(frozen=True, slots=True)
class FreeRoom:
    """A room that is free, and the way to it, one way."""

    offer: RoomOffer
    way: Travel


def first_quarter_now(now: datetime) -> int:
    """Return the quarter at which a loan asked for now starts: the one begun, or one at most five minutes away."""
    begun = quarter_of(now)
    return begun if now - moment_of(begun) <= timedelta(minutes=LATEST_MINUTE) else begun + 1


def loan_length(now: datetime, asked: int) -> int:
    """Return how many quarters are taken for `asked` of use: what is gone of the first one is added."""
    return asked + (first_quarter_now(now) == quarter_of(now) and now != moment_of(quarter_of(now)))


def rooms_free_now(commune: Commune, *, head_count: int, asked: int, now: datetime, limit: int = 3) -> list[FreeRoom]:
    """Return up to `limit` rooms within an hour and a half, nearest first. Rooms whose test is red are not offered.

    Five queries at most.
    """
    rooms = catalogue()
    found = rooms.nearest_positions(
        commune.latitude or 0.0, commune.longitude or 0.0, head_count=head_count, needs=0, limit=_CANDIDATES
    )
    offers = [rooms.offers[position] for position in found.tolist()]
    terms = Terms(notices=network_notices())
    offers = [offer for offer in offers if can_lend_now(offer) and may_use(offer, terms)]
    if not offers:
        return []
    first, length = first_quarter_now(now), loan_length(now, asked)
    long_ago = moment_of(first) - timedelta(minutes=URGENT_NOTICE_MINUTES)
    starts = room_starts(offers, first, first + length, length, terms=terms, now=long_ago)
    ways = ways_between([commune.pk], offers, rooms)[commune.pk]
    free = [FreeRoom(offer, ways[row]) for row, offer in enumerate(offers) if starts[row, :1].all()]
    reachable = [room for room in free if room.way.minutes <= MOST_MINUTES]
    return sorted(reachable, key=lambda room: (room.way.minutes, room.offer.capacity))[:limit]
