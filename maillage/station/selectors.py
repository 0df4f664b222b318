"""What a room's screen shows: its next meetings and how it stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery

from maillage.actors.models import CallWay, WayToCall
from maillage.booking.models import Booking, BookingStatus, Party
from maillage.booking.rights import is_walk_in
from maillage.booking.selectors import party_token
from maillage.booking.selectors.walk_ins import free_lengths
from maillage.conference.errors import DocumentUnknown
from maillage.core.quarters import moment_of, quarter_of
from maillage.points.models import Room
from maillage.points.selectors import catalogue
from maillage.station.models import SecondScreen, Station, StationState

HORIZON = timedelta(days=7)
ALIVE_WITHIN = timedelta(seconds=45)
"""Three beats: a screen that missed them does not ring."""
MOST_REACHABLE = 40
MOST_LISTED = 40
_MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class StationMeeting:
    """A meeting of the room: when, with whom, and the token of the door for this room's party."""

    reference: str
    starts_at: datetime
    ends_at: datetime
    title: str
    others: tuple[str, ...]
    head_count: int
    token: str
    is_walk_in: bool = False


def next_meetings(room: Room, now: datetime) -> list[StationMeeting]:
    """Return the room's confirmed meetings not over yet, in the coming week, soonest first. Two queries."""
    first, last = quarter_of(now), quarter_of(now + HORIZON)
    everyone = Prefetch("parties", Party.objects.order_by("position"))
    bookings = (
        Booking.objects.filter(parties__room=room, status=BookingStatus.CONFIRMED, first_quarter__lte=last)
        .filter(first_quarter__gt=first - 48)  # no meeting lasts longer than 48 quarters
        .order_by("first_quarter")
        .distinct()
        .prefetch_related(everyone)[: _MOST_SHOWN * 2]
    )
    alive = [booking for booking in bookings if booking.end_quarter > first]
    return [_meeting(booking, room) for booking in alive[:_MOST_SHOWN]]


def _meeting(booking: Booking, room: Room) -> StationMeeting:
    parties = list(booking.parties.all())
    own = next(party for party in parties if party.room_id == room.pk)
    own.booking = booking
    return StationMeeting(
        reference=booking.reference,
        starts_at=moment_of(booking.first_quarter),
        ends_at=moment_of(booking.end_quarter),
        title=booking.title,
        others=tuple(party.name for party in parties if party.pk != own.pk),
        head_count=own.head_count,
        token=party_token(own),
        is_walk_in=is_walk_in(booking),
    )


def rooms_with_screens(rooms: QuerySet[Room]) -> list[Room]:
    """Return the first MOST_LISTED + 1 of `rooms`, each with what is known of its screens. One query.

    Those with a second screen of its own come first: on a long list, they are those where something may be undone.
    `station_count`, `station_seen`: of its main screen; `has_second`, `second_seen`: of one on a machine of its own.
    """
    second = SecondScreen.objects.filter(room=OuterRef("pk"), state=StationState.ACTIVE)
    active = Q(stations__state=StationState.ACTIVE)
    counted = rooms.annotate(
        station_count=Count("stations", filter=active), station_seen=Max("stations__last_seen_at", filter=active),
        has_second=Exists(second), second_seen=Subquery(second.values("last_seen_at")[:1]),
    )  # fmt: skip
    return list(counted.order_by("-has_second", "point__name", "name")[: MOST_LISTED + 1])


def party_looking_at(room: Room, document_id: int) -> Party:
    """Return the room's party in the meeting of a document. One query. Raises DocumentUnknown."""
    parties = Party.objects.select_related("booking__conference")
    party = parties.filter(room=room, booking__conference__documents__pk=document_id).first()
    if party is None:
        raise DocumentUnknown
    return party


def is_offered(station: Station, now: datetime) -> bool:
    """Tell whether the room of `station` may be booked at once: not red, or waived by a person."""
    return station.level != "red" or bool(station.waived_until and now < station.waived_until)


def silent_stations(now: datetime, *, minutes: int = 3) -> list[Station]:
    """Return the active stations not heard from for `minutes`, the longest silence first. One query."""
    limit = now - timedelta(minutes=minutes)
    active = Station.objects.filter(state=StationState.ACTIVE).select_related("room__point")
    return list(active.filter(last_seen_at__lt=limit).order_by("last_seen_at"))


def untested_stations(now: datetime, *, days: int = 30) -> list[Station]:
    """Return the active stations with no test for `days`, never tested ones first. One query."""
    limit = now - timedelta(days=days)
    active = Station.objects.filter(state=StationState.ACTIVE).select_related("room__point")
    return [station for station in active.order_by("tested_at") if not station.tested_at or station.tested_at < limit]


@dataclass(frozen=True, slots=True)
class Reachable:
    """A room whose screen answers now: its people may be called at once, until `free_until`."""

    room: Room
    free_until: datetime


def free_until(room: Room, now: datetime) -> datetime | None:
    """Return until when `room` is open and free from now, None if it is not. Three queries at most."""
    offer = catalogue().find(room.pk)
    if offer is None:
        return None
    first = quarter_of(now)
    length = free_lengths([offer], first)[room.pk]
    return moment_of(first + length) if length else None


def ringable_ways() -> list[WayToCall]:
    """Return the terminals and telephones of organisations that agreed to be rung at once. One query.

    None without a gateway; no telephone without an operator's line; never an example, where nobody answers.
    """
    kinds = [CallWay.SIP] if settings.SIP_ADDRESS else []
    if kinds and settings.SIP_LINE:
        kinds.append(CallWay.PHONE)
    if not kinds:
        return []
    agreed = WayToCall.objects.filter(answers_rooms=True, is_demonstration=False, kind__in=kinds).exclude(address="")
    return list(agreed.select_related("organisation").order_by("organisation__name", "kind")[:MOST_REACHABLE])


def reachable_rooms(room: Room, now: datetime) -> list[Reachable]:
    """Return the other rooms that can be called now: screen alive, open, free for a quarter of an hour at least.

    By place. Four queries, however many rooms.
    """
    alive = Station.objects.filter(state=StationState.ACTIVE, last_seen_at__gte=now - ALIVE_WITHIN)
    stations = alive.exclude(room=room).select_related("room__point__commune")
    rooms = {station.room_id: station.room for station in stations}
    edition = catalogue()
    offers = [offer for room_id in rooms if (offer := edition.find(room_id))]
    first = quarter_of(now)
    lengths = free_lengths(offers, first)
    least = quarter_of(now + timedelta(minutes=15)) - first
    free = [
        Reachable(rooms[offer.room_id], moment_of(first + lengths[offer.room_id]))
        for offer in offers
        if offer.is_public and lengths[offer.room_id] > least
    ]
    return sorted(free, key=lambda one: str(one.room.point))[:MOST_REACHABLE]
