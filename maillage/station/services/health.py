"""How stations are: heard from, tested, waived."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from maillage.core.events import publish
from maillage.core.journal import record
from maillage.station.domain.verdict import Measures, judge
from maillage.station.events import StationTested
from maillage.station.models import SecondScreen, SelfTest, Station, StationState, TestOccasion
from maillage.station.services.offers import follow_station


def hear_stations(heard: Mapping[int, datetime]) -> int:
    """Write when stations were last heard, for many at once: one statement. Return how many rows."""
    if not heard:
        return 0
    latest = max(heard.values())
    return Station.objects.filter(pk__in=heard, state=StationState.ACTIVE).update(last_seen_at=latest)


def hear_second(*, screen_id: int, now: datetime) -> bool:
    """Write when a second screen was last heard. Tell whether it is still linked."""
    linked = SecondScreen.objects.filter(pk=screen_id, state=StationState.ACTIVE)
    return bool(linked.update(last_seen_at=now))


@transaction.atomic
def record_self_test(
    *, station: Station, occasion: TestOccasion, measures: Measures, booking_id: UUID | None, now: datetime
) -> SelfTest:
    """Judge `measures`, keep them with the booking they prepared, and tell the apps above."""
    verdict = judge(measures)
    test = SelfTest.objects.create(
        station=station,
        booking_id=booking_id,
        occasion=occasion,
        at=now,
        level=verdict.level,
        causes=list(verdict.causes),
        measures=asdict(measures),
    )
    Station.objects.filter(pk=station.pk).update(
        level=verdict.level, tested_at=now, clock_ahead_s=measures.clock_ahead_s or 0
    )
    follow_station(room_id=station.room_id, now=now)
    publish(StationTested(station_id=station.pk, room_id=station.room_id, test_id=test.pk, level=verdict.level.value))
    return test


@transaction.atomic
def waive(*, station: Station, until: datetime, agent_id: int, reason: str, now: datetime) -> None:
    """Offer the room until `until` whatever its tests say. `reason` goes to the journal."""
    Station.objects.filter(pk=station.pk).update(waived_until=until)
    follow_station(room_id=station.room_id, now=now)
    record("station.waived", f"room:{station.room_id}", through="agent", agent_id=agent_id, reason=reason[:200])
