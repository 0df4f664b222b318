"""Find a common slot, book it, look at it, move it, cancel it. No account: a booking is reached by its token."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Path, Query, Router, Status

from maillage.actors.api import admit, organisation_token
from maillage.actors.domain.tokens import Scope
from maillage.actors.models import ApiToken
from maillage.booking.api.schemas import (
    AvailabilityOut,
    BookingIn,
    BookingOut,
    CancelIn,
    FreeTimeOut,
    MoveIn,
    NearMissOut,
    PartyIn,
    ProposalOut,
    ProposalsOut,
    WishIn,
    quarter_from,
)
from maillage.booking.domain.reaching import reached_at
from maillage.booking.domain.terms import Pass
from maillage.booking.domain.wishes import MeetingWish, PartyWish, check_request_key, check_time
from maillage.booking.models import Booking
from maillage.booking.selectors import booking_by_link, propose_slots
from maillage.booking.selectors.availability import free_time
from maillage.booking.selectors.misses import near_misses
from maillage.booking.selectors.passes import read_pass
from maillage.booking.selectors.slots import check_zone
from maillage.booking.selectors.ways import known_places
from maillage.booking.services import book_slot, cancel_booking, move_booking
from maillage.core.journal import record
from maillage.core.problems import Problem
from maillage.core.quarters import PER_DAY, PER_HOUR, moment_of, next_quarter, quarter_of
from maillage.points.domain.catalogue import Catalogue
from maillage.points.errors import UnknownPoint
from maillage.points.models import Point
from maillage.points.selectors import catalogue
from maillage.territory.models import Commune
from maillage.territory.selectors import Place, commune_named

router = Router(tags=["booking"], auth=organisation_token)

RoomIds = Annotated[list[int], Query(max_length=500, description="these rooms; by default all that anybody may book")]
Token = Annotated[str, Path(max_length=200)]
REFUSALS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 410: Problem, 422: Problem, 429: Problem}


@router.post(
    "/proposals",
    response={200: ProposalsOut, **REFUSALS},
    operation_id="propose_slots",
    summary="Find common slots",
)
def proposals(request: HttpRequest, body: WishIn) -> ProposalsOut:
    """Propose the best common slots, spread over days, each with a room for each party; else what would nearly do.

    Nothing is kept.
    """
    admit(request, Scope.READ, "api-search", most=120, seconds=60)
    check_zone(body.time_zone)
    zone = ZoneInfo(body.time_zone)
    rooms, now = catalogue(), timezone.now()
    wish = MeetingWish(
        parties=parties_of(body.parties, rooms),
        length=body.length,
        first_quarter=quarter_from(body.start, zone),
        end_quarter=quarter_from(body.end, zone),
        part_of_day=body.part_of_day,
        time_zone=body.time_zone,
        soonest=body.soonest,
        wants_help=body.wants_help,
        passes=passes_of(body.access, now),
    )
    found = propose_slots(wish, now=now, limit=body.limit, rooms=rooms)
    nearly = [] if found else near_misses(wish, _later(wish, now), now=now)
    return ProposalsOut(
        proposals=[ProposalOut.of(proposal, zone) for proposal in found],
        near_misses=[NearMissOut.of(miss, zone) for miss in nearly],
    )


def _later(wish: MeetingWish, now: datetime) -> list[tuple[int, int]]:
    """Return the week and the month that follow what was asked: what is tried when it has no answer."""
    first = max(wish.end_quarter, next_quarter(now))
    return [(first, first + 7 * PER_DAY), (first, first + 30 * PER_DAY)]


@router.get(
    "/availability",
    response={200: AvailabilityOut, **REFUSALS},
    operation_id="see_availability",
    summary="See when rooms are free",
)
def availability(
    request: HttpRequest,
    start: Annotated[datetime | None, Query(description="with an offset, or in UTC; now by default")] = None,
    days: Annotated[int, Query(ge=1, le=42)] = 14,
    room_id: RoomIds = [],  # noqa: B006 read only
) -> AvailabilityOut:
    """Tell when rooms are open and nothing is in them.

    A meeting also wants what its rooms ask around it, and their notice: proposals take them into account.
    """
    admit(request, Scope.READ, "api-availability", most=30, seconds=60)
    now = timezone.now()
    first = quarter_from(start, UTC) if start else next_quarter(now)
    check_time(first, PER_HOUR, now_quarter=quarter_of(now))
    end = first + days * PER_DAY
    found = free_time(first, end, now=now, room_ids=room_id)
    rooms = [FreeTimeOut(room_id=free.room_id, free=list(free.runs)) for free in found]
    return AvailabilityOut(start=moment_of(first), end=moment_of(end), rooms=rooms)


@router.post(
    "/bookings",
    response={201: BookingOut, **REFUSALS},
    operation_id="book_slot",
    summary="Book rooms at once",
)
def book(
    request: HttpRequest,
    body: BookingIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = "",
) -> Status[BookingOut]:
    """Book all the rooms, confirmed, or none. The same key and contact again answer with the same booking."""
    token = admit(request, Scope.BOOK, "api-book", most=40, seconds=600)
    check_zone(body.time_zone)
    rooms, now = catalogue(), timezone.now()
    booking = book_slot(
        request_key=own_key(idempotency_key or body.request_key, body.contact.email or body.contact.phone),
        first_quarter=quarter_from(body.start, ZoneInfo(body.time_zone)),
        length=body.length,
        parties=parties_of(body.parties, rooms),
        time_zone=body.time_zone,
        language=body.language,
        contact=body.contact.contact(),
        now=now,
        rooms=rooms,
        passes=passes_of(body.access, now),
    )
    note_token(token, booking)
    return Status(201, BookingOut.of(booking, rooms))


@router.get(
    "/bookings/{token}",
    response={200: BookingOut, **REFUSALS},
    operation_id="see_booking",
    summary="See a booking",
)
def see(request: HttpRequest, token: Token) -> BookingOut:
    """Show a booking to whoever holds its organiser's token."""
    return BookingOut.of(booking_by_link(token, timezone.now()))


@router.post(
    "/bookings/{token}/move",
    response={200: BookingOut, **REFUSALS},
    operation_id="move_booking",
    summary="Move a booking",
)
def move(request: HttpRequest, token: Token, body: MoveIn) -> BookingOut:
    """Give the same rooms another time. Refused, the booking keeps its own."""
    admit(request, Scope.BOOK, "api-change", most=40, seconds=600)
    now = timezone.now()
    booking = booking_by_link(token, now)
    moved = move_booking(
        booking_id=booking.pk,
        first_quarter=quarter_from(body.start, ZoneInfo(booking.time_zone)),
        length=body.length,
        now=now,
        through="api",
    )
    return BookingOut.of(moved)


@router.post(
    "/bookings/{token}/cancel",
    response={200: BookingOut, **REFUSALS},
    operation_id="cancel_booking",
    summary="Cancel a booking",
)
def cancel(request: HttpRequest, token: Token, body: CancelIn) -> BookingOut:
    """Cancel a booking and free its rooms. Twice is harmless."""
    admit(request, Scope.BOOK, "api-change", most=40, seconds=600)
    now = timezone.now()
    booking = booking_by_link(token, now)
    return BookingOut.of(cancel_booking(booking_id=booking.pk, cause=body.cause, through="api", now=now))


def parties_of(given: Sequence[PartyIn], rooms: Catalogue) -> tuple[PartyWish, ...]:
    """Return the parties with their communes. No query as long as all are INSEE codes of communes that are kept."""
    known = known_places({party.commune for party in given if len(party.commune) == 5}, rooms)
    slugs = {party.point for party in given if party.point}
    points = dict(Point.objects.filter(slug__in=slugs).values_list("slug", "pk")) if slugs else {}
    if unknown := slugs - points.keys():
        raise UnknownPoint(slug=min(unknown))
    return tuple(
        replace(_party(party, position, known.get(party.commune)), point_id=points.get(party.point))
        for position, party in enumerate(given)
    )


def passes_of(token: str, now: datetime) -> frozenset[Pass]:
    """Return the pass that a host's link holds, if one was given."""
    return frozenset({read_pass(token, now)}) if token else frozenset()


def _party(party: PartyIn, position: int, place: Place | Commune | None) -> PartyWish:
    if place is None and party.commune:
        place = commune_named(party.commune)
    return PartyWish(
        position=position,
        head_count=party.head_count,
        commune_insee=place.pk if place else None,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        kind=party.kind,
        room_id=party.room_id,
        country=party.country,
        needs=frozenset(party.needs),
        name=party.name or (place.name if place else ""),
        address=reached_at(party.kind, party.address),
    )


def note_token(token: ApiToken | None, booking: Booking) -> None:
    """Write in the journal which organisation's program made a booking."""
    if token is not None:
        subject = f"booking:{booking.reference}"
        record("booking.by-token", subject, through="api", token=token.prefix, organisation=token.organisation_id)


def own_key(key: str, email: str) -> str:
    """Return a key that two callers who choose the same text do not share."""
    check_request_key(key)
    return hashlib.sha256(f"api|{email}|{key}".encode()).hexdigest()
