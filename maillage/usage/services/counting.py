"""Count an ended booking: from who was really there to its kilometres, hours and CO2. Counting twice is harmless."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from maillage.booking.models import Booking, BookingStatus, CancelCause, Party
from maillage.conference.selectors import attendance_of
from maillage.core.quarters import moment_of
from maillage.core.theme import current_network
from maillage.usage.domain.counting import Stay, destination_of, outcome_of, together, topology_of
from maillage.usage.errors import NotEnded
from maillage.usage.models import Factor, Outcome, Use, UsedFactor, UsePart
from maillage.usage.selectors.bookings import lock_booking, parties_of, place_of, uncounted_bookings
from maillage.usage.selectors.factors import factors_on
from maillage.usage.services.factors import load_factors
from maillage.usage.services.parts import CountedPart, count_parts

_CANCELLED_OUTCOMES = {CancelCause.NO_SHOW: Outcome.NOBODY_CAME, CancelCause.TECHNICAL: Outcome.FAILED}
BATCH = 200


@transaction.atomic
def compute_use(*, booking_id: UUID, now: datetime) -> Use | None:
    """Count a booking from its attendance and return its use; the same again replaces the figures, never doubles.

    None for a booking cancelled before its meeting: it is no use. Raises NotEnded while it is held or confirmed.
    """
    booking = lock_booking(booking_id)
    if booking.status not in {BookingStatus.DONE, BookingStatus.CANCELLED}:
        raise NotEnded(reference=booking.reference)
    if booking.status == BookingStatus.CANCELLED and booking.cancel_cause not in _CANCELLED_OUTCOMES:
        return None
    stays = {
        came.party_id: Stay(
            came.seconds, came.joined_at, came.left_at or came.joined_at + timedelta(seconds=came.seconds)
        )
        for came in attendance_of(booking)
    }
    return record_use(booking=booking, stays=stays, now=now)


recompute_use = compute_use
"""Count again after a late answer or a new factor: the same act."""


@transaction.atomic
def record_use(*, booking: Booking, stays: Mapping[int, Stay], now: datetime) -> Use:
    """Write the use of `booking` from the `stays` of its parties, by party id, in place of any earlier figures."""
    parties = parties_of(booking)
    seconds = [stays[party.pk].seconds if party.pk in stays else 0.0 for party in parties]
    span = together(list(stays.values()))
    outcome = _CANCELLED_OUTCOMES.get(CancelCause(booking.cancel_cause)) if booking.cancel_cause else None
    outcome = outcome or Outcome(outcome_of(seconds, span.seconds))
    started_at = span.first or moment_of(booking.first_quarter)
    local_day = started_at.astimezone(ZoneInfo(booking.time_zone)).date()
    factors = _factors(local_day)
    parts = count_parts(parties, seconds, factors, is_held=outcome == Outcome.HELD)
    use, _created = Use.objects.update_or_create(
        booking=booking,
        defaults={
            "outcome": outcome,
            "local_day": local_day,
            "started_at": started_at,
            "ended_at": booking.ended_at or moment_of(booking.end_quarter),
            "seconds": round(span.seconds),
            "category": booking.category,
            "counted_at": now,
            **_shape(parties, seconds),
            **_sums(parts),
        },
    )
    _write_parts(use, parts, factors)
    return use


def recompute_uses(now: datetime) -> int:
    """Count again every booking that has a use, after a change of factors; return how many."""
    ids = Use.objects.filter(booking__isnull=False).order_by("pk").values_list("booking_id", flat=True)
    return sum(compute_use(booking_id=booking_id, now=now) is not None for booking_id in list(ids) if booking_id)


def count_missing(now: datetime) -> int:
    """Count ended bookings that have no use, a process having stopped in between; return how many."""
    ids = uncounted_bookings(limit=BATCH)
    return sum(compute_use(booking_id=booking_id, now=now) is not None for booking_id in ids)


def _factors(day: date) -> dict[str, Factor]:
    """Return the factors in force, loading those of this version the first time a meeting is counted."""
    found = factors_on(day)
    if found:
        return found
    load_factors()
    return factors_on(day)


def _shape(parties: list[Party], seconds: list[float]) -> dict[str, object]:
    """Return sites, people, topology and destination: of those who came, of all if the meeting was not one."""
    present = [party for party, stayed in zip(parties, seconds, strict=True) if stayed > 0]
    considered = present if len(present) > 1 else parties
    territory = frozenset(current_network().region_codes)
    return {
        "sites": len(present),
        "people": sum(party.head_count for party in present),
        "declared_people": sum(party.head_count for party in present if party.travel_mode),
        "topology": topology_of(len(considered)),
        "destination": destination_of([place_of(party) for party in considered], territory),
    }


def _sums(parts: list[CountedPart]) -> dict[str, float]:
    names = ("km_avoided", "minutes_avoided", "co2_avoided_kg", "co2_footprint_kg")
    return {name: sum(getattr(counted.part, name) for counted in parts) for name in names}


def _write_parts(use: Use, parts: list[CountedPart], factors: Mapping[str, Factor]) -> None:
    use.parts.all().delete()
    for counted in parts:
        counted.part.use = use
    UsePart.objects.bulk_create([counted.part for counted in parts])
    UsedFactor.objects.bulk_create(
        UsedFactor(part=counted.part, factor=factors[code]) for counted in parts for code in sorted(counted.factors)
    )
