# mypy: disable-error-code="no-untyped-call"
"""The wire of a room's screen: what waits is told within the second, to that screen alone."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from django.utils import timezone

from maillage.booking.models import CancelCause, PartyKind
from maillage.booking.services import cancel_booking
from maillage.booking.tests.factories import make_rooms
from maillage.conference.tests.factories import make_meeting, parties_of
from maillage.core.quarters import moment_of, quarter_of
from maillage.station.models import OrderKind, Station, StationState
from maillage.station.routing import websocket_urlpatterns
from maillage.station.services import give_order, withdraw
from maillage.station.tests.factories import make_station

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
DOOR = URLRouter(websocket_urlpatterns)
ASK = {"type": "websocket.send", "text": '{"type":"ask"}'}


@asynccontextmanager
async def wire(key: str) -> AsyncIterator[ApplicationCommunicator]:
    headers = [(b"cookie", f"station={key}".encode())]
    scope = {"type": "websocket", "path": "/station/fil", "headers": headers, "query_string": b"", "subprotocols": []}
    end = ApplicationCommunicator(DOOR, scope)
    await end.send_input({"type": "websocket.connect"})
    assert (await end.receive_output(timeout=5))["type"] == "websocket.accept"
    yield end
    await end.send_input({"type": "websocket.disconnect", "code": 1001})
    await end.wait(timeout=5)


@database_sync_to_async
def linked(commune: str = "Callac") -> tuple[Station, str]:
    return make_station(now=timezone.now(), room=make_rooms(commune)[0])


@database_sync_to_async
def done(act: Callable[..., Any], **given: Any) -> Any:
    return act(**given)


async def settled(end: ApplicationCommunicator) -> None:
    """The key is proved and the wire listens."""
    assert await end.receive_nothing(timeout=0.2)


async def test_a_ring_is_told_within_a_second_to_that_room_alone() -> None:
    (called, key), (_other, other_key) = await linked(), await linked("Rennes")
    async with wire(key) as screen, wire(other_key) as elsewhere:
        await settled(screen)
        began = time.monotonic()
        await done(give_order, station=called, kind=OrderKind.CALL, text="Callac", agent_id=None, now=timezone.now())
        assert await screen.receive_output(timeout=1) == ASK
        assert time.monotonic() - began < 1
        assert await elsewhere.receive_nothing(timeout=0.1)


async def test_a_screen_cut_off_is_told_and_a_stranger_hears_nothing() -> None:
    station, key = await linked()
    async with wire(key) as screen:
        await settled(screen)
        await done(withdraw, screen=station, state=StationState.STOLEN, agent_id=None)
        assert await screen.receive_output(timeout=1) == ASK
    async with wire(key) as stranger:
        assert await stranger.receive_output(timeout=5) == {"type": "websocket.close", "code": 4403}


@database_sync_to_async
def a_meeting_in(station: Station) -> Any:
    booking = make_meeting(start=moment_of(quarter_of(timezone.now()) + 4), names=("Plougasnou", "Lannion"))
    own = parties_of(booking)[0]
    own.room, own.kind = station.room, PartyKind.ROOM
    own.save()
    return booking.pk


async def test_a_cancelled_meeting_leaves_the_rooms_screen_at_once() -> None:
    station, key = await linked()
    booking_id = await a_meeting_in(station)
    async with wire(key) as screen:
        await settled(screen)
        given = {"cause": CancelCause.NO_COUNTERPART, "through": "station", "now": timezone.now()}
        await done(cancel_booking, booking_id=booking_id, **given)
        assert await screen.receive_output(timeout=1) == ASK
