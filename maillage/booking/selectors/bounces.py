"""Whose address is dead: the sides of one meeting, the organisers that a facilitator reaches by telephone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Lower

from maillage.booking.models import Booking, BookingStatus, DeadAddress, Party
from maillage.core.quarters import quarter_of
from maillage.points.models import Room


@dataclass(frozen=True, slots=True)
class DeadSide:
    """One side of a meeting that our letters do not reach."""

    position: int
    name: str
    address: str
    reason: str


def dead_sides(booking: Booking, parties: Sequence[Party]) -> list[DeadSide]:
    """Return the sides of a booking whose address came back, the organiser's first. One query."""
    addresses = {party.position: party.email for party in parties if party.email and party.position}
    if booking.organiser_email:
        addresses[0] = booking.organiser_email
    if not addresses:
        return []
    dead = DeadAddress.objects.filter(address__in=[address.lower() for address in addresses.values()])
    reasons = dict(dead.values_list("address", "reason"))
    names = {party.position: party.name for party in parties}
    return [
        DeadSide(position, booking.organiser_name if position == 0 else names[position], address, reasons[folded])
        for position, address in sorted(addresses.items())
        if (folded := address.lower()) in reasons
    ]


def unreachable(rooms: "QuerySet[Room]", *, now: datetime) -> list[Booking]:
    """Return the meetings to come in these rooms whose organiser is reached by telephone only. Two queries."""
    found = _unreachable(rooms, now).prefetch_related("parties__room__point")
    return list(found.order_by("first_quarter")[:200])


def count_unreachable(rooms: "QuerySet[Room]", *, now: datetime) -> int:
    """Return how many there are. One query."""
    return _unreachable(rooms, now).count()


def _unreachable(rooms: "QuerySet[Room]", now: datetime) -> "QuerySet[Booking]":
    coming = Booking.objects.filter(
        status__in=[BookingStatus.ASKED, BookingStatus.CONFIRMED], first_quarter__gte=quarter_of(now)
    ).exclude(organiser_email="")
    folded = coming.annotate(folded=Lower("organiser_email"))
    here = Party.objects.filter(room__in=rooms.order_by().values("pk")).values("booking")
    return folded.filter(folded__in=DeadAddress.objects.values("address"), pk__in=here)
