"""What a room asks before a meeting may start there: notice by kind of meeting, who may come, for whom it is kept.

Never one rule for all (requirement B2): a room that is open and ready is taken at once by two places, somebody who
helps comes the same day, three places or more follow the room's rule or the network's.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from maillage.booking.domain.starts import NEVER_TOO_LATE
from maillage.core.quarters import MINUTES, PER_DAY
from maillage.points.domain.catalogue import RoomOffer

MULTIPOINT_PLACES: Final = 3
INTERNAL: Final = "internal"
ADMITTED: Final = {
    "companies": frozenset({"tenants", "partners", INTERNAL}),
    "tenants": frozenset({"tenants", INTERNAL}),
    INTERNAL: frozenset({INTERNAL}),
}
"""By audience of a room, the groups whose pass opens it. EVERYONE needs none."""


class Tier(StrEnum):
    """What kind of meeting it is for the room, and so how much notice it asks for."""

    DIRECT = "direct"
    ASSISTED = "assisted"
    MULTIPOINT = "multipoint"


@dataclass(frozen=True, slots=True)
class NetworkNotices:
    """The network's notices, for rooms that have none of their own."""

    assisted_minutes: int = 60
    multipoint_minutes: int = 60


@dataclass(frozen=True, slots=True)
class Pass:
    """The right to the reserved rooms of a point, as one of a group; proved by a signed link of its host."""

    point_id: int
    group: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rooms need to know of a meeting: how many places, whether people want help, what passes they hold."""

    places: int = 2
    wants_help: bool = False
    passes: frozenset[Pass] = frozenset()
    notices: NetworkNotices = NetworkNotices()

    def group_at(self, offer: RoomOffer) -> str:
        """Return the group as which they come to that room, empty for everybody."""
        return next((held.group for held in self.passes if held.point_id == offer.point_id), "")


def tier_of(offer: RoomOffer, terms: Terms) -> Tier:
    """Return the kind of meeting it is for that room: a station known to be silent needs somebody on the spot."""
    if terms.places >= MULTIPOINT_PLACES:
        return Tier.MULTIPOINT
    return Tier.ASSISTED if terms.wants_help or offer.is_station_ready is False else Tier.DIRECT


def notice_minutes(offer: RoomOffer, terms: Terms) -> int:
    """Return the notice that room asks for; the longest of those that apply."""
    notices = [offer.notice_minutes]
    if terms.wants_help or offer.is_station_ready is False:
        own = offer.assisted_notice_minutes
        notices.append(terms.notices.assisted_minutes if own is None else own)
    if terms.places >= MULTIPOINT_PLACES:
        own = offer.multipoint_notice_minutes
        notices.append(terms.notices.multipoint_minutes if own is None else own)
    return max(notices)


def earliest_start(offer: RoomOffer, terms: Terms, *, now_seconds: float) -> int:
    """Return the first quarter that leaves the room the notice it asks for. now_seconds: since the epoch."""
    return -int(-(now_seconds + notice_minutes(offer, terms) * 60) // (MINUTES * 60))


def latest_start(offer: RoomOffer, terms: Terms, *, now_seconds: float) -> int:
    """Return the quarter from which the room is still kept for others than these people."""
    if not offer.priority_days or terms.group_at(offer) in {offer.priority_group or INTERNAL, INTERNAL}:
        return NEVER_TOO_LATE
    return int(now_seconds // (MINUTES * 60)) + offer.priority_days * PER_DAY + 1


def may_use(offer: RoomOffer, terms: Terms) -> bool:
    """Tell whether these people may use that room at all."""
    return offer.audience == "everyone" or terms.group_at(offer) in ADMITTED.get(offer.audience, frozenset())
