"""Who may sit where: the candidate rooms of each party, the ways to them, and an answer as it is shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.conf import settings

from maillage.booking.domain.meeting_place import meeting_place, saved_by_staying
from maillage.booking.domain.search import Answer, Choices, cost_of
from maillage.booking.domain.terms import NetworkNotices, Terms, Tier, may_use, tier_of
from maillage.booking.domain.wishes import MeetingWish, PartyWish, Proposal, Seat
from maillage.booking.errors import NoSuitableRoom, RoomReserved, RoomTooSmall
from maillage.booking.selectors.ways import ways_between
from maillage.points.domain.catalogue import Catalogue, RoomOffer, need_bits
from maillage.points.errors import UnknownRoom
from maillage.territory.domain.distance import Travel

CANDIDATES: Final = 20


@dataclass(frozen=True, slots=True)
class Places:
    """The candidate rooms, the way from each party to each, and from party to party."""

    offers: Sequence[RoomOffer]
    row_of: Mapping[int, int]
    ways: Mapping[str, Sequence[Travel]]
    place_of: Mapping[str, int]

    def way(self, party: PartyWish, row: int) -> Travel | None:
        """Return the way of `party` to the room of `row`, None if we do not know where it leaves from."""
        return self.ways[party.commune_insee][row] if party.commune_insee else None

    def minutes(self, party: PartyWish, row: int) -> int:
        """Return how long `party` travels to the room of `row`, one way."""
        way = self.way(party, row)
        return way.minutes if way else 0

    def choices(self, party: PartyWish, candidates: Sequence[RoomOffer]) -> Choices:
        """Return what `party` may take of these rooms, cheapest first."""
        rows = [self.row_of[offer.room_id] for offer in candidates]
        costs = [cost_of(self.minutes(party, row), self.offers[row].capacity) for row in rows]
        order = sorted(range(len(rows)), key=lambda index: (costs[index], index))
        return Choices(
            np.array([rows[i] for i in order], dtype=np.int64), np.array([costs[i] for i in order], dtype=np.int64)
        )


def read_places(parties: Sequence[PartyWish], candidates: Iterable[Sequence[RoomOffer]], rooms: Catalogue) -> Places:
    """Return all the candidate rooms once each, with the ways to them. No query for communes met lately."""
    row_of: dict[int, int] = {}
    offers: list[RoomOffer] = []
    for found in candidates:
        for offer in found:
            if offer.room_id not in row_of:
                row_of[offer.room_id] = len(offers)
                offers.append(offer)
    origins = sorted({party.commune_insee for party in parties if party.commune_insee})
    ways = ways_between(origins, offers, rooms)
    place_of = {insee: len(offers) + index for index, insee in enumerate(origins)}
    return Places(offers, row_of, ways, place_of)


def candidates_of(rooms: Catalogue, party: PartyWish, terms: Terms, limit: int = CANDIDATES) -> list[RoomOffer]:
    """Return the rooms that `party` may take: the one it chose, those of its point, or the nearest that suit it.

    Raises UnknownRoom, RoomReserved, RoomTooSmall, NoSuitableRoom.
    """
    if party.room_id is not None:
        chosen = rooms.find(party.room_id)
        if chosen is None:
            raise UnknownRoom(room=party.room_id)
        if not may_use(chosen, terms):
            raise RoomReserved(room=chosen.point_name)
        if chosen.capacity < party.head_count:
            raise RoomTooSmall(room=chosen.point_name, capacity=chosen.capacity, head_count=party.head_count)
        return [chosen]
    found = _rooms_of_point(rooms, party, terms) if party.point_id is not None else nearest(rooms, party, limit)
    if not found:
        raise NoSuitableRoom(group=party.position + 1, head_count=party.head_count)
    return found


def nearest(rooms: Catalogue, party: PartyWish, limit: int) -> list[RoomOffer]:
    """Return the rooms nearest to where a party is that hold it and have what it needs."""
    found = rooms.nearest_positions(
        party.latitude or 0.0,
        party.longitude or 0.0,
        head_count=party.head_count,
        needs=need_bits(party.needs),
        limit=limit,
    )
    return [rooms.offers[position] for position in found.tolist()]


def _rooms_of_point(rooms: Catalogue, party: PartyWish, terms: Terms) -> list[RoomOffer]:
    """Return the rooms of the point that the party named. Raises RoomReserved."""
    found = rooms.of_point(party.point_id or 0, head_count=party.head_count, needs=need_bits(party.needs))
    usable = [offer for offer in found if may_use(offer, terms)]
    if found and not usable:
        raise RoomReserved(room=found[0].point_name)
    return usable


def network_notices() -> NetworkNotices:
    """Return the network's notices, for rooms that have none of their own."""
    return NetworkNotices(settings.ASSISTED_NOTICE_MINUTES, settings.MULTIPOINT_NOTICE_MINUTES)


def proposal_of(wish: MeetingWish, table: Places, answer: Answer, reasons: tuple[str, ...] = ()) -> Proposal:
    """Return an answer as it is shown: `answer.column` counts from the first quarter of `wish`."""
    terms = wish.terms(network_notices())
    seated = [party for party in wish.parties if party.comes_to_a_room]
    row_of_party = {party.position: row for party, row in zip(seated, answer.rooms, strict=True)}
    seats = tuple(_seat(party, row_of_party.get(party.position), table) for party in wish.parties)
    saved_km, saved_minutes = _saved(wish, seats, table)
    return Proposal(
        first_quarter=wish.first_quarter + answer.column,
        length=wish.length,
        seats=seats,
        access_minutes_total=sum(seat.access_minutes for seat in seats),
        saved_km=saved_km,
        saved_minutes=saved_minutes,
        reasons=reasons,
        tier=max((tier_of(table.offers[row], terms) for row in answer.rooms), key=list(Tier).index),
    )


def _seat(party: PartyWish, row: int | None, table: Places) -> Seat:
    if row is None:
        return Seat(party.position, None, 0.0, 0)
    way = table.way(party, row)
    return Seat(party.position, table.offers[row], round(way.distance_km, 1) if way else 0.0, way.minutes if way else 0)


def _saved(wish: MeetingWish, seats: Sequence[Seat], table: Places) -> tuple[float, int]:
    """Return kilometres and minutes saved by those whose place we know."""
    known = [party for party in wish.parties if party.commune_insee]
    if len(known) < 2:
        return 0.0, 0
    ways = [[table.ways[a.commune_insee or ""][table.place_of[b.commune_insee or ""]] for b in known] for a in known]
    distances = [[way.distance_km for way in row] for row in ways]
    host = meeting_place(distances, [True] * len(known))
    there = [seats[party.position] for party in known]
    km = saved_by_staying(distances, host, [seat.access_km for seat in there])
    minutes = saved_by_staying(
        [[way.minutes for way in row] for row in ways], host, [seat.access_minutes for seat in there]
    )
    return round(km, 1), round(minutes)
