"""Ask something of a room's screen from afar: told over its wire, it takes its orders at once."""

from datetime import datetime, timedelta

from django.db import transaction

from maillage.core.journal import Door, record
from maillage.station.models import OrderKind, Station, StationOrder
from maillage.station.services.telling import tell_stations

STALE_AFTER = timedelta(minutes=2)
"""An order that the screen did not take in time is dropped: nobody wants yesterday's message."""


@transaction.atomic
def give_order(*, station: Station, kind: OrderKind, text: str, agent_id: int | None, now: datetime) -> StationOrder:
    """Leave an order for a screen, of an agent or, without one, of another room. Journaled under the room."""
    order = StationOrder.objects.create(
        station=station, kind=kind, text=text.strip()[:200], asked_at=now, asked_by_id=agent_id
    )
    door: Door = "station" if agent_id is None else "agent"
    verb = f"station.order-{kind.value}"
    record(verb, f"room:{station.room_id}", through=door, agent_id=agent_id, text=order.text)
    tell_stations([station.pk])
    return order


def take_orders(*, station: Station, now: datetime) -> list[StationOrder]:
    """Return the orders that wait for a screen, each once, whichever asking is first. One query when there is none."""
    waiting = list(StationOrder.objects.filter(station=station, taken_at=None))
    taken = [order for order in waiting if _take(order, now)]
    return [order for order in taken if now - order.asked_at <= STALE_AFTER]


def _take(order: StationOrder, now: datetime) -> bool:
    """Whether this asking, of several at once, is the one that takes it."""
    return bool(StationOrder.objects.filter(pk=order.pk, taken_at=None).update(taken_at=now))
