"""The nearest misses of a search that found nothing: three queries more; four others where points open on request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Final

import numpy as np
from django.conf import settings

from maillage.booking.domain.ground import Ground, Question
from maillage.booking.domain.misses import Change, Leeway, Miss, nearest_misses
from maillage.booking.domain.openings import OpeningHour, answer_deadline, opening_hour
from maillage.booking.domain.search import Choices
from maillage.booking.domain.starts import IntArray
from maillage.booking.domain.terms import Terms, may_use
from maillage.booking.domain.wishes import MeetingWish, PartyWish, Proposal, check_wish
from maillage.booking.errors import NoSuitableRoom
from maillage.booking.selectors.seating import (
    Places,
    candidates_of,
    nearest,
    network_notices,
    proposal_of,
    read_places,
)
from maillage.booking.selectors.slots import hours_grid, room_rule, what_takes
from maillage.booking.selectors.tariffs import opening_fees
from maillage.booking.selectors.ways import known_places
from maillage.core.quarters import PER_DAY, next_quarter
from maillage.points.domain.catalogue import NEEDS, Catalogue, RoomOffer
from maillage.points.domain.hours import local_quarters
from maillage.points.selectors import catalogue

WIDER: Final = 60
MOST_NEEDS: Final = 4
"""Needs given up together, beyond which nobody would recognise what they asked for."""

Candidates = dict[int, list[RoomOffer]]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """What would fit if one thing changed: the wish so changed and its answer, tried.

    window: which of the other windows; elsewhere: positions of who would join from elsewhere; given_up: needs;
    more_km: of way there, all parties together; opened: rooms to open outside their hours, in
    these towns; `shift` says how.
    """

    change: Change
    wish: MeetingWish
    proposal: Proposal
    window: int | None = None
    elsewhere: tuple[int, ...] = ()
    given_up: tuple[str, ...] = ()
    more_km: float = 0.0
    other_rooms: int = 0
    opened: tuple[RoomOffer, ...] = ()
    towns: tuple[str, ...] = ()
    shift: str = ""


def near_misses(wish: MeetingWish, windows: Sequence[tuple[int, int]], *, now: datetime) -> list[NearMiss]:
    """Return what would nearly do, the most welcome first; empty if nothing at all would.

    windows: other first and end quarters that may be tried, nearest first. Raises as `propose_slots`, but never
    NoSuitableRoom: that is where the most may have to change.
    """
    wish = check_wish(wish, now_quarter=next_quarter(now))
    reach = _Reach(wish, catalogue(), wish.terms(network_notices()))
    asked, wider, fewer = reach.asked(), reach.wider(), reach.with_fewer_needs()
    pools = [asked, wider, *(pool for _given_up, pool in fewer)]
    table = read_places(wish.parties, [found for pool in pools for found in pool.values()], reach.rooms)
    open_windows = [(max(first, wish.first_quarter), end) for first, end in windows]
    spans = [(wish.first_quarter, wish.end_quarter), *(w for w in open_windows if w[1] - w[0] >= 1)]
    ground = _ground(table, spans, wish, reach.terms, now)
    question = Question(
        wish.first_quarter, wish.end_quarter, wish.length, wish.part_of_day, _choices(wish, table, asked)
    )
    leeway = Leeway(
        windows=open_windows,
        wider=_choices(wish, table, wider) if wider != asked else None,
        with_fewer_needs=[(given_up, _choices(wish, table, pool)) for given_up, pool in fewer],
        people=[party.head_count for party in wish.parties],
    )
    told = nearest_misses(ground, question, leeway)
    return [_near_miss(wish, miss, table, asked, ground, reach.rooms) for miss in told]


@dataclass(frozen=True, slots=True)
class _Reach:
    """The rooms that parties may take, as asked and with some leeway."""

    wish: MeetingWish
    rooms: Catalogue
    terms: Terms

    def asked(self) -> Candidates:
        """Return what the search itself looks at."""
        return {party.position: self._suiting(party) for party in self._seated()}

    def wider(self) -> Candidates:
        """Return what is around, also for those who named a room or a point."""
        return {party.position: self._around(party) for party in self._seated()}

    def with_fewer_needs(self) -> list[tuple[tuple[str, ...], Candidates]]:
        """Return what is left by giving up some needs, the fewest first."""
        asked = [need for need in NEEDS if any(need in party.needs for party in self.wish.parties)]
        subsets = [left for count in range(1, min(len(asked), MOST_NEEDS) + 1) for left in combinations(asked, count)]
        pools = []
        for given_up in subsets:
            parties = [replace(party, needs=party.needs - set(given_up)) for party in self._seated()]
            pools.append((given_up, {party.position: self._suiting(party) for party in parties}))
        return pools

    def _seated(self) -> list[PartyWish]:
        return [party for party in self.wish.parties if party.comes_to_a_room]

    def _suiting(self, party: PartyWish) -> list[RoomOffer]:
        try:
            return candidates_of(self.rooms, party, self.terms)
        except NoSuitableRoom:
            return []

    def _around(self, party: PartyWish) -> list[RoomOffer]:
        named = self._suiting(party) if party.room_id or party.point_id else []
        here = named[0] if named and party.latitude is None else None
        place = replace(party, latitude=here.latitude, longitude=here.longitude) if here else party
        found = {offer.room_id: offer for offer in [*named, *nearest(self.rooms, place, WIDER)]}
        return [offer for offer in found.values() if may_use(offer, self.terms)]


def _choices(
    wish: MeetingWish, table: Places, candidates: Mapping[int, Sequence[RoomOffer]]
) -> tuple[Choices | None, ...]:
    return tuple(
        table.choices(party, candidates[party.position]) if party.comes_to_a_room else None for party in wish.parties
    )


def _ground(table: Places, spans: Sequence[tuple[int, int]], wish: MeetingWish, terms: Terms, now: datetime) -> Ground:
    first, end = min(low for low, _high in spans), max(high for _low, high in spans)
    width = end - first
    taken, closed = what_takes(table.offers, first, end)
    on_request = hours_grid([(offer.request_hours, offer.time_zone) for offer in table.offers], first, width)
    for row, asked_from in enumerate(_asked_from(offer, now) for offer in table.offers):
        on_request[row, : max(0, asked_from - first)] = False
    return Ground(
        first=first,
        open_=hours_grid([(offer.hours, offer.time_zone) for offer in table.offers], first, width),
        on_request=on_request,
        euros=_opening_euros(table.offers, first, width) if on_request.any() else np.zeros_like(on_request, np.int64),
        rules=[room_rule(offer, terms, now=now) for offer in table.offers],
        taken=taken,
        closed=closed,
        local=local_quarters(wish.time_zone, first, width),
    )


def _asked_from(offer: RoomOffer, now: datetime) -> int:
    """Return the first quarter for which a room's point still has time to answer; a far one for one never asked."""
    if not offer.request_hours:
        return 0
    soonest = next_quarter(now)
    day = range(soonest, soonest + PER_DAY)
    zone, days = offer.time_zone, settings.ANSWER_DAYS
    return next((q for q in day if answer_deadline(now, q, zone, days=days) is not None), day.stop)


def _opening_euros(offers: Sequence[RoomOffer], first: int, width: int) -> IntArray:
    """Return what opening each room at each quarter costs on top of the rest, in euros. Three queries."""
    fees = opening_fees([offer.room_id for offer in offers], first)
    euros = np.zeros((len(offers), width), dtype=np.int64)
    days: dict[tuple[int, str], OpeningHour] = {}
    for row, offer in enumerate(offers):
        if not any(fees[offer.room_id].values()):
            continue
        day_of = local_quarters(offer.time_zone, first, width) // PER_DAY
        for day in np.unique(day_of):
            columns = np.flatnonzero(day_of == day)
            key = (int(day), offer.time_zone)
            if key not in days:
                days[key] = opening_hour(first + int(columns[0]), offer.time_zone)
            euros[row, columns] = -(-fees[offer.room_id][days[key]] // 100)
    return euros


def _near_miss(
    wish: MeetingWish, miss: Miss, table: Places, asked: Candidates, ground: Ground, rooms_known: Catalogue
) -> NearMiss:
    changed = replace(
        wish,
        first_quarter=miss.question.first,
        end_quarter=miss.question.end,
        length=miss.question.length,
        part_of_day=miss.question.part_of_day,
        parties=tuple(
            replace(
                party,
                kind="browser" if party.position in miss.parties else party.kind,
                room_id=None if party.position in miss.parties else party.room_id,
                point_id=None if party.position in miss.parties else party.point_id,
                needs=frozenset() if party.position in miss.parties else party.needs - set(miss.needs),
            )
            for party in wish.parties
        ),
    )
    proposal = proposal_of(changed, table, miss.answer)
    found = NearMiss(miss.change, changed, proposal, miss.window, miss.parties, miss.needs)
    if miss.change is Change.OTHER_ROOMS:
        return replace(found, more_km=_more_km(wish, proposal, table, asked), other_rooms=_others(proposal, asked))
    if miss.opened is not None:
        rooms = tuple(table.offers[row] for row in miss.opened.rooms)
        named = known_places({room.commune_insee for room in rooms}, rooms_known)
        towns = tuple(dict.fromkeys(named[room.commune_insee].name for room in rooms))
        return replace(found, opened=rooms, towns=towns, shift=_shift(ground, miss, miss.opened.rooms[0]))
    return found


def _more_km(wish: MeetingWish, proposal: Proposal, table: Places, asked: Candidates) -> float:
    """Return how much longer the ways are, one way, all parties together, than to the rooms they would have taken."""
    usual = 0.0
    for party in wish.parties:
        rooms = asked.get(party.position, [])
        ways = [way.distance_km for way in (table.way(party, table.row_of[room.room_id]) for room in rooms) if way]
        usual += min(ways, default=0.0)
    return max(0.0, sum(seat.access_km for seat in proposal.seats) - usual)


def _others(proposal: Proposal, asked: Candidates) -> int:
    """Return how many parties would sit in a room that was not among those looked at."""
    return sum(seat.room is not None and seat.room not in asked.get(seat.position, ()) for seat in proposal.seats)


def _shift(ground: Ground, miss: Miss, row: int) -> str:
    """Return whether a room would close "later", open "earlier", or open on a day when it is shut, "that-day"."""
    start = miss.question.first + miss.answer.column - ground.first
    day = ground.local // PER_DAY
    same_day = ground.open_[row] & (day == day[start])
    if not same_day.any():
        return "that-day"
    return "later" if same_day[:start].any() else "earlier"
