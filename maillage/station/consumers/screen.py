"""What stations say past Django's pages: their signs of life, and the wire by which they are told that something waits.

Signs of life are cheap enough for 500 screens on one process: plain ASGI, keys and hearing kept in memory. What is
kept is written together every FLUSH_SECONDS, and read again then: who was heard, whose orders wait. A process that
stops loses at most that. The full state of a screen stays with `views.state`, asked every two minutes or when an order
waits. The wire carries nothing but "ask": what waits is read by that one door, once, whichever told it.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any

from channels.db import database_sync_to_async
from django.utils import timezone

from maillage.core.errors import DomainError
from maillage.core.sockets import Resumed, cookie_in
from maillage.station.domain.keys import MAIN_COOKIE, digest
from maillage.station.models import StationOrder
from maillage.station.services import hear_stations, identify, wire_of

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATH = "/station/signe"
FLUSH_SECONDS = 5.0
KEY_KEPT_SECONDS = 300.0
_MOST_KEYS = 20_000
REFUSED = 4403


class Beats:
    """What one process heard since it last wrote it down."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, float]] = {}
        self._heard: dict[int, datetime] = {}
        self._waiting: frozenset[int] = frozenset()
        self._flushed_at = 0.0
        self._writing = asyncio.Lock()

    async def hear(self, key: str) -> bool:
        """Note that the station of `key` lives; tell whether it must ask for its state. Raises as `identify`."""
        hashed, instant = digest(key), time.monotonic()
        station_id, until = self._known.get(hashed, (0, 0.0))
        if until < instant:
            station_id = await database_sync_to_async(_station_of)(key)
            if len(self._known) >= _MOST_KEYS:
                self._known.clear()
            self._known[hashed] = (station_id, instant + KEY_KEPT_SECONDS)
        self._heard[station_id] = timezone.now()
        if instant - self._flushed_at >= FLUSH_SECONDS:
            await self._flush(instant)
        return station_id in self._waiting

    async def _flush(self, instant: float) -> None:
        async with self._writing:
            if instant - self._flushed_at < FLUSH_SECONDS:
                return
            self._flushed_at = instant
            heard, self._heard = self._heard, {}
            self._waiting = await database_sync_to_async(_write)(heard)


def _station_of(key: str) -> int:
    return identify(key=key, now=timezone.now()).pk


def _write(heard: dict[int, datetime]) -> frozenset[int]:
    hear_stations(heard)
    return frozenset(StationOrder.objects.filter(taken_at=None).values_list("station", flat=True))


class Heartbeat:
    """The ASGI application of PATH: answers whether the screen must ask for its state, or why it is refused."""

    def __init__(self) -> None:
        self._beats = Beats()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        try:
            ask = await self._beats.hear(cookie_in(scope, MAIN_COOKIE))
        except DomainError as refusal:
            body = {"code": refusal.code, "title": refusal.sentence(), "status": refusal.status}
            await _answer(send, refusal.status, "application/problem+json", body)
            return
        await _answer(send, 200, "application/json", {"ask": ask})


class Wire(Resumed):
    """One screen's wire. Closed with REFUSED for whoever holds no good key: their page asks, and reads why."""

    group: str | None = None

    async def connect(self) -> None:
        """Listen for one station. A key is proved once, as for its signs of life."""
        await self.accept()
        try:
            station_id = await database_sync_to_async(_station_of)(cookie_in(self.scope, MAIN_COOKIE))
        except DomainError:
            await self.close(REFUSED)
            return
        self.group = wire_of(station_id)
        await self.channel_layer.group_add(self.group, self.channel_name)

    async def disconnect(self, code: int) -> None:
        """Listen no more."""
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Nothing is said this way: a screen asks by its own doors."""

    async def station_news(self, event: Message) -> None:
        """Something waits for this screen."""
        await self.send('{"type":"ask"}')


async def _answer(send: Send, status: int, kind: str, body: dict[str, Any]) -> None:
    headers = [(b"content-type", kind.encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
