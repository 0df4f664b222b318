"""Who came and who did not: what a link opens, what the facilitator sees today, the meetings nobody gives life to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Min, Prefetch, QuerySet
from django.urls import reverse

from maillage.booking.domain.no_shows import patience_minutes
from maillage.booking.domain.wishes import MOST_LENGTH
from maillage.booking.models import (
    Booking,
    BookingStatus,
    CancelCause,
    LetterKind,
    LetterRecord,
    LetterStatus,
    Party,
    Turnout,
)
from maillage.booking.rights import WALK_IN
from maillage.core.links import LinkForged, read_link, sign_link
from maillage.core.models import TextMessage, TextStatus
from maillage.core.quarters import day_quarters, moment_of, quarter_of
from maillage.points.models import Room

PURPOSE: Final = "presence"
YEAR: Final = timedelta(days=365)
AGAIN: Final = 2
"""From so many times on, those who do not come are shown to the facilitator."""
_MOST: Final = 300


@dataclass(frozen=True, slots=True)
class Coming:
    """A meeting of today in one room, and what is known of its people."""

    party: Party
    room: Room
    turnout: Turnout | None
    has_begun: bool
    is_over: bool

    @property
    def booking(self) -> Booking:
        """Their meeting."""
        return self.party.booking

    @property
    def is_released(self) -> bool:
        """Tell whether its rooms were given back because nobody came."""
        return self.booking.status == BookingStatus.CANCELLED

    @property
    def may_be_released(self) -> bool:
        """Tell whether the facilitator may declare that nobody came."""
        return self.has_begun and not self.is_over and not self.is_released and self.turnout is None


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody who books and does not come."""

    name: str
    email: str
    phone: str
    times: int


def presence_address(party: Party) -> str:
    """Return the page on which the people of a party say that they are there. Its booking must be loaded."""
    until = moment_of(party.booking.end_quarter) + timedelta(days=1)
    token = sign_link(PURPOSE, str(party.pk), until)
    return f"{settings.BASE_URL}{reverse('booking:presence', args=[token])}"


def presence_by_link(token: str, now: datetime) -> Party:
    """Return the party that says it is there, its booking and turnout loaded. One query.

    Raises LinkForged, LinkExpired.
    """
    subject = read_link(PURPOSE, token, now)
    party = Party.objects.select_related("booking__turnout", "room__point").filter(pk=int(subject)).first()
    if party is None:
        raise LinkForged
    return party


def patience_of(booking: Booking) -> int:
    """Return how many minutes the rooms of a booking wait for its people, 0 for always. Its parties must be loaded."""
    rooms = [party.room for party in booking.parties.all() if party.room is not None]
    return patience_minutes((room.no_show_minutes for room in rooms), settings.NO_SHOW_MINUTES)


def lifeless_bookings(now: datetime) -> list[Booking]:
    """Return the meetings under way of which nothing is known, their parties, rooms and warning loaded. Two queries.

    Those booked on a room's own screen are left out: their people are in front of it. So are public sessions.
    """
    begun = Booking.objects.filter(
        status=BookingStatus.CONFIRMED,
        first_quarter__range=(quarter_of(now) - MOST_LENGTH, quarter_of(now)),
        turnout=None,
        broadcast=None,
    ).exclude(request_key__startswith=WALK_IN)
    whole = begun.select_related("no_show_warning").prefetch_related(
        Prefetch("parties", Party.objects.select_related("room").order_by("position"))
    )
    return [
        booking for booking in whole.order_by("first_quarter", "pk")[:_MOST] if moment_of(booking.end_quarter) > now
    ]


def warned_at(bookings: Iterable[Booking]) -> dict[UUID, datetime]:
    """Return when the warning of each booking really left, by letter or text message. Two queries."""
    references = {f"booking:{booking.reference}": booking.pk for booking in bookings}
    by_letter = LetterRecord.objects.filter(
        booking__in=references.values(), kind=LetterKind.NO_SIGN, status=LetterStatus.SENT
    )
    found = dict(by_letter.order_by().values_list("booking").annotate(Min("sent_at")))
    texts = TextMessage.objects.filter(
        subject__in=references, key__contains=f".{LetterKind.NO_SIGN.value}.", status=TextStatus.SENT
    )
    for subject, sent_at in texts.values_list("subject", "sent_at"):
        found.setdefault(references[subject], sent_at)
    return {booking_id: moment for booking_id, moment in found.items() if moment is not None}


def todays_comings(rooms: "QuerySet[Room]", now: datetime) -> list[Coming]:
    """Return the meetings of today in `rooms`, soonest first, those given back too. Two queries."""
    mine = {room.pk: room for room in rooms.select_related("point")}
    days = {
        room.pk: day_quarters(now.astimezone(ZoneInfo(room.point.time_zone)).date(), ZoneInfo(room.point.time_zone))
        for room in mine.values()
    }
    if not mine:
        return []
    parties = Party.objects.filter(
        room__in=mine,
        booking__first_quarter__gte=min(day.start for day in days.values()),
        booking__first_quarter__lt=max(day.stop for day in days.values()),
    ).select_related("booking__turnout")
    kept = parties.filter(booking__status__in=[BookingStatus.CONFIRMED, BookingStatus.DONE]) | parties.filter(
        booking__status=BookingStatus.CANCELLED, booking__cancel_cause=CancelCause.NO_SHOW
    )
    return [
        Coming(
            party,
            mine[room_id],
            getattr(party.booking, "turnout", None),
            moment_of(party.booking.first_quarter) <= now,
            party.booking.status == BookingStatus.DONE or moment_of(party.booking.end_quarter) <= now,
        )
        for party in kept.order_by("booking__first_quarter", "pk")[:_MOST]
        if (room_id := party.room_id or 0) and party.booking.first_quarter in days[room_id]
    ]


def _today(room: Room, now: datetime) -> range:
    zone = ZoneInfo(room.point.time_zone)
    return day_quarters(now.astimezone(zone).date(), zone)


def often_absent(rooms: "QuerySet[Room]", now: datetime) -> list[Absent]:
    """Return who booked `rooms` and did not come AGAIN times or more within a year, the most often first. One query."""
    missed = Booking.objects.filter(
        status=BookingStatus.CANCELLED,
        cancel_cause=CancelCause.NO_SHOW,
        ended_at__gt=now - YEAR,
        pk__in=Party.objects.filter(room__in=rooms.order_by().values("pk")).values("booking"),
    )
    people = (
        missed.order_by()
        .values_list("organiser_email", "organiser_phone")
        .annotate(times=Count("pk"), name=Min("organiser_name"))
    )
    often = people.filter(times__gte=AGAIN).order_by("-times", "name")
    return [Absent(name, email, phone, times) for email, phone, times, name in often[:50] if email or phone]
