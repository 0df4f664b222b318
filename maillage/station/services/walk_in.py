"""People who come without a booking: call another room at once, use this one, give it back."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction

from maillage.actors.models import CallWay
from maillage.booking.domain.wishes import PartyWish
from maillage.booking.errors import UnknownBooking
from maillage.booking.models import Booking, BookingStatus, CancelCause
from maillage.booking.rights import is_walk_in
from maillage.booking.services import cancel_booking
from maillage.booking.services.walk_ins import book_now, length_from
from maillage.conference.models import Attendance, Conference, EndReason
from maillage.conference.services import ask_dial, end_meeting
from maillage.core.quarters import moment_of, quarter_of
from maillage.core.words import hour_words
from maillage.points.models import Room
from maillage.station.errors import CounterpartNotRung, NotWalkIn, RoomSilent, RoomTakenSoon
from maillage.station.models import OrderKind, Station, StationState
from maillage.station.selectors import ALIVE_WITHIN, free_until, ringable_ways
from maillage.station.services.orders import give_order


def call_room(
    *, station: Station, room_id: int, minutes: int, request_key: str, language: str, title: str, now: datetime
) -> Booking:
    """Book this room and another from now, and ring there. The same `request_key` again rings no second time.

    Raises RoomSilent, RoomTakenSoon, and what booking refuses.
    """
    called = (
        Station.objects.filter(room=room_id, state=StationState.ACTIVE)
        .exclude(room=station.room_id)
        .select_related("room__point__commune")
        .first()
    )
    if called is None or called.last_seen_at is None or called.last_seen_at < now - ALIVE_WITHIN:
        raise RoomSilent(room=str(called.room.point.name) if called else str(room_id))
    for room in (station.room, called.room):
        _check_long_enough(room, minutes, request_key, now)
    booking = _book(station, _in_room(called.room, 1), minutes, request_key, language, title, now)
    if not called.orders.filter(kind=OrderKind.CALL, asked_at__gte=moment_of(booking.first_quarter)).exists():
        give_order(station=called, kind=OrderKind.CALL, text=str(station.room.point.name), agent_id=None, now=now)
    return booking


def call_counterpart(
    *, station: Station, way_id: int, minutes: int, request_key: str, language: str, title: str, now: datetime
) -> Booking:
    """Book this room from now and ring an organisation that agreed to be. The same `request_key` again rings once.

    Raises CounterpartNotRung, RoomTakenSoon, and what booking refuses.
    """
    way = next((way for way in ringable_ways() if way.pk == way_id), None)
    if way is None:
        raise CounterpartNotRung
    _check_long_enough(station.room, minutes, request_key, now)
    name = way.organisation.name[:120]
    kind: Literal["sip", "phone"] = "sip" if way.kind == CallWay.SIP else "phone"
    invited = PartyWish(position=1, head_count=1, kind=kind, name=name, address=way.address)
    with transaction.atomic():
        booking = _book(station, invited, minutes, request_key, language, title, now)
        if not booking.dial_orders.exists():
            party = booking.parties.exclude(room=station.room_id).get()
            ask_dial(booking=booking, target=way.address, name=name, party=party, agent_id=None, now=now)
    return booking


def use_room(
    *, station: Station, minutes: int, request_key: str, language: str, title: str, guest: str, now: datetime
) -> Booking:
    """Book this room from now with one guest who comes by a link. Raises RoomTakenSoon, and what booking refuses."""
    _check_long_enough(station.room, minutes, request_key, now)
    invited = PartyWish(position=1, head_count=1, kind="browser", name=guest)
    return _book(station, invited, minutes, request_key, language, title, now)


def give_back(*, station: Station, reference: str, now: datetime) -> None:
    """Free the rooms of a meeting booked on a screen. Held, it is done and counted; else nobody answered.

    Raises UnknownBooking, NotWalkIn.
    """
    booking = Booking.objects.filter(reference=reference, parties__room=station.room_id).first()
    if booking is None:
        raise UnknownBooking
    if not is_walk_in(booking) or booking.status != BookingStatus.CONFIRMED:
        raise NotWalkIn
    conference = Conference.objects.filter(booking=booking).first()
    if conference is not None and _was_held(booking.pk):
        end_meeting(conference_id=conference.pk, reason=EndReason.ENDED, now=now, through="station")
    else:
        cancel_booking(booking_id=booking.pk, cause=CancelCause.NO_COUNTERPART, through="station", now=now)


def _was_held(booking_id: UUID) -> bool:
    return Attendance.objects.filter(conference__booking=booking_id).values("party").distinct().count() > 1


@transaction.atomic
def _book(
    station: Station, other: PartyWish, minutes: int, request_key: str, language: str, title: str, now: datetime
) -> Booking:
    return book_now(
        request_key=f"{station.pk}-{request_key}",
        minutes=minutes,
        parties=(_in_room(station.room, 0), other),
        name=station.room.point.name,
        title=title,
        time_zone=station.room.point.time_zone,
        language=language,
        now=now,
    )


def _in_room(room: Room, position: int) -> PartyWish:
    commune = room.point.commune
    return PartyWish(position=position, head_count=1, kind="room", room_id=room.pk, name=commune.name)


def _check_long_enough(room: Room, minutes: int, request_key: str, now: datetime) -> None:
    """Say until when a room is free, rather than that it is taken. Whoever already has it is not asked."""
    if Booking.objects.filter(request_key__endswith=request_key, parties__room=room).exists():
        return
    until = free_until(room, now)
    if until is None or until < moment_of(quarter_of(now)) + timedelta(minutes=15 * length_from(now, minutes)):
        zone = room.point.time_zone
        raise RoomTakenSoon(room=room.point.name, until=hour_words(until or now, zone))
