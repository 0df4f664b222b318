"""Meetings touched by a closure, a merge or a move; the rooms that could replace one that was lost."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Final

import numpy as np
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from maillage.booking.domain.starts import BoolGrid, possible_starts
from maillage.booking.domain.terms import Terms, may_use
from maillage.booking.domain.wishes import PartyWish
from maillage.booking.errors import NoSuitableRoom
from maillage.booking.models import Booking, BookingStatus, BroadcastPlace, LossStatus, Party, RoomLoss, Span
from maillage.booking.selectors.alternatives import wish_of
from maillage.booking.selectors.openings import reason_to_ask
from maillage.booking.selectors.rooms import terms_of
from maillage.booking.selectors.seating import candidates_of
from maillage.booking.selectors.slots import open_starts, room_rule, room_starts, what_takes
from maillage.booking.selectors.ways import ways_between
from maillage.core.quarters import PER_DAY, moment_of, next_quarter, quarter_of
from maillage.points.domain.catalogue import Catalogue, RoomOffer
from maillage.points.models import Closure, Room
from maillage.points.selectors import catalogue
from maillage.territory.errors import UnknownCommune

MOST: Final = 3
_DAYS_AROUND: Final = 7
_APART: Final = 2
"""Quarters between two hours that are proposed."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A room that could be had instead, at the same hour or at another one, and the way to it."""

    offer: RoomOffer
    first_quarter: int
    access_km: float
    access_minutes: int
    is_same_hour: bool

    @property
    def choice(self) -> str:
        """What a button sends back."""
        return f"{self.offer.room_id}-{self.first_quarter}"


def touched_parties(room_ids: Collection[int], first_quarter: int, end_quarter: int, *, now: datetime) -> list[Party]:
    """Return the sides of the meetings to come that are booked in these rooms within these quarters. One query."""
    meets = Q(
        booking__status=BookingStatus.CONFIRMED,
        booking__first_quarter__gt=quarter_of(now),
        booking__first_quarter__lt=end_quarter,
    )
    ends_after = Q(booking__first_quarter__gt=first_quarter - F("booking__length"))
    found = Party.objects.filter(meets & ends_after, room__in=room_ids)
    return list(found.select_related("booking", "room__point").order_by("booking__first_quarter", "pk"))


def digest_of(parties: Sequence[Party]) -> str:
    """Return what tells whether the same sides of the same meetings, at the same hours, are meant again."""
    seen = ",".join(sorted(f"{party.pk}@{party.booking.first_quarter}+{party.booking.length}" for party in parties))
    return blake2b(seen.encode(), digest_size=8).hexdigest()


def rooms_of_closure(closure: Closure) -> list[int]:
    """Return the rooms that a closure shuts. No query for one of a single room."""
    if closure.room_id:
        return [closure.room_id]
    return list(Room.objects.filter(point=closure.point_id).values_list("pk", flat=True))


def waiting_losses(points: "QuerySet[Room]") -> list[RoomLoss]:
    """Return the meetings without their room at the points of these rooms, the nearest first. Three queries."""
    losses = RoomLoss.objects.filter(status=LossStatus.WAITING, room__point__in=points.order_by().values("point"))
    whole = losses.select_related("booking", "party", "room__point").prefetch_related("booking__parties")
    return list(whole[:200])


def count_waiting_losses(points: "QuerySet[Room]") -> int:
    """Return how many there are. One query."""
    return RoomLoss.objects.filter(status=LossStatus.WAITING, room__point__in=points.order_by().values("point")).count()


def losses_of(booking: Booking) -> list[RoomLoss]:
    """Return the rooms that a booking lost and not yet replaced. One query."""
    waiting = RoomLoss.objects.filter(booking=booking, status=LossStatus.WAITING)
    return list(waiting.select_related("room__point", "party", "booking"))


def closes_room() -> Exists:
    """Tell, of a party whose booking is joined, whether a closure shuts its room during the meeting."""
    shut = Closure.objects.filter(
        Q(room=OuterRef("room")) | Q(room=None, point=OuterRef("room__point")),
        first_quarter__lt=OuterRef("booking__first_quarter") + OuterRef("booking__length"),
        end_quarter__gt=OuterRef("booking__first_quarter"),
    )
    return Exists(shut)


def least_places(party: Party) -> int:
    """Return how many places a side needs: its people, or the seats it offers to the public. One query."""
    seats = BroadcastPlace.objects.filter(party=party).values_list("seats", flat=True).first()
    return max(party.head_count, seats or 0)


def replacements_of(loss: RoomLoss, *, now: datetime, most: int = MOST) -> list[Replacement]:
    """Return up to `most` rooms for a side that lost its own, best first: at its hour, else at the nearest hours.

    Only rooms that are given by themselves, so that one press is enough. About ten queries.
    """
    booking, rooms = loss.booking, catalogue()
    wish = wish_of(booking, first_quarter=booking.first_quarter, end_quarter=booking.end_quarter)
    party = next((one for one in wish.parties if one.position == loss.party.position), None)
    if party is None or now >= moment_of(booking.first_quarter):
        return []
    terms, mine = terms_of(booking), set(booking.parties.values_list("room_id", flat=True))
    offers = [
        offer
        for offer in _suitable(rooms, replace(party, head_count=least_places(loss.party)), terms)
        if offer.room_id not in mine and may_use(offer, terms)
    ]
    ways = _ways(party, offers, rooms)
    offers.sort(key=lambda offer: (ways[offer.room_id][1], offer.capacity, offer.room_id))
    found = _at_the_hour(booking, offers, ways, terms, now)
    return (found or _near_the_hour(loss, offers, ways, terms, rooms, now))[:most]


def free_at(offers: Sequence[RoomOffer], booking: Booking, *, now: datetime) -> list[RoomOffer]:
    """Return those of these rooms that a booking can have at its own hour without asking anybody. Two queries."""
    if not offers:
        return []
    first, length = booking.first_quarter, booking.length
    starts = room_starts(offers, first, first + length, length, terms=terms_of(booking), now=now)[:, 0]
    return [
        offer
        for offer, is_free in zip(offers, starts, strict=True)
        if is_free and reason_to_ask(offer, first, length) is None
    ]


def way_to(party: Party, offer: RoomOffer, rooms: Catalogue) -> tuple[float, int]:
    """Return kilometres and minutes, one way, from where a side comes to a room; (0, 0) where that is unknown."""
    if not party.origin_id:
        return 0.0, 0
    try:
        way = ways_between([party.origin_id], [offer], rooms)[party.origin_id][0]
    except UnknownCommune:
        return 0.0, 0
    return round(way.distance_km, 1), way.minutes


def _suitable(rooms: Catalogue, party: PartyWish, terms: Terms) -> list[RoomOffer]:
    try:
        return candidates_of(rooms, party, terms)
    except NoSuitableRoom:
        return []


def _ways(party: PartyWish, offers: Sequence[RoomOffer], rooms: Catalogue) -> dict[int, tuple[float, int]]:
    if not party.commune_insee:
        return {offer.room_id: (0.0, 0) for offer in offers}
    try:
        ways = ways_between([party.commune_insee], offers, rooms)[party.commune_insee]
    except UnknownCommune:
        return {offer.room_id: (0.0, 0) for offer in offers}
    return {
        offer.room_id: (round(way.distance_km, 1), way.minutes)
        for offer, way in zip(offers, ways, strict=False)  # the ways between communes follow those to rooms
    }


def _at_the_hour(
    booking: Booking, offers: Sequence[RoomOffer], ways: dict[int, tuple[float, int]], terms: Terms, now: datetime
) -> list[Replacement]:
    return [
        Replacement(offer, booking.first_quarter, *ways[offer.room_id], is_same_hour=True)
        for offer in free_at(offers, booking, now=now)
    ]


def _near_the_hour(
    loss: RoomLoss,
    offers: Sequence[RoomOffer],
    ways: dict[int, tuple[float, int]],
    terms: Terms,
    rooms: Catalogue,
    now: datetime,
) -> list[Replacement]:
    """Return rooms at the nearest hours at which the other rooms of the meeting are free too."""
    booking = loss.booking
    others = [rooms.find(one) for one in _other_rooms(loss)]
    own = rooms.find(loss.room_id)
    kept = [offer for offer in others if offer is not None]
    choices = [*([own] if own and own.capacity >= least_places(loss.party) else []), *offers]
    if len(kept) < len(others) or not choices:
        return []
    first = max(next_quarter(now), booking.first_quarter - _DAYS_AROUND * PER_DAY)
    end = max(booking.first_quarter, first) + _DAYS_AROUND * PER_DAY
    grid = _free_but_for(booking, [*kept, *choices], first, end, terms, now)
    common = grid[: len(kept)].all(axis=0) & grid[len(kept) :].any(axis=0)
    found: list[Replacement] = []
    columns = np.flatnonzero(common)
    for column in columns[np.argsort(np.abs(columns + first - booking.first_quarter), kind="stable")].tolist():
        quarter = first + column
        if any(abs(quarter - one.first_quarter) < _APART for one in found):
            continue
        for row, offer in enumerate(choices):
            if grid[len(kept) + row, column] and reason_to_ask(offer, quarter, booking.length) is None:
                way = ways.get(offer.room_id) or way_to(loss.party, offer, rooms)
                found.append(Replacement(offer, quarter, *way, is_same_hour=False))
                break
        if len(found) >= MOST:
            break
    return found


def _other_rooms(loss: RoomLoss) -> list[int]:
    others = Party.objects.filter(booking=loss.booking_id, room__isnull=False).exclude(pk=loss.party_id)
    return [room_id for room_id in others.values_list("room_id", flat=True) if room_id]


def _free_but_for(
    booking: Booking, offers: Sequence[RoomOffer], first: int, end: int, terms: Terms, now: datetime
) -> BoolGrid:
    """Return where each room could take the meeting if it had none yet: shape (rooms, starts from `first`)."""
    taken, closed = what_takes(offers, first, end)
    row_of = {offer.room_id: row for row, offer in enumerate(offers)}
    for room_id, begins, ends in Span.objects.filter(booking=booking).values_list(
        "room_id", "first_quarter", "end_quarter"
    ):
        if room_id in row_of:
            taken = taken[~np.all(taken == (row_of[room_id], begins, ends), axis=1)]
    return possible_starts(
        open_starts(offers, first, end - first, booking.length),
        [room_rule(offer, terms, now=now) for offer in offers],
        taken=taken,
        closed=closed,
        first_quarter=first,
        length=booking.length,
    )
