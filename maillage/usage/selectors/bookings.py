"""What the counting reads of bookings and of where their parties are."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from maillage.booking.models import Booking, BookingStatus, CancelCause, Party
from maillage.territory.models import Commune
from maillage.usage.domain.counting import Place

COUNTED_CAUSES = (CancelCause.NO_SHOW, CancelCause.TECHNICAL)
"""Ends without a meeting that are counted apart; the others are no use."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A commune with its position."""

    commune: Commune
    latitude: float
    longitude: float


def lock_booking(booking_id: UUID) -> Booking:
    """Return a booking, locked until the end of the transaction: two countings of it follow each other."""
    return Booking.objects.select_for_update().get(pk=booking_id)


def has_use(booking_id: UUID) -> bool:
    """Tell whether a booking was counted already. One query."""
    return Booking.objects.filter(pk=booking_id, use__isnull=False).exists()


def parties_of(booking: Booking) -> list[Party]:
    """Return its parties in order, with origin, room, point and commune. One query."""
    return list(booking.parties.select_related("origin", "room__point__commune").order_by("position"))


def uncounted_bookings(*, limit: int) -> list[UUID]:
    """Return the ids of ended bookings that should have a use and have none, oldest first. One query."""
    countable = Q(status=BookingStatus.DONE) | Q(status=BookingStatus.CANCELLED, cancel_cause__in=COUNTED_CAUSES)
    missing = Booking.objects.filter(countable, use__isnull=True).order_by("first_quarter", "pk")
    return list(missing.values_list("pk", flat=True)[:limit])


def whereabouts(party: Party) -> Whereabouts | None:
    """Return where a party comes from: its commune of origin, else the one of its room; None where not known."""
    commune = party.origin or (party.room.point.commune if party.room else None)
    if commune is None or commune.latitude is None or commune.longitude is None:
        return None
    return Whereabouts(commune, commune.latitude, commune.longitude)


def place_of(party: Party) -> Place:
    """Return where a party sits during the meeting: its room's region, else that of its origin; its country."""
    if party.room:
        return Place("FR", party.room.point.commune.region)
    return Place(party.country, party.origin.region if party.origin else "")
