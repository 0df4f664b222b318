"""Who a station is: a key that changes at each start, so that a copy betrays itself."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from maillage.core.events import publish
from maillage.core.journal import Door, record
from maillage.station.domain.keys import digest, new_key
from maillage.station.errors import KeyUsedTwice, LoanOver, NotAStation
from maillage.station.events import StationWithdrawn
from maillage.station.models import Station, StationState

FORMER_KEY_LASTS = timedelta(minutes=5)


def identify(*, key: str, now: datetime) -> Station:
    """Return the active station whose key this is. One query.

    Raises NotAStation without a good key, LoanOver after the days it was lent for,
    KeyUsedTwice (and withdraws the station) when a replaced key comes back
    after FORMER_KEY_LASTS: since then the true screen has shown that it holds the next one.
    """
    if not key:
        raise NotAStation
    hashed = digest(key)
    station = (
        Station.objects.filter(Q(key_digest=hashed) | Q(former_key_digest=hashed))
        .select_related("room__point")
        .order_by("-pk")
        .first()
    )
    if station is None or station.state == StationState.REPLACED:
        raise NotAStation
    if station.expires_at and now > station.expires_at:
        raise LoanOver
    if station.state == StationState.REVOKED:
        raise NotAStation
    if station.state == StationState.STOLEN:
        raise KeyUsedTwice
    if station.key_digest != hashed and now > station.key_changed_at + FORMER_KEY_LASTS:
        withdraw(station=station, state=StationState.STOLEN, agent_id=None)
        raise KeyUsedTwice
    return station


@transaction.atomic
def change_key(*, station: Station, now: datetime, version: str = "") -> str:
    """Give `station` a new key and return it; the present one stays good for FORMER_KEY_LASTS."""
    key = new_key()
    locked = Station.objects.select_for_update().get(pk=station.pk)
    locked.former_key_digest, locked.key_digest, locked.key_changed_at = locked.key_digest, digest(key), now
    locked.version = version or locked.version
    locked.save(update_fields=["former_key_digest", "key_digest", "key_changed_at", "version"])
    return key


@transaction.atomic
def withdraw(*, station: Station, state: StationState, agent_id: int | None) -> None:
    """Make `station` unable to do anything more; the reason is its `state`. Journaled."""
    Station.objects.filter(pk=station.pk).update(state=state)
    station.state = state
    door: Door = "station" if agent_id is None else "agent"
    record(f"station.{state}", f"room:{station.room_id}", through=door, agent_id=agent_id, station=station.pk)
    publish(StationWithdrawn(station_id=station.pk, room_id=station.room_id, state=state))
