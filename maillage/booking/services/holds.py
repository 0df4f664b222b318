"""Keep rooms for some minutes, or book them at once: all of them or none. See docs/when-a-room-is-taken.md."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Model

from maillage.booking.domain.contacts import Contact, Manner
from maillage.booking.domain.references import COMBINATIONS, reference_of
from maillage.booking.domain.terms import Pass, Terms
from maillage.booking.domain.wishes import (
    PartyWish,
    check_linkable,
    check_parties,
    check_request_key,
    check_rooms_chosen,
    check_time,
)
from maillage.booking.errors import RequestKeyReused, SlotTaken
from maillage.booking.events import BookingConfirmed
from maillage.booking.models import Booking, BookingStatus, CancelCause, Party, Span
from maillage.booking.rights import is_hold_over
from maillage.booking.selectors.openings import NeededOpening, openings_needed
from maillage.booking.selectors.rooms import check_rooms_open, offers_for
from maillage.booking.selectors.seating import network_notices
from maillage.booking.selectors.slots import check_zone
from maillage.booking.selectors.tariffs import Payer, PricedMeeting, PricedParty, price_meeting
from maillage.booking.selectors.ways import known_places, ways_between
from maillage.booking.services.contacts import check_contact, sign_booking, sign_party
from maillage.booking.services.endings import ATTEMPTS, make_way, release_holds
from maillage.booking.services.occupancies import spans_of
from maillage.booking.services.openings import ask_openings
from maillage.booking.services.storing import store
from maillage.booking.services.tariffs import keep_first_price
from maillage.core.errors import DomainError
from maillage.core.events import publish
from maillage.core.journal import Door, journal_line
from maillage.core.models import JournalEntry
from maillage.core.quarters import moment_of, quarter_of
from maillage.points.domain.catalogue import Catalogue, RoomOffer
from maillage.points.selectors import catalogue
from maillage.territory.domain.distance import Travel

WALK_IN_NOTICE: Final = timedelta(minutes=15)
"""Rooms that ask for no more notice than this may be used by people who are already there."""


def hold_slot(
    *,
    request_key: str,
    first_quarter: int,
    length: int,
    parties: Sequence[PartyWish],
    time_zone: str,
    language: str,
    now: datetime,
    through: Door = "link",
    wants_help: bool = False,
    passes: frozenset[Pass] = frozenset(),
) -> Booking:
    """Keep the chosen rooms for HOLD_MINUTES. The same `request_key` again returns the same booking.

    Each room's own rules are checked again here: nothing of the page is trusted. A point that opens on request at that
    hour is held like the others, and asked once the organiser has confirmed. Raises SlotTaken, RoomClosed, TooSoon,
    OpeningTooSoon, KeptForOthers, RoomReserved, RoomTooSmall, RoomTwice, UnknownRoom, RequestKeyReused and what
    `domain.wishes` refuses; then nothing is written.
    """
    request = SlotRequest(
        request_key, first_quarter, length, tuple(parties), time_zone, language, now, through,
        wants_help=wants_help, passes=passes,
    )  # fmt: skip
    return take_slot(request)


def book_slot(
    *,
    request_key: str,
    first_quarter: int,
    length: int,
    parties: Sequence[PartyWish],
    time_zone: str,
    language: str,
    contact: Contact,
    now: datetime,
    through: Door = "api",
    passes: frozenset[Pass] = frozenset(),
    rooms: Catalogue | None = None,
    manner: Manner | None = None,
) -> Booking:
    """Book the chosen rooms at once, confirmed, or asked of the points that must answer.

    manner: who books on their behalf, whether it is urgent. An agent may book for who has but a landline.
    Raises as `hold_slot`, ContactIncomplete and NobodyToHelp.
    """
    how = manner or Manner()
    check_contact(contact, must_be_reachable=how.agent_id is None)
    request = SlotRequest(
        request_key, first_quarter, length, tuple(parties), time_zone, language, now, through, contact,
        wants_help=contact.wants_help, passes=passes, rooms=rooms, manner=how,
    )  # fmt: skip
    return take_slot(request)


@dataclass(frozen=True, slots=True)
class SlotRequest:
    """What one caller wants written. Without a contact the rooms are held; with one they are booked.

    rooms: the catalogue, from who has just read it. keep_until: held until then instead of HOLD_MINUTES.
    """

    request_key: str
    first_quarter: int
    length: int
    parties: tuple[PartyWish, ...]
    time_zone: str
    language: str
    now: datetime
    through: Door
    contact: Contact | None = None
    series_id: UUID | None = None
    wants_help: bool = False
    passes: frozenset[Pass] = frozenset()
    rooms: Catalogue | None = None
    manner: Manner = field(default_factory=Manner)
    is_walk_in: bool = False
    keep_until: datetime | None = None

    @property
    def may_ask(self) -> bool:
        """A point may be asked to say yes, but not for people who are in its room already."""
        return not self.is_walk_in

    @property
    def may_open(self) -> bool:
        """A point may be asked to open outside its hours: for one meeting, not for each date of a series."""
        return self.may_ask and self.series_id is None

    @property
    def terms(self) -> Terms:
        """What the rooms need to know of it."""
        return Terms(len(self.parties), self.wants_help, self.passes, network_notices())

    def check(self) -> None:
        """Refuse what cannot be right whatever the rooms."""
        check_request_key(self.request_key)
        check_parties(self.parties)
        check_linkable(self.parties, has_bridge=bool(settings.BRIDGES_FILE))
        check_rooms_chosen(self.parties)
        check_time(self.first_quarter, self.length, now_quarter=quarter_of(self.now))
        check_zone(self.time_zone)


def take_slot(request: SlotRequest) -> Booking:
    """Hold what is asked, or book it if it has a contact. Raises as `hold_slot` and `book_slot`."""
    request.check()
    rooms = request.rooms or catalogue()
    try:
        offers = _checked_offers(request, rooms)
        needed = _needed(request, list(offers.values()))
    except DomainError:  # a second click may come when the room's notice has passed: it changes nothing
        if earlier := _earlier(request):
            return earlier
        raise
    ways = _ways(request.parties, offers, rooms)
    priced = _priced(request, rooms)
    for _attempt in range(ATTEMPTS):
        try:
            return _write(request, offers, ways, needed, priced)
        except SlotTaken as clash:
            if earlier := _earlier(request):
                return earlier
            make_way(list(offers.values()), request.first_quarter, request.length, now=request.now, clash=clash)
        except IntegrityError:  # the same key at the same instant or, once in a lifetime, the same reference
            if earlier := _earlier(request):
                return earlier
    raise SlotTaken(rooms=", ".join(sorted(offer.point_name for offer in offers.values())))


def _earlier(request: SlotRequest) -> Booking | None:
    """Return the booking that this very request already made; give its key back if its hold is over.

    Raises RequestKeyReused if the key served for another slot or other rooms.
    """
    earlier = Booking.objects.filter(request_key=request.request_key).first()
    if earlier is None:
        return None
    rooms = set(earlier.parties.exclude(room=None).values_list("room_id", flat=True))
    wanted = {party.room_id for party in request.parties if party.room_id is not None}
    if (earlier.first_quarter, earlier.length, rooms) != (request.first_quarter, request.length, wanted):
        raise RequestKeyReused
    if is_hold_over(earlier, now=request.now):
        release_holds([earlier.pk], now=request.now)
    elif earlier.cancel_cause != CancelCause.HOLD_EXPIRED:
        return earlier
    Booking.objects.filter(pk=earlier.pk).update(request_key=f"over-{earlier.pk.hex}")
    return None


def _ways(parties: Sequence[PartyWish], offers: Mapping[int, RoomOffer], rooms: Catalogue) -> dict[int, Travel]:
    """Return the way to its room of each party whose place we know, by position."""
    travelling = [party for party in parties if party.commune_insee and party.position in offers]
    chosen = [offers[party.position] for party in travelling]
    origins = sorted({party.commune_insee for party in parties if party.commune_insee})
    ways = ways_between(origins, chosen, rooms)
    return {party.position: ways[party.commune_insee or ""][row] for row, party in enumerate(travelling)}


def _needed(request: SlotRequest, offers: Sequence[RoomOffer]) -> list[NeededOpening]:
    """Return the points that must say yes first."""
    if not request.may_ask:
        return []
    return openings_needed(offers, request.first_quarter, request.length, now=request.now)


def _priced(request: SlotRequest, rooms: Catalogue) -> PricedMeeting | None:
    """Return what the meeting costs who organises it, None for a hold: worked out while nobody waits for its rooms."""
    if request.contact is None:
        return None
    parties = [PricedParty(wish.room_id, wish.commune_insee) for wish in request.parties if wish.room_id is not None]
    payer = Payer(request.contact.email, request.contact.category)
    origins = {party.origin_insee for party in parties if party.origin_insee}
    places = known_places(origins, rooms)
    groupings = {insee: places[insee].grouping_id for insee in origins if insee in places}
    return price_meeting(
        parties, first_quarter=request.first_quarter, length=request.length, payer=payer, groupings=groupings
    )


@transaction.atomic
def _write(
    request: SlotRequest,
    offers: Mapping[int, RoomOffer],
    ways: Mapping[int, Travel],
    needed: Sequence[NeededOpening],
    priced: PricedMeeting | None,
) -> Booking:
    booking = _booking(request, asks=bool(needed))
    spans = spans_of(booking, offers.values(), request.first_quarter, request.length)
    parties = [_party(booking, wish, request, ways.get(wish.position)) for wish in request.parties]
    if request.contact is not None:
        parties = _accepting(parties, offers)
    store([booking], spans, parties, [[_line(booking, request, offers.values())]])
    _follow(booking, request, needed, priced)
    return booking


def book_together(
    requests: Sequence[SlotRequest], along: Callable[[Sequence[Booking]], Sequence[Sequence[Model]]]
) -> list[Booking]:
    """Book several meetings in one act, at different times: all their rooms are taken, or none.

    Points that say yes each time are asked, one request a date; none is asked to open outside its hours.

    along: returns what is written with the bookings, none saved yet, in lists of one model each. On PostgreSQL all of
    it is one statement, every quarter sorted as for one meeting: so it cannot deadlock with others. Call it in a
    transaction.
    Raises SlotTaken, unnamed; and as `book_slot` for the first request that its rooms refuse.
    """
    for request in requests:
        request.check()
    edition = catalogue()
    offers = [_checked_offers(request, edition) for request in requests]
    asked = [_needed(request, [*rooms.values()]) for request, rooms in zip(requests, offers, strict=True)]
    prices = [_priced(request, edition) for request in requests]
    bookings = [_booking(request, asks=bool(needed)) for request, needed in zip(requests, asked, strict=True)]
    spans: list[Span] = []
    parties: list[Party] = []
    lines: list[JournalEntry] = []
    for booking, request, rooms in zip(bookings, requests, offers, strict=True):
        ways = _ways(request.parties, rooms, edition)
        spans += spans_of(booking, rooms.values(), request.first_quarter, request.length)
        sides = [_party(booking, wish, request, ways.get(wish.position)) for wish in request.parties]
        parties += _accepting(sides, rooms)
        lines.append(_line(booking, request, rooms.values()))
    store(bookings, spans, parties, [lines, *along(bookings)])
    for booking, request, needed, priced in zip(bookings, requests, asked, prices, strict=True):
        _follow(booking, request, needed, priced)
    return bookings


def _follow(
    booking: Booking, request: SlotRequest, needed: Sequence[NeededOpening], priced: PricedMeeting | None
) -> None:
    """Ask the points of a booking just written, freeze its price, tell that it is confirmed."""
    if booking.status == BookingStatus.ASKED:
        ask_openings(booking, needed, now=request.now, through=request.through)
    if priced is not None:
        keep_first_price(booking, priced, now=request.now)
    if booking.status == BookingStatus.CONFIRMED:
        publish(BookingConfirmed(booking_id=booking.pk))


def _checked_offers(request: SlotRequest, rooms: Catalogue) -> dict[int, RoomOffer]:
    terms = request.terms
    offers = offers_for(request.parties, rooms, terms)
    chosen = list(offers.values())
    check_rooms_open(
        chosen,
        request.first_quarter,
        request.length,
        terms=terms,
        now=moment_of(request.first_quarter) - WALK_IN_NOTICE if request.is_walk_in else request.now,
        is_urgent=request.manner.is_urgent,
        may_ask=request.may_open,
    )
    return offers


def _accepting(parties: list[Party], offers: Mapping[int, RoomOffer]) -> list[Party]:
    """Note on each party in a room the rules of its house: who books accepts them."""
    for party in parties:
        party.house_rules_id = offers[party.position].house_rules_id if party.position in offers else None
    return parties


def _line(booking: Booking, request: SlotRequest, offers: Iterable[RoomOffer]) -> JournalEntry:
    """Return the journal's line of a new booking, not saved."""
    return journal_line(
        f"booking.{booking.status}",
        f"booking:{booking.reference}",
        through=request.through,
        agent_id=request.manner.agent_id,
        rooms=sorted(offer.room_id for offer in offers),
    )


def _booking(request: SlotRequest, *, asks: bool) -> Booking:
    booking = Booking(
        reference=reference_of(secrets.randbelow(COMBINATIONS)),
        first_quarter=request.first_quarter,
        length=request.length,
        time_zone=request.time_zone,
        language=request.language,
        request_key=request.request_key,
        series_id=request.series_id,
        wants_help=request.wants_help,
        access_group=min((held.group for held in request.passes), default=""),
        held_until=request.keep_until or request.now + timedelta(minutes=settings.HOLD_MINUTES),
        booked_by_id=request.manner.agent_id,
        starter=request.manner.starter,
        is_urgent=request.manner.is_urgent,
    )
    if request.contact is not None:
        booking.status = BookingStatus.ASKED if asks else BookingStatus.CONFIRMED
        booking.held_until, booking.confirmed_at = None, None if asks else request.now
        sign_booking(booking, request.contact)
    return booking


def _party(booking: Booking, wish: PartyWish, request: SlotRequest, way: Travel | None) -> Party:
    party = Party(
        booking=booking,
        position=wish.position,
        kind=wish.kind,
        name=wish.name[:120],
        head_count=wish.head_count,
        origin_id=wish.commune_insee,
        country=wish.country,
        room_id=wish.room_id,
        address=wish.address,
        access_minutes=way.minutes if way else 0,
        access_km=round(way.distance_km, 1) if way else 0.0,
    )
    if request.contact is not None:
        sign_party(party, request.contact)
    return party
