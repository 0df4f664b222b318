"""How long rooms are free from this very moment: what a screen may offer to people who come without a booking."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from maillage.booking.models import Occupancy
from maillage.points.domain.catalogue import RoomOffer
from maillage.points.domain.hours import open_grid
from maillage.points.errors import HoursUnreadable
from maillage.points.selectors import closures_between

MOST_QUARTERS: Final = 6
"""An hour from now, and the quarter already begun; a longer meeting is booked."""


def free_lengths(offers: Sequence[RoomOffer], first_quarter: int, most: int = MOST_QUARTERS) -> dict[int, int]:
    """Return, by room, for how many quarters from `first_quarter` it is open and free, up to `most`. Two queries."""
    last = first_quarter + most
    widest = range(
        first_quarter - max((offer.settle_quarters for offer in offers), default=0),
        last + max((offer.reset_quarters for offer in offers), default=0),
    )
    taken: defaultdict[int, set[int]] = defaultdict(set)
    rows = Occupancy.objects.filter(room__in=[offer.room_id for offer in offers])
    for room_id, quarter in rows.filter(quarter__gte=widest.start, quarter__lt=widest.stop).values_list(
        "room", "quarter"
    ):
        taken[room_id].add(quarter)
    for closure in closures_between({offer.point_id for offer in offers}, first_quarter, last):
        shut = set(range(closure.first_quarter, closure.end_quarter))
        for offer in offers:
            if offer.point_id == closure.point_id:
                taken[offer.room_id] |= shut
    return {offer.room_id: _free_length(offer, first_quarter, most, taken[offer.room_id]) for offer in offers}


def _free_length(offer: RoomOffer, first: int, most: int, taken: set[int]) -> int:
    if taken & set(range(first - offer.settle_quarters, first)):
        return 0  # those before have not put it back in order yet
    try:
        is_open = open_grid(offer.hours, offer.time_zone, first, most)
    except HoursUnreadable:
        return 0
    length = 0
    while length < most and is_open[length] and first + length + offer.reset_quarters not in taken:
        if first + length in taken:
            break
        length += 1
    return length
