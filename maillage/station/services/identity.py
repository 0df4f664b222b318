"""Who a screen is: a key that changes at each start, so that a copy betrays itself."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Q

from maillage.core.events import publish
from maillage.core.journal import Door, record
from maillage.station.domain.keys import digest, new_key
from maillage.station.errors import KeyUsedTwice, LoanOver, NotAStation
from maillage.station.events import SecondScreenWithdrawn, StationWithdrawn
from maillage.station.models import LinkedScreen, SecondScreen, Station, StationState

Screen = TypeVar("Screen", bound=LinkedScreen)

FORMER_KEY_LASTS = timedelta(minutes=5)


def identify(*, key: str, now: datetime) -> Station:
    """Return the active station whose key this is. One query. Raises as `identify_second`."""
    return _identify(Station, key, now)


def identify_second(*, key: str, now: datetime) -> SecondScreen:
    """Return the active second screen whose key this is. One query.

    Raises NotAStation without a good key, LoanOver after the days it was lent for,
    KeyUsedTwice (and withdraws the screen) when a replaced key comes back
    after FORMER_KEY_LASTS: since then the true screen has shown that it holds the next one.
    """
    return _identify(SecondScreen, key, now)


def _identify(kind: type[Screen], key: str, now: datetime) -> Screen:
    if not key:
        raise NotAStation
    hashed = digest(key)
    screen = (
        kind._default_manager.filter(Q(key_digest=hashed) | Q(former_key_digest=hashed))
        .select_related("room__point")
        .order_by("-pk")
        .first()
    )
    if screen is None or screen.state == StationState.REPLACED:
        raise NotAStation
    if screen.expires_at and now > screen.expires_at:
        raise LoanOver
    if screen.state == StationState.REVOKED:
        raise NotAStation
    if screen.state == StationState.STOLEN:
        raise KeyUsedTwice
    if screen.key_digest != hashed and now > screen.key_changed_at + FORMER_KEY_LASTS:
        withdraw(screen=screen, state=StationState.STOLEN, agent_id=None)
        raise KeyUsedTwice
    return screen


@transaction.atomic
def change_key(*, screen: LinkedScreen, now: datetime, version: str = "") -> str:
    """Give `screen` a new key and return it; the present one stays good for FORMER_KEY_LASTS.

    version: of a main screen's page.
    """
    key = new_key()
    locked = type(screen)._default_manager.select_for_update().get(pk=screen.pk)
    locked.former_key_digest, locked.key_digest, locked.key_changed_at = locked.key_digest, digest(key), now
    changed = ["former_key_digest", "key_digest", "key_changed_at"]
    if isinstance(locked, Station) and version:
        locked.version = version
        changed.append("version")
    locked.save(update_fields=changed)
    return key


@transaction.atomic
def withdraw(*, screen: LinkedScreen, state: StationState, agent_id: int | None) -> None:
    """Make `screen` unable to do anything more; the reason is its `state`. Journaled."""
    type(screen)._default_manager.filter(pk=screen.pk).update(state=state)
    screen.state = state
    door: Door = "station" if agent_id is None else "agent"
    subject = f"room:{screen.room_id}"
    if isinstance(screen, SecondScreen):
        record(f"second-screen.{state}", subject, through=door, agent_id=agent_id, second_screen=screen.pk)
        publish(SecondScreenWithdrawn(second_screen_id=screen.pk, room_id=screen.room_id, state=state))
        return
    record(f"station.{state}", subject, through=door, agent_id=agent_id, station=screen.pk)
    publish(StationWithdrawn(station_id=screen.pk, room_id=screen.room_id, state=state))
