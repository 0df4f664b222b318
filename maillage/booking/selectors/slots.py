"""Common slots of several parties: a handful of queries whatever their number, then arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from django.conf import settings
from django.db import connection

from maillage.booking.domain.hours import discomfort, spread, within_part_of_day
from maillage.booking.domain.meeting_place import meeting_place, saved_by_staying
from maillage.booking.domain.reasons import reasons_for
from maillage.booking.domain.search import Answer, Choices, common_columns, cost_of, ranked_answers
from maillage.booking.domain.starts import BoolGrid, IntArray, RoomRule, open_throughout, possible_starts, ranges
from maillage.booking.domain.terms import (
    NetworkNotices,
    Terms,
    Tier,
    earliest_start,
    latest_start,
    may_use,
    tier_of,
)
from maillage.booking.domain.wishes import MeetingWish, PartyWish, Proposal, Seat, check_wish
from maillage.booking.errors import NoSuitableRoom, RoomReserved, RoomTooSmall, UnknownTimeZone
from maillage.booking.models import Span
from maillage.booking.selectors.ways import ways_between
from maillage.core.quarters import next_quarter
from maillage.points.domain.catalogue import Catalogue, RoomOffer, need_bits
from maillage.points.domain.hours import local_quarters, open_grid
from maillage.points.errors import HoursUnreadable, UnknownRoom
from maillage.points.selectors import catalogue, closed_ranges
from maillage.territory.domain.distance import Travel

CANDIDATES = 20
_WIDEST_BUFFER = 8


def propose_slots(
    wish: MeetingWish, *, now: datetime, limit: int = 5, rooms: Catalogue | None = None
) -> list[Proposal]:
    """Return up to `limit` common slots, best first, spread over days. Empty when there is none.

    Raises the refusal of a wish that cannot be right, UnknownCommune, UnknownRoom, RoomTooSmall, or NoSuitableRoom
    when no room at all suits a party. Queries: spans, closures, and the catalogue unless the caller has just read it.
    """
    wish = check_wish(wish, now_quarter=next_quarter(now))
    check_zone(wish.time_zone)
    table = _read_places(wish, rooms or catalogue())
    seated = [party for party in wish.parties if party.comes_to_a_room]
    choices = [table.choices(party) for party in seated]
    terms = wish.terms(network_notices())
    starts = room_starts(table.offers, wish.first_quarter, wish.end_quarter, wish.length, terms=terms, now=now)
    local = local_quarters(wish.time_zone, wish.first_quarter, starts.shape[1])
    starts &= within_part_of_day(local, wish.length, wish.part_of_day)
    uneasy = np.arange(len(local)) if wish.soonest else discomfort(local, wish.length)
    ranked = ranked_answers(starts, choices, uneasy)
    kept = spread(ranked, local, length=wish.length, limit=limit)
    if not kept:
        return []
    common = common_columns(starts, choices)
    return [
        _proposal(
            wish,
            answer,
            table,
            seated,
            reasons_for(answer, choices, common=common, least_minutes=kept[0].minutes, length=wish.length),
            terms,
        )
        for answer in kept
    ]


def check_zone(name: str) -> None:
    """Raises UnknownTimeZone unless the world has it."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise UnknownTimeZone(time_zone=name[:40]) from unknown


def room_starts(
    offers: Sequence[RoomOffer], first_quarter: int, end_quarter: int, length: int, *, terms: Terms, now: datetime
) -> BoolGrid:
    """Return where a meeting of `length` may start in each room: shape (rooms, starts from `first_quarter`).

    Each room's own hours, closures, buffers and notice are kept. Two queries.
    """
    width = end_quarter - first_quarter
    rows_of_point: dict[int, list[int]] = {}
    for row, offer in enumerate(offers):
        rows_of_point.setdefault(offer.point_id, []).append(row)
    room_ids = [offer.room_id for offer in offers]
    spans = _spans_between(room_ids, first_quarter - _WIDEST_BUFFER, end_quarter + _WIDEST_BUFFER)
    closures = closed_ranges(rows_of_point, first_quarter, end_quarter)
    return possible_starts(
        _open_starts(offers, first_quarter, width, length),
        [room_rule(offer, terms, now=now) for offer in offers],
        taken=spans,
        closed=ranges((row, first, end) for point, first, end in closures for row in rows_of_point[point]),
        first_quarter=first_quarter,
        length=length,
    )


def _spans_between(room_ids: Sequence[int], first: int, end: int) -> IntArray:
    """Return (place of the room in `room_ids`, first quarter, end quarter) of what takes these rooms in a window.

    A thousand rows for each search: in plain SQL, which takes a third of the ORM's time.
    """
    if not room_ids:
        return ranges([])
    rooms = ", ".join(f"{room_id:d}" for room_id in room_ids)
    sql = f"""SELECT room_id, first_quarter, end_quarter FROM {Span._meta.db_table}
        WHERE room_id IN ({rooms}) AND end_quarter > {first:d} AND first_quarter < {end:d}"""  # noqa: S608 numbers only
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = ranges(cursor.fetchall())
    by_id = np.argsort(room_ids)
    found[:, 0] = by_id[np.searchsorted(room_ids, found[:, 0], sorter=by_id)]
    return found


def room_rule(offer: RoomOffer, terms: Terms, *, now: datetime) -> RoomRule:
    """Return what the room asks around such a meeting, its notice and priorities counted from `now`."""
    seconds = now.timestamp()
    earliest = earliest_start(offer, terms, now_seconds=seconds)
    latest = latest_start(offer, terms, now_seconds=seconds)
    return RoomRule(offer.settle_quarters, offer.reset_quarters, earliest, latest)


def network_notices() -> NetworkNotices:
    """Return the network's notices, for rooms that have none of their own."""
    return NetworkNotices(settings.ASSISTED_NOTICE_MINUTES, settings.MULTIPOINT_NOTICE_MINUTES)


def _open_starts(offers: Sequence[RoomOffer], first_quarter: int, width: int, length: int) -> BoolGrid:
    """Return where each room is open throughout; rooms of the same hours share the work."""
    kinds = {kind: row for row, kind in enumerate({(offer.hours, offer.time_zone): 0 for offer in offers})}
    grids = np.zeros((len(kinds), width), dtype=bool)
    for (hours, zone), row in kinds.items():
        try:
            grids[row] = open_grid(hours, zone, first_quarter, width)
        except HoursUnreadable:  # a room whose hours nobody can read is not offered
            continue
    return open_throughout(grids, length)[[kinds[offer.hours, offer.time_zone] for offer in offers]]


@dataclass(frozen=True, slots=True)
class _Places:
    """The candidate rooms, the way from each party to each, and from party to party."""

    offers: Sequence[RoomOffer]
    row_of: Mapping[int, int]
    candidates: Mapping[int, Sequence[int]]
    ways: Mapping[str, Sequence[Travel]]
    place_of: Mapping[str, int]

    def way(self, party: PartyWish, row: int) -> Travel | None:
        """Return the way of `party` to the room of `row`, None if we do not know where it leaves from."""
        return self.ways[party.commune_insee][row] if party.commune_insee else None

    def minutes(self, party: PartyWish, row: int) -> int:
        """Return how long `party` travels to the room of `row`, one way."""
        way = self.way(party, row)
        return way.minutes if way else 0

    def choices(self, party: PartyWish) -> Choices:
        """Return what `party` may take, cheapest first."""
        rows = self.candidates[party.position]
        costs = [cost_of(self.minutes(party, row), self.offers[row].capacity) for row in rows]
        order = sorted(range(len(rows)), key=lambda index: (costs[index], index))
        return Choices(np.array([rows[i] for i in order]), np.array([costs[i] for i in order], dtype=np.int64))


def _read_places(wish: MeetingWish, rooms: Catalogue) -> _Places:
    row_of: dict[int, int] = {}
    offers: list[RoomOffer] = []
    candidates: dict[int, list[int]] = {}
    for party in wish.parties:
        if not party.comes_to_a_room:
            continue
        for offer in _candidates(rooms, party, wish):
            if offer.room_id not in row_of:
                row_of[offer.room_id] = len(offers)
                offers.append(offer)
            candidates.setdefault(party.position, []).append(row_of[offer.room_id])
    origins = sorted({party.commune_insee for party in wish.parties if party.commune_insee})
    ways = ways_between(origins, offers, rooms)
    place_of = {insee: len(offers) + index for index, insee in enumerate(origins)}
    return _Places(offers, row_of, candidates, ways, place_of)


def _candidates(rooms: Catalogue, party: PartyWish, wish: MeetingWish) -> list[RoomOffer]:
    """Return the rooms that `party` may take: the one it chose, or the nearest that suit it."""
    if party.room_id is not None:
        chosen = rooms.find(party.room_id)
        if chosen is None:
            raise UnknownRoom(room=party.room_id)
        if not may_use(chosen, wish.terms(network_notices())):
            raise RoomReserved(room=chosen.point_name)
        if chosen.capacity < party.head_count:
            raise RoomTooSmall(room=chosen.point_name, capacity=chosen.capacity, head_count=party.head_count)
        return [chosen]
    if party.point_id is not None:
        return _rooms_of_point(rooms, party, wish)
    found = rooms.nearest_positions(
        party.latitude or 0.0,
        party.longitude or 0.0,
        head_count=party.head_count,
        needs=need_bits(party.needs),
        limit=CANDIDATES,
    )
    if not len(found):
        raise NoSuitableRoom(group=party.position + 1, head_count=party.head_count)
    return [rooms.offers[position] for position in found.tolist()]


def _rooms_of_point(rooms: Catalogue, party: PartyWish, wish: MeetingWish) -> list[RoomOffer]:
    """Return the rooms of the point that the party named. Raises RoomReserved, NoSuitableRoom."""
    found = rooms.of_point(party.point_id or 0, head_count=party.head_count, needs=need_bits(party.needs))
    terms = wish.terms(network_notices())
    usable = [offer for offer in found if may_use(offer, terms)]
    if found and not usable:
        raise RoomReserved(room=found[0].point_name)
    if not usable:
        raise NoSuitableRoom(group=party.position + 1, head_count=party.head_count)
    return usable


def _proposal(
    wish: MeetingWish,
    answer: Answer,
    table: _Places,
    seated: Sequence[PartyWish],
    reasons: tuple[str, ...],
    terms: Terms,
) -> Proposal:
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


def _seat(party: PartyWish, row: int | None, table: _Places) -> Seat:
    if row is None:
        return Seat(party.position, None, 0.0, 0)
    way = table.way(party, row)
    return Seat(party.position, table.offers[row], round(way.distance_km, 1) if way else 0.0, way.minutes if way else 0)


def _saved(wish: MeetingWish, seats: Sequence[Seat], table: _Places) -> tuple[float, int]:
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
