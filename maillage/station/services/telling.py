"""Tell a screen, over its open wire, that something waits for it: it asks for its state at once.

Only a haste: without the wire (cut, another process without Redis), its next sign of life says the same.
"""

from collections.abc import Iterable
from functools import partial
from typing import Final
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from maillage.station.models import Station, StationState

NEWS: Final = {"type": "station.news"}
OVER: Final = {"type": "relay.over"}


def wire_of(station_id: int) -> str:
    """Return the name of the group that the wires of one screen listen to."""
    return f"station.{station_id}"


def relay_of(room_id: int, side: str) -> str:
    """Return the name of the group that one of a room's two screens, "main" or "second", listens to on the relay."""
    return f"relay.{room_id}.{side}"


def cut_relay(room_id: int, side: str) -> None:
    """Cut off, once the transaction is committed, a screen that is linked no more."""
    transaction.on_commit(partial(_send, relay_of(room_id, side), OVER), robust=True)


def tell_stations(station_ids: Iterable[int]) -> None:
    """Tell screens, once the transaction is committed. A layer that fails undoes nothing: it is logged."""
    for station_id in station_ids:
        transaction.on_commit(partial(_send, wire_of(station_id), NEWS), robust=True)


def tell_rooms_of(booking_id: UUID) -> None:
    """Tell the screens of a booking's rooms that their meetings changed. One query."""
    active = Station.objects.filter(state=StationState.ACTIVE, room__parties__booking=booking_id)
    tell_stations(active.values_list("pk", flat=True).distinct())


def _send(group: str, message: dict[str, str]) -> None:
    layer = get_channel_layer()
    if layer is not None:
        async_to_sync(layer.group_send)(group, message)
