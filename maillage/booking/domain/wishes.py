"""What people ask for and what is proposed to them. Plain values, checked by `check_*` before any work."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from maillage.booking.domain.reaching import reached_at
from maillage.booking.domain.terms import NetworkNotices, Pass, Terms, Tier
from maillage.booking.errors import (
    BadCountry,
    BadHeadCount,
    BadLength,
    BadPartOfDay,
    BadPartyCount,
    BadPartyKind,
    BadPositions,
    BadRequestKey,
    EndBeforeStart,
    NoRoomWanted,
    PastTime,
    PlaceMissing,
    RoomNotChosen,
    RoomNotNeeded,
    RoomTwice,
    TooFarAhead,
    TooManySites,
    WindowTooLong,
)
from maillage.core.quarters import PER_DAY
from maillage.points.domain.catalogue import RoomOffer

LEAST_PARTIES: Final = 2
MOST_PARTIES: Final = 12
MOST_WITHOUT_BRIDGE: Final = 4
"""Sides whose browsers can be linked each to each other."""
MOST_PEOPLE: Final = 500
MOST_LENGTH: Final = 48
MOST_EXTRA: Final = 4
"""Quarters added while a meeting is under way: beyond an hour it is another meeting, to be booked."""
MOST_WINDOW_DAYS: Final = 42
MOST_DAYS_AHEAD: Final = 400

PartOfDay = Literal["any", "morning", "afternoon", "evening"]
PARTS_OF_DAY: Final = {"any": (0, 96), "morning": (0, 52), "afternoon": (48, 76), "evening": (68, 96)}
"""First and last local quarter of the whole meeting: a morning ends by 13:00, an evening starts from 17:00."""

PARTY_KINDS: Final = frozenset({"room", "browser", "sip", "phone"})


@dataclass(frozen=True, slots=True)
class PartyWish:
    """One side of the wanted meeting.

    Without `room_id`, a party of kind "room" gets one of the rooms of `point_id`, else the nearest that suits.
    `address` is where a terminal or a telephone is reached: see `domain.reaching`.
    """

    position: int
    head_count: int
    commune_insee: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    kind: str = "room"
    room_id: int | None = None
    point_id: int | None = None
    country: str = "FR"
    needs: frozenset[str] = frozenset()
    name: str = ""
    address: str = ""

    @property
    def comes_to_a_room(self) -> bool:
        """Tell whether this party needs a room."""
        return self.kind == "room"


@dataclass(frozen=True, slots=True)
class MeetingWish:
    """A meeting of `length` quarters, wholly between two quarters and within a part of the day of `time_zone`.

    soonest: at equal travel the first hour comes first, however unpleasant: people are waiting. near_quarter: the
    hours nearest to it come first instead of the pleasantest.
    """

    parties: tuple[PartyWish, ...]
    length: int
    first_quarter: int
    end_quarter: int
    part_of_day: PartOfDay = "any"
    time_zone: str = "Europe/Paris"
    soonest: bool = False
    near_quarter: int | None = None
    wants_help: bool = False
    passes: frozenset[Pass] = frozenset()

    def terms(self, notices: NetworkNotices) -> Terms:
        """Return what the rooms need to know of it."""
        return Terms(len(self.parties), self.wants_help, self.passes, notices)


@dataclass(frozen=True, slots=True)
class Seat:
    """Where one party would sit and its way there, one way. `room` is None for who joins from elsewhere."""

    position: int
    room: RoomOffer | None
    access_km: float
    access_minutes: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A common slot. `saved_*` count return trips; `reasons` are stable codes, see `domain.reasons`."""

    first_quarter: int
    length: int
    seats: tuple[Seat, ...]
    access_minutes_total: int
    saved_km: float
    saved_minutes: int
    reasons: tuple[str, ...] = ()
    tier: Tier = Tier.DIRECT


def check_wish(wish: MeetingWish, *, now_quarter: int) -> MeetingWish:
    """Return `wish` with its window cut to what is to come and bookable.

    Raises the refusal of whatever cannot be right; see `errors`.
    """
    check_parties(wish.parties)
    for party in wish.parties:
        is_placed = party.room_id is not None or party.point_id is not None or party.latitude is not None
        if party.comes_to_a_room and not is_placed:
            raise PlaceMissing(group=party.position + 1)
    check_length(wish.length)
    if wish.part_of_day not in PARTS_OF_DAY:
        raise BadPartOfDay
    return _window_to_come(wish, now_quarter)


def _window_to_come(wish: MeetingWish, now_quarter: int) -> MeetingWish:
    if wish.end_quarter - wish.first_quarter < wish.length:
        raise EndBeforeStart
    if wish.end_quarter - wish.first_quarter > (MOST_WINDOW_DAYS + 1) * PER_DAY:
        raise WindowTooLong(most=MOST_WINDOW_DAYS)
    first = max(wish.first_quarter, now_quarter)
    if wish.end_quarter - first < wish.length:
        raise PastTime
    last = now_quarter + MOST_DAYS_AHEAD * PER_DAY
    if first > last:
        raise TooFarAhead(most=MOST_DAYS_AHEAD)
    return replace(wish, first_quarter=first, end_quarter=min(wish.end_quarter, last + wish.length))


def check_time(first_quarter: int, length: int, *, now_quarter: int) -> None:
    """Refuse a meeting of an impossible length, in the past or too far ahead."""
    check_length(length)
    if first_quarter < now_quarter:
        raise PastTime
    if first_quarter > now_quarter + MOST_DAYS_AHEAD * PER_DAY:
        raise TooFarAhead(most=MOST_DAYS_AHEAD)


def check_length(length: int) -> None:
    """Raises BadLength."""
    if not 1 <= length <= MOST_LENGTH:
        raise BadLength


def check_parties(parties: Sequence[PartyWish]) -> None:
    """Refuse parties that no meeting can have, whatever the rooms."""
    if not LEAST_PARTIES <= len(parties) <= MOST_PARTIES:
        raise BadPartyCount(least=LEAST_PARTIES, most=MOST_PARTIES, count=len(parties))
    if [party.position for party in parties] != list(range(len(parties))):
        raise BadPositions
    for party in parties:
        _check_party(party)
    if not any(party.comes_to_a_room for party in parties):
        raise NoRoomWanted
    chosen = [party.room_id for party in parties if party.room_id is not None]
    for room_id in chosen:
        if chosen.count(room_id) > 1:
            raise RoomTwice(room=room_id)


def check_linkable(parties: Sequence[PartyWish], *, has_bridge: bool) -> None:
    """Raises TooManySites for more sides than a network without a bridge can link."""
    if not has_bridge and len(parties) > MOST_WITHOUT_BRIDGE:
        raise TooManySites(most=MOST_WITHOUT_BRIDGE, count=len(parties))


def check_request_key(request_key: str) -> None:
    """Raises BadRequestKey."""
    if not 8 <= len(request_key) <= 64:
        raise BadRequestKey


def check_rooms_chosen(parties: Sequence[PartyWish]) -> None:
    """Raises RoomNotChosen for a party that comes to a room without saying which."""
    for party in parties:
        if party.comes_to_a_room and party.room_id is None:
            raise RoomNotChosen(group=party.position + 1)


def _check_party(party: PartyWish) -> None:
    if not 1 <= party.head_count <= MOST_PEOPLE:
        raise BadHeadCount(head_count=party.head_count, most=MOST_PEOPLE)
    if party.kind not in PARTY_KINDS:
        raise BadPartyKind(group=party.position + 1)
    if not (len(party.country) == 2 and party.country.isascii() and party.country.isupper()):
        raise BadCountry(group=party.position + 1)
    if not party.comes_to_a_room and party.room_id is not None:
        raise RoomNotNeeded(group=party.position + 1)
    reached_at(party.kind, party.address)
