"""Keep rooms for some minutes, confirm or give them back; and when a room is taken, without saying by whom."""

import hashlib
from typing import Annotated
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Path, Query, Router, Status

from maillage.actors.api import admit, caller_name, organisation_token
from maillage.actors.domain.tokens import Scope
from maillage.booking.api.routes import REFUSALS, Token, note_token, own_key, parties_of, passes_of
from maillage.booking.api.schemas import BookingOut, BusyOut, BusyQuery, ConfirmIn, HoldIn, Whole, quarter_from
from maillage.booking.selectors import booking_by_link
from maillage.booking.selectors.busy import busy_spans
from maillage.booking.selectors.slots import check_zone
from maillage.booking.services import confirm_booking, give_back_hold, hold_slot
from maillage.points.selectors import bookable_room, catalogue

router = Router(tags=["booking"], auth=organisation_token)


@router.post("/holds", response={201: BookingOut, **REFUSALS}, operation_id="hold_slot", summary="Keep rooms")
def hold(
    request: HttpRequest,
    body: HoldIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = "",
) -> Status[BookingOut]:
    """Keep all the rooms until `held_until`, or none. The same key from the same caller answers with the same hold."""
    token = admit(request, Scope.BOOK, "api-hold", most=40, seconds=600)
    check_zone(body.time_zone)
    rooms, now = catalogue(), timezone.now()
    caller = hashlib.sha256(f"hold|{caller_name(request)}".encode()).hexdigest()
    booking = hold_slot(
        request_key=own_key(idempotency_key or body.request_key, caller),
        first_quarter=quarter_from(body.start, ZoneInfo(body.time_zone)),
        length=body.length,
        parties=parties_of(body.parties, rooms),
        time_zone=body.time_zone,
        language=body.language,
        now=now,
        through="api",
        wants_help=body.wants_help,
        passes=passes_of(body.access, now),
    )
    note_token(token, booking)
    return Status(201, BookingOut.of(booking, rooms))


@router.post(
    "/holds/{token}/confirm",
    response={200: BookingOut, **REFUSALS},
    operation_id="confirm_hold",
    summary="Confirm a hold",
)
def confirm(request: HttpRequest, token: Token, body: ConfirmIn) -> BookingOut:
    """Book the rooms kept, with the organiser's answers. Confirmed already, answer with the booking as it is."""
    admit(request, Scope.BOOK, "api-book", most=40, seconds=600)
    now = timezone.now()
    held = booking_by_link(token, now)
    booking = confirm_booking(booking_id=held.pk, contact=body.contact.contact(), now=now, through="api")
    return BookingOut.of(booking)


@router.delete("/holds/{token}", response={204: None, **REFUSALS}, operation_id="give_back", summary="Give back a hold")
def give_back(request: HttpRequest, token: Token) -> Status[None]:
    """Free the rooms kept. Twice is harmless; a booking confirmed meanwhile stays: it is cancelled, not given back."""
    admit(request, Scope.BOOK, "api-change", most=40, seconds=600)
    now = timezone.now()
    give_back_hold(booking_id=booking_by_link(token, now).pk, now=now)
    return Status(204, None)


@router.get(
    "/rooms/{room_id}/busy",
    response={200: BusyOut, **REFUSALS},
    operation_id="room_busy",
    summary="When a room is taken",
)
def busy(request: HttpRequest, room_id: Annotated[Whole, Path()], query: Query[BusyQuery]) -> BusyOut:
    """Answer the hours during which a room is taken, merged, settling in and reset included; never by whom.

    At most 42 days. Its opening hours are not counted: ask for availability. Calendar software reads the same, with
    the hours at which it is shut, as iCalendar free/busy (RFC 5545) at `/salles/{room_id}/occupation.ifb`.
    """
    admit(request, Scope.READ, "api-search", most=120, seconds=60)
    room = bookable_room(room_id)
    zone = ZoneInfo(room.point.time_zone)
    first, end = quarter_from(query.start, zone), quarter_from(query.end, zone)
    return BusyOut.of(room, busy_spans(room.pk, first, end))
