"""A booking read whole, as its page, its sheets and its mails show it.

Two queries, one more where a door has a code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from maillage.booking.models import Booking, BookingStatus, Party, PartyKind
from maillage.booking.selectors.bookings import organiser_token, party_token
from maillage.booking.selectors.ways_in import codes_of, told_way_in
from maillage.core.quarters import moment_of
from maillage.points.models import Point, Room


@dataclass(frozen=True, slots=True)
class Side:
    """One party with where it sits, the address that opens its door, the code of its room's door.

    The code is None until it may be told, "" if its facilitator has not written it.
    """

    party: Party
    door: str
    code: str | None = None

    @property
    def is_organiser(self) -> bool:
        """The first party is the one of the person who booked."""
        return self.party.position == 0

    @property
    def room(self) -> Room | None:
        """The room it sits in, if it does not take part from elsewhere."""
        return self.party.room if self.party.kind == PartyKind.ROOM else None

    @property
    def point(self) -> Point | None:
        """The point of its room."""
        return self.room.point if self.room else None

    @property
    def address(self) -> str:
        """« 1 rue de la Gare, Callac »: the point's address, its town once."""
        if self.point is None:
            return ""
        street, town = self.point.address, self.point.commune.name
        return street if town in street else ", ".join(part for part in (street, town) if part)

    @property
    def way_in(self) -> str:
        """How its people get into the room; with the code, or when they will have it."""
        return told_way_in(self.room, self.code)

    @property
    def place(self) -> str:
        """The town it comes from; for who joins from elsewhere, the name they go by."""
        if self.room is None and self.party.name:
            return self.party.name
        return self.party.origin.name if self.party.origin else self.party.name


@dataclass(frozen=True, slots=True)
class Meeting:
    """A booking and its sides, the organiser's first."""

    booking: Booking
    sides: tuple[Side, ...]
    token: str
    page: str

    @property
    def zone(self) -> ZoneInfo:
        """Where its people read hours."""
        return ZoneInfo(self.booking.time_zone)

    @property
    def start(self) -> datetime:
        """When it starts, in its own time zone."""
        return moment_of(self.booking.first_quarter).astimezone(self.zone)

    @property
    def end(self) -> datetime:
        """When it ends, in its own time zone."""
        return moment_of(self.booking.end_quarter).astimezone(self.zone)

    @property
    def places(self) -> str:
        """« Callac, Rennes »."""
        return ", ".join(dict.fromkeys(side.place for side in self.sides))

    @property
    def room_count(self) -> int:
        """How many rooms it takes."""
        return sum(1 for side in self.sides if side.room)

    @property
    def others(self) -> tuple[Side, ...]:
        """The sides that are not the organiser's."""
        return tuple(side for side in self.sides if not side.is_organiser)

    def is_changeable(self, now: datetime) -> bool:
        """Tell whether it may still be moved or cancelled by its organiser."""
        return self.booking.status == BookingStatus.CONFIRMED and now < self.start

    def side(self, position: int) -> Side | None:
        """Return the side at `position`, None if there is none."""
        return next((side for side in self.sides if side.party.position == position), None)


def meeting_of(booking_id: UUID | str) -> Meeting:
    """Return the meeting of a booking. Raises Booking.DoesNotExist. Two queries."""
    return _read(_whole(Booking.objects.filter(pk=booking_id)).get())


def meetings_told_with(booking: Booking) -> list[Meeting]:
    """Return the meetings of its series confirmed in the same act, itself among them, by time. Two queries."""
    dates = told_together(booking).filter(status=BookingStatus.CONFIRMED)
    return [_read(date) for date in _whole(dates).order_by("first_quarter")]


def told_together(booking: Booking) -> "QuerySet[Booking]":
    """Return the dates of a series to which the same thing happened at the same instant: one letter tells them all."""
    return Booking.objects.filter(
        series=booking.series_id,
        status=booking.status,
        confirmed_at=booking.confirmed_at,
        ended_at=booking.ended_at,
        cancel_cause=booking.cancel_cause,
    ).order_by("first_quarter")


def is_told_by_another(booking: Booking) -> bool:
    """Tell whether the letter of another date of its series, the first, speaks of this one too. One query."""
    if booking.series_id is None:
        return False
    return told_together(booking).values_list("pk", flat=True).first() != booking.pk


def _whole(bookings: "QuerySet[Booking]") -> "QuerySet[Booking]":
    parties = Party.objects.select_related("origin", "room__point__commune", "room__point__host").order_by("position")
    return bookings.prefetch_related(Prefetch("parties", parties))


def _read(booking: Booking) -> Meeting:
    parties: Sequence[Party] = list(booking.parties.all())
    for party in parties:
        party.booking = booking
    rooms = [party.room for party in parties if party.room is not None]
    codes = codes_of(booking, rooms, timezone.now())
    sides = tuple(
        Side(
            party,
            _address("conference:door", party_token(party)),
            None if codes is None else codes.get(party.room_id or 0, ""),
        )
        for party in parties
    )
    token = organiser_token(booking)
    return Meeting(booking, sides, token, _address("booking:meeting", token))


def _address(name: str, token: str) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=[token])}"
