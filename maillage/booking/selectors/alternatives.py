"""What else would suit the people of a booking that its point refused, or that lost a room."""

from datetime import datetime

from maillage.booking.domain.wishes import MeetingWish, PartyWish, Proposal
from maillage.booking.models import Booking, PartyKind
from maillage.booking.selectors.slots import propose_slots
from maillage.core.errors import DomainError
from maillage.core.quarters import PER_DAY, next_quarter

_DAYS_AFTER = 7
_MOST = 3


def wish_of(booking: Booking, *, first_quarter: int, end_quarter: int) -> MeetingWish:
    """Return what the people of a booking would ask again, in any rooms. One query for its parties."""
    parties = booking.parties.select_related("origin", "room__point").order_by("position")
    wishes = []
    for position, party in enumerate(parties):
        place = party.origin or (party.room.point if party.room else None)
        wishes.append(
            PartyWish(
                position=position,
                head_count=party.head_count,
                commune_insee=party.origin_id,
                latitude=place.latitude if place else None,
                longitude=place.longitude if place else None,
                kind=party.kind if place or party.kind != PartyKind.ROOM else PartyKind.BROWSER,
                country=party.country,
                name=party.name,
            )
        )
    return MeetingWish(tuple(wishes), booking.length, first_quarter, end_quarter, time_zone=booking.time_zone)


def alternatives_of(booking: Booking, *, now: datetime) -> list[Proposal]:
    """Return up to three hours that the same people could book at once, until a week after the hour they wanted."""
    first = next_quarter(now)
    end = max(booking.first_quarter, first) + _DAYS_AFTER * PER_DAY
    start = max(first, booking.first_quarter - _DAYS_AFTER * PER_DAY)
    try:
        return propose_slots(wish_of(booking, first_quarter=start, end_quarter=end), now=now, limit=_MOST)
    except DomainError:  # a room that closed, a commune that merged: people search by themselves
        return []
