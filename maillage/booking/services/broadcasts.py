"""Make a meeting public, and give its seats: never more than there are, whoever comes together."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from maillage.booking.errors.broadcasts import NoPlaceToReceive, SeatsGiven, SessionShut, TooManySeats, UnknownSession
from maillage.booking.models import Booking, BookingStatus, Broadcast, BroadcastPlace, LetterKind, Party, Seat
from maillage.booking.services.endings import locked_booking
from maillage.booking.services.seat_letters import forget_letters, write_seat_letters_later
from maillage.core.journal import Door, record
from maillage.core.quarters import moment_of
from maillage.points.models import Room

ATTEMPTS: Final = 8
"""How often a number is tried when somebody takes the same one in the same instant."""


@transaction.atomic
def publish_session(
    *, booking_id: UUID, title: str, description: str, seats: Mapping[int, int], now: datetime, is_open: bool = True
) -> Broadcast:
    """Make a meeting public with `seats` by position of the receiving party, or change what is public of it.

    Seats added are given to who waits. Raises SessionShut once begun, NoPlaceToReceive, TooManySeats, SeatsGiven.
    """
    booking = locked_booking(booking_id)
    if booking.status != BookingStatus.CONFIRMED or now >= moment_of(booking.first_quarter):
        raise SessionShut
    receiving = booking.parties.filter(position__gt=0, room__isnull=False).select_related("room__point")
    parties = {party.position: party for party in receiving}
    wanted = {position: count for position, count in seats.items() if count > 0 and position in parties}
    if not wanted:
        raise NoPlaceToReceive
    values = {"title": title.strip(), "description": description.strip(), "is_open": is_open}
    session, is_new = Broadcast.objects.update_or_create(
        booking=booking, defaults=values, create_defaults={**values, "slug": _slug(title)}
    )
    for position, party in parties.items():
        if party.room is not None:
            _offer_seats(session, party, party.room, wanted.get(position, 0))
    record(
        "session.published" if is_new else "session.changed",
        f"booking:{booking.reference}",
        through="link",
        seats=sum(wanted.values()),
    )
    return session


def reserve_seat(*, place_id: int, name: str, reach: str, language: str, now: datetime) -> Seat:
    """Give somebody a seat at a place, or a turn in its waiting list; asked again, return the one they have.

    The constraints decide, not the count read before. Raises UnknownSession, SessionShut.
    """
    for _attempt in range(ATTEMPTS):
        try:
            return _reserve(place_id, name, reach, language, now)
        except IntegrityError:  # somebody took that number, or they pressed twice, in the same instant
            continue
    raise SessionShut


@transaction.atomic
def cancel_seat(*, seat_id: int, through: Door, now: datetime) -> Seat:
    """Give a seat back, and its number to the first who waits. Cancelled already, return it as it is."""
    place = _locked_place(Seat.objects.values_list("place", flat=True).get(pk=seat_id))
    seat = Seat.objects.get(pk=seat_id)
    if seat.cancelled_at is not None:
        return seat
    seat.cancelled_at, seat.number = now, None
    seat.save(update_fields=["cancelled_at", "number"])
    forget_letters(seat, place.broadcast.booking_id)
    _record(place, "seat.given-back", through)
    _seat_those_who_wait(place)
    return seat


@transaction.atomic
def _reserve(place_id: int, name: str, reach: str, language: str, now: datetime) -> Seat:
    place = _locked_place(place_id)
    session = place.broadcast
    mine = Seat.objects.filter(broadcast=session, reach=reach, cancelled_at=None).first()
    if mine is not None:
        return mine
    booking = session.booking
    if not session.is_open or booking.status != BookingStatus.CONFIRMED or now >= moment_of(booking.first_quarter):
        raise SessionShut
    free = _free_numbers(place)
    seat = Seat.objects.create(
        broadcast=session,
        place=place,
        number=free[0] if free else None,
        out_of=place.seats,
        name=name.strip(),
        reach=reach,
        language=language,
        taken_at=now,
    )
    _count_heads(place)
    _record(place, "seat.taken" if free else "seat.awaited", "link")
    _tell(booking, LetterKind.SEAT if free else LetterKind.SEAT_WAIT, seat)
    return seat


def _offer_seats(session: Broadcast, party: Party, room: Room, count: int) -> None:
    """Set how many seats a place offers, none to take the place away. Raises TooManySeats, SeatsGiven."""
    if count > room.capacity:
        raise TooManySeats(room=room.point.name, capacity=room.capacity)
    place = BroadcastPlace.objects.select_for_update(of=("self",)).filter(party=party).first()
    if place is None and count:
        BroadcastPlace.objects.create(broadcast=session, party=party, seats=count)
    if place is None:
        return
    alive = Seat.objects.filter(place=place, cancelled_at=None)
    given = alive.filter(number__isnull=False).order_by("number")
    least = len(given) if count else alive.count()
    if count < least:
        raise SeatsGiven(count=least, room=room.point.name)
    if not count:
        place.delete()
        return
    for number, seat in enumerate(given, start=1):  # close the gaps: a number must stay within the seats left
        Seat.objects.filter(pk=seat.pk).update(number=number, out_of=count)
    BroadcastPlace.objects.filter(pk=place.pk).update(seats=count)
    place.seats = count
    _seat_those_who_wait(place)


def _seat_those_who_wait(place: BroadcastPlace) -> None:
    """Give the free numbers to the first who wait, and tell them."""
    waiting = Seat.objects.filter(place=place, number=None, cancelled_at=None).order_by("taken_at", "pk")
    for number, seat in zip(_free_numbers(place), list(waiting), strict=False):
        Seat.objects.filter(pk=seat.pk).update(number=number, out_of=place.seats)
        _tell(place.broadcast.booking, LetterKind.SEAT, seat)
    _count_heads(place)


def _free_numbers(place: BroadcastPlace) -> list[int]:
    taken = set(Seat.objects.filter(place=place, number__isnull=False).values_list("number", flat=True))
    return [number for number in range(1, place.seats + 1) if number not in taken]


def _count_heads(place: BroadcastPlace) -> None:
    """Keep the head count of the party true: it is what figures count."""
    seated = Seat.objects.filter(place=place, number__isnull=False).count()
    Party.objects.filter(pk=place.party_id).update(head_count=max(1, seated))


def _locked_place(place_id: int) -> BroadcastPlace:
    """Return a place, locked until the transaction ends: people who come together follow each other."""
    whole = BroadcastPlace.objects.select_related("broadcast__booking", "party")
    place = whole.select_for_update(of=("self",)).filter(pk=place_id).first()
    if place is None:
        raise UnknownSession
    return place


def _record(place: BroadcastPlace, verb: str, through: Door) -> None:
    record(verb, f"booking:{place.broadcast.booking.reference}", through=through, place=place.party.position)


def _tell(booking: Booking, kind: LetterKind, seat: Seat) -> None:
    pk = seat.pk
    transaction.on_commit(lambda: write_seat_letters_later.enqueue(str(booking.pk), kind.value, pk))


def _slug(title: str) -> str:
    return f"{slugify(title)[:60] or 'seance'}-{secrets.token_hex(3)}"
