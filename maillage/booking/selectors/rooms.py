"""What each room asks of one precise meeting: the same rules as the search, told one refusal at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from maillage.booking.domain.terms import Pass, Terms, may_use, notice_minutes
from maillage.booking.domain.wishes import PartyWish
from maillage.booking.errors import KeptForOthers, RoomClosed, RoomReserved, RoomTooSmall, RoomTwice, TooSoon
from maillage.booking.models import Booking, Occupancy
from maillage.booking.rights import can_extend
from maillage.booking.selectors.seating import network_notices
from maillage.booking.selectors.slots import room_rule, urgent_start
from maillage.points.domain.catalogue import Catalogue, RoomOffer
from maillage.points.domain.hours import is_open_throughout
from maillage.points.errors import UnknownRoom
from maillage.points.models import Room
from maillage.points.selectors import catalogue, closed_ranges


def offers_for(
    parties: Sequence[PartyWish], rooms: Catalogue | None = None, terms: Terms | None = None
) -> dict[int, RoomOffer]:
    """Return the room of each party that comes to one, by position.

    Raises UnknownRoom, RoomClosed if its point takes no bookings, RoomReserved, RoomTooSmall, RoomTwice. One query
    while all is well, none for who has just read the catalogue.
    """
    rooms = rooms or catalogue()
    offers: dict[int, RoomOffer] = {}
    for party in parties:
        if party.room_id is None:
            continue
        offer = rooms.find(party.room_id)
        if offer is None:
            raise _not_offered(party.room_id)
        if not may_use(offer, terms or Terms()):
            raise RoomReserved(room=offer.point_name)
        if offer.capacity < party.head_count:
            raise RoomTooSmall(room=offer.point_name, capacity=offer.capacity, head_count=party.head_count)
        if offer in offers.values():
            raise RoomTwice(room=offer.point_name)
        offers[party.position] = offer
    return offers


def offers_of(booking: Booking) -> list[RoomOffer]:
    """Return the rooms of a booking as offers. Raises UnknownRoom, RoomClosed as `offers_for`. Two queries."""
    rooms = catalogue()
    offers = []
    for room_id in booking.parties.exclude(room=None).values_list("room_id", flat=True):
        offer = rooms.find(room_id)
        if offer is None:
            raise _not_offered(room_id)
        offers.append(offer)
    return offers


def offers_in(room_ids: Iterable[int | None]) -> list[RoomOffer]:
    """Return those of these rooms that are offered. One query."""
    rooms = catalogue()
    found = (rooms.find(room_id) for room_id in room_ids if room_id is not None)
    return [offer for offer in found if offer is not None]


def terms_of(booking: Booking) -> Terms:
    """Return what the rooms of a booking need to know of it. Its passes are kept. One query."""
    held = list(booking.parties.values_list("room__point_id", flat=True))
    group = booking.access_group
    passes = frozenset(Pass(point_id, group) for point_id in held if point_id and group)
    return Terms(len(held), booking.wants_help, passes, network_notices())


def check_rooms_open(
    offers: Sequence[RoomOffer],
    first_quarter: int,
    length: int,
    *,
    terms: Terms,
    now: datetime,
    is_urgent: bool = False,
    may_ask: bool = False,
) -> None:
    """Refuse a meeting outside a room's hours, during a closure, with too short a notice or while others go first.

    may_ask: hours at which the point may be opened on request count as open.
    One query. Raises TooSoon, KeptForOthers, RoomClosed with the names of the points.
    """
    for offer in offers:
        rule = room_rule(offer, terms, now=now)
        earliest = urgent_start(offer, terms, now=now) if is_urgent else rule.earliest
        if first_quarter < earliest:
            raise TooSoon(room=offer.point_name, notice_minutes=notice_minutes(offer, terms))
        if first_quarter >= rule.latest:
            raise KeptForOthers(room=offer.point_name, days=offer.priority_days)
    check_hours(offers, first_quarter, length, may_ask=may_ask)


def check_hours(offers: Sequence[RoomOffer], first_quarter: int, length: int, *, may_ask: bool = False) -> None:
    """Refuse a meeting outside a room's hours or during a closure. Raises RoomClosed. One query."""
    closures = closed_ranges({offer.point_id for offer in offers}, first_quarter, first_quarter + length)
    shut = {(point_id, room_id) for point_id, room_id, _first, _end in closures}
    closed = [
        offer.point_name
        for offer in offers
        if not shut.isdisjoint({(offer.point_id, None), (offer.point_id, offer.room_id)})
        or not is_open(offer, first_quarter, length, may_ask=may_ask)
    ]
    if closed:
        raise RoomClosed(rooms=", ".join(sorted(closed)))


def notice_missed_by_help(booking: Booking, *, now: datetime) -> int:
    """Return the minutes it would take to be helped in the rooms of a booking if that is too long, else 0.

    Three queries.
    """
    terms = replace(terms_of(booking), wants_help=True)
    late = [
        notice_minutes(offer, terms)
        for offer in offers_of(booking)
        if booking.first_quarter < room_rule(offer, terms, now=now).earliest
    ]
    return max(late, default=0)


def is_open(offer: RoomOffer, first_quarter: int, length: int, *, may_ask: bool = False) -> bool:
    """Tell whether a room is open during the whole of a meeting, closures apart; `may_ask` as above."""
    on_request = offer.request_hours if may_ask else ""
    return is_open_throughout(offer.hours, offer.time_zone, first_quarter, length, or_else=on_request)


def span_of(offer: RoomOffer, first_quarter: int, length: int) -> range:
    """Return the quarters a meeting takes in a room, settling in and putting back in order included."""
    return range(first_quarter - offer.settle_quarters, first_quarter + length + offer.reset_quarters)


def blockers(offers: Sequence[RoomOffer], first_quarter: int, length: int) -> list[Occupancy]:
    """Return one occupancy per span in the way of a meeting, its span, booking and point loaded. One query."""
    found: dict[int, Occupancy] = {}
    ranges = {offer.room_id: span_of(offer, first_quarter, length) for offer in offers}
    widest = range(min(r.start for r in ranges.values()), max(r.stop for r in ranges.values()))
    occupancies = Occupancy.objects.filter(room__in=ranges, quarter__gte=widest.start, quarter__lt=widest.stop)
    for occupancy in occupancies.select_related("span__booking", "room__point"):
        if occupancy.quarter in ranges[occupancy.room_id]:
            found.setdefault(occupancy.span_id, occupancy)
    return list(found.values())


def is_extension_free(booking: Booking, *, now: datetime) -> bool:
    """Tell whether a meeting under way could last a quarter more, before a page offers it. Four queries."""
    if not can_extend(booking, now=now):
        return False
    offers = offers_of(booking)
    try:
        check_hours(offers, booking.end_quarter, 1)
    except RoomClosed:
        return False
    taken = blockers(offers, booking.first_quarter, booking.length + 1)
    return all(occupancy.span.booking_id == booking.pk for occupancy in taken)


def _not_offered(room_id: int) -> Exception:
    """Return the refusal of a room that is not in the catalogue: closed if people know it, else unknown."""
    listed = Room.objects.select_related("point").filter(point__is_listed=True)
    room = listed.filter(pk=room_id).first() if 0 < room_id < 2**63 else None
    return UnknownRoom(room=room_id) if room is None else RoomClosed(rooms=room.point.name)
