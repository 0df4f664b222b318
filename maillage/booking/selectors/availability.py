"""When rooms are free, whoever wants them: for calendars of others, walls of screens, programs that choose alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from maillage.booking.domain.availability import run_lengths
from maillage.booking.domain.starts import RoomRule, possible_starts
from maillage.booking.errors.rooms import TooManyRooms
from maillage.booking.selectors.slots import open_starts, what_takes
from maillage.core.quarters import next_quarter
from maillage.points.domain.catalogue import RoomOffer
from maillage.points.errors import UnknownRoom
from maillage.points.selectors import catalogue

MOST_ROOMS: Final = 5_000


@dataclass(frozen=True, slots=True)
class FreeTime:
    """When a room is free: quarters taken, free, taken, and so on, from the first quarter asked."""

    room_id: int
    runs: Sequence[int]


def free_time(first_quarter: int, end_quarter: int, *, now: datetime, room_ids: Collection[int] = ()) -> list[FreeTime]:
    """Return when rooms are open, not closed, not taken, not past: those of `room_ids`, or all that anybody may book.

    Three queries whatever the rooms. Raises UnknownRoom for one that cannot be booked, TooManyRooms beyond MOST_ROOMS.
    """
    offers = _offers(room_ids)
    if len(offers) > MOST_ROOMS:
        raise TooManyRooms(most=MOST_ROOMS)
    if not offers:
        return []
    taken, closed = what_takes(offers, first_quarter, end_quarter)
    free = possible_starts(
        open_starts(offers, first_quarter, end_quarter - first_quarter, 1),
        [RoomRule(0, 0, next_quarter(now))] * len(offers),
        taken=taken,
        closed=closed,
        first_quarter=first_quarter,
        length=1,
    )
    return [FreeTime(offer.room_id, runs) for offer, runs in zip(offers, run_lengths(free), strict=True)]


def _offers(room_ids: Collection[int]) -> list[RoomOffer]:
    rooms = catalogue()
    if not room_ids:
        return [offer for offer in rooms.offers if offer.is_public]
    found = []
    for room_id in dict.fromkeys(room_ids):
        offer = rooms.find(room_id)
        if offer is None or not offer.is_public:
            raise UnknownRoom(room=room_id)
        found.append(offer)
    return found
