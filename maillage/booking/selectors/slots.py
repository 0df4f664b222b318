"""Common slots of several parties: a handful of queries whatever their number, then arrays."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from django.db import connection

from maillage.booking.domain.hours import discomfort, is_unusual, spread, within_part_of_day
from maillage.booking.domain.reasons import reasons_for
from maillage.booking.domain.search import common_columns, ranked_answers
from maillage.booking.domain.starts import BoolGrid, IntArray, RoomRule, open_throughout, possible_starts, ranges
from maillage.booking.domain.terms import Terms, earliest_start, latest_start
from maillage.booking.domain.wishes import MeetingWish, Proposal, check_wish
from maillage.booking.errors import UnknownTimeZone
from maillage.booking.models import Span
from maillage.booking.selectors.seating import candidates_of, network_notices, proposal_of, read_places
from maillage.core.quarters import next_quarter, quarter_of
from maillage.points.domain.catalogue import Catalogue, RoomOffer
from maillage.points.domain.hours import local_quarters, open_grids
from maillage.points.selectors import catalogue, closed_ranges

_WIDEST_BUFFER = 8
URGENT_NOTICE_MINUTES = 60
"""The longest notice of a room that can still be lent at once."""


def propose_slots(
    wish: MeetingWish, *, now: datetime, limit: int = 5, rooms: Catalogue | None = None
) -> list[Proposal]:
    """Return up to `limit` common slots, best first, spread over days. Empty when there is none.

    Raises the refusal of a wish that cannot be right, UnknownCommune, UnknownRoom, RoomTooSmall, or NoSuitableRoom
    when no room at all suits a party. Queries: spans, closures, and the catalogue unless the caller has just read it.
    """
    wish = check_wish(wish, now_quarter=next_quarter(now))
    check_zone(wish.time_zone)
    rooms = rooms or catalogue()
    terms = wish.terms(network_notices())
    seated = [party for party in wish.parties if party.comes_to_a_room]
    candidates = {party.position: candidates_of(rooms, party, terms) for party in seated}
    table = read_places(wish.parties, candidates.values(), rooms)
    choices = [table.choices(party, candidates[party.position]) for party in seated]
    starts = room_starts(table.offers, wish.first_quarter, wish.end_quarter, wish.length, terms=terms, now=now)
    local = local_quarters(wish.time_zone, wish.first_quarter, starts.shape[1])
    starts &= within_part_of_day(local, wish.length, wish.part_of_day)
    ranked = ranked_answers(starts, choices, _uneasy(wish, local))
    kept = spread(ranked, local, length=wish.length, limit=limit)
    if not kept:
        return []
    common, least = common_columns(starts, choices), kept[0].minutes
    unusual = is_unusual(local, wish.length)
    return [
        proposal_of(
            wish,
            table,
            answer,
            reasons_for(
                answer,
                choices,
                common=common,
                least_minutes=least,
                length=wish.length,
                is_unusual=bool(unusual[answer.column]),
            ),
        )
        for answer in kept
    ]


def _uneasy(wish: MeetingWish, local: IntArray) -> IntArray:
    """Return how unwelcome each start is, as these people said it: late, far from an hour, or unpleasant."""
    if wish.near_quarter is not None:
        return np.abs(np.arange(len(local)) + wish.first_quarter - wish.near_quarter)
    return np.arange(len(local)) if wish.soonest else discomfort(local, wish.length)


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
    taken, closed = what_takes(offers, first_quarter, end_quarter)
    return possible_starts(
        open_starts(offers, first_quarter, end_quarter - first_quarter, length),
        [room_rule(offer, terms, now=now) for offer in offers],
        taken=taken,
        closed=closed,
        first_quarter=first_quarter,
        length=length,
    )


def what_takes(offers: Sequence[RoomOffer], first_quarter: int, end_quarter: int) -> tuple[IntArray, IntArray]:
    """Return (row, first, end) of what takes the rooms in a window, then of their closures. Two queries."""
    rows_of_point: dict[int, list[int]] = {}
    for row, offer in enumerate(offers):
        rows_of_point.setdefault(offer.point_id, []).append(row)
    room_ids = [offer.room_id for offer in offers]
    taken = _spans_between(room_ids, first_quarter - _WIDEST_BUFFER, end_quarter + _WIDEST_BUFFER)
    closures = closed_ranges(rows_of_point, first_quarter, end_quarter)
    shut = (
        (row, first, end)
        for point, room, first, end in closures
        for row in rows_of_point[point]
        if room in {None, room_ids[row]}
    )
    return taken, ranges(shut)


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


def urgent_start(offer: RoomOffer, terms: Terms, *, now: datetime) -> int:
    """Return the first quarter that can be lent at once: the one begun, where people are there within the hour."""
    if can_lend_now(offer):
        return quarter_of(now)
    return earliest_start(offer, terms, now_seconds=now.timestamp())


def can_lend_now(offer: RoomOffer) -> bool:
    """Tell whether that room may be lent at once: its notice is short and its station is not known to be silent."""
    return offer.notice_minutes <= URGENT_NOTICE_MINUTES and offer.is_station_ready is not False


def open_starts(offers: Sequence[RoomOffer], first_quarter: int, width: int, length: int) -> BoolGrid:
    """Return where each room is open throughout, never where nobody can read its hours; the same share the work."""
    grids, kinds = _hours_by_kind([(offer.hours, offer.time_zone) for offer in offers], first_quarter, width)
    return open_throughout(grids, length)[kinds]


def hours_grid(hours: Sequence[tuple[str, str]], first_quarter: int, width: int) -> BoolGrid:
    """Return which quarters are within each of `hours`, given with their zone: shape (hours, width)."""
    grids, kinds = _hours_by_kind(hours, first_quarter, width)
    return grids[kinds]


def _hours_by_kind(hours: Sequence[tuple[str, str]], first_quarter: int, width: int) -> tuple[BoolGrid, list[int]]:
    kinds = {kind: row for row, kind in enumerate(dict.fromkeys(hours))}
    return open_grids(list(kinds), first_quarter, width), [kinds[kind] for kind in hours]
