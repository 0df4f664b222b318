"""What joins the two screens of a room when they are two machines: each hears what the other says, and nobody else.

The main screen comes while it is in a meeting (`?main`), the second one always. Each proves itself by the key of its
cookie. Nothing is kept: an end that comes back says where things stand. The link of the meeting stays with the main
screen: the address of a shown page is changed into one that the second screen may ask with its own key.
"""

import json
import time
from dataclasses import dataclass
from typing import Any, Final, Literal

from channels.db import database_sync_to_async
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from maillage import __version__
from maillage.conference.domain.flow import Bucket
from maillage.conference.domain.turn import Relay as IceRelay
from maillage.conference.domain.turn import ice_servers
from maillage.core.errors import DomainError
from maillage.core.sockets import Resumed, cookie_in
from maillage.station.consumers.screen import REFUSED
from maillage.station.domain import relay_messages as said
from maillage.station.domain.keys import MAIN_COOKIE, SECOND_COOKIE
from maillage.station.services import hear_second, identify, identify_second, relay_of

UNKNOWN: Final = 4400
TAKEN: Final = 4409
TOO_LARGE: Final = 4413
FLOOD: Final = 4429
BEAT_SECONDS: Final = 10.0
"""An end that speaks is answered this often at least: it knows that its wire holds."""
SEEN_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class End:
    """One of the two screens of a room. `screen_id`: of the second one, else 0."""

    side: Literal["main", "second"]
    room_id: int
    welcome: dict[str, Any]
    screen_id: int = 0

    @property
    def group(self) -> str:
        """What this end listens to."""
        return relay_of(self.room_id, self.side)

    @property
    def other(self) -> str:
        """What the other end listens to."""
        return relay_of(self.room_id, "second" if self.side == "main" else "main")


class Relay(Resumed):
    """One end. The newest of a side takes the place of the one before."""

    end: End | None = None
    since = answered_at = seen_at = 0.0

    async def connect(self) -> None:
        """Accept, so that the closing code can be read, then find which end this is."""
        await self.accept()
        self.bucket = Bucket(per_second=40, at=time.monotonic())
        try:
            end = await database_sync_to_async(_end_of)(self.scope)
        except DomainError:
            await self.close(REFUSED)
            return
        self.end, self.since = end, time.time()
        await self.channel_layer.group_add(end.group, self.channel_name)
        await self.channel_layer.group_send(end.group, {"type": "relay.taken", "since": self.since})
        await self._say({"type": "welcome", **end.welcome})

    async def disconnect(self, code: int) -> None:
        """Listen no more."""
        if self.end:
            await self.channel_layer.group_discard(self.end.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Pass on what this end may say; hang up on the rest."""
        if self.end is None:
            return None
        instant = time.monotonic()
        bucket = self.bucket.take(instant)
        if bucket is None:
            return await self.close(FLOOD)
        self.bucket = bucket
        if len(text_data or "") > said.MAX_MESSAGE:
            return await self.close(TOO_LARGE)
        try:
            news = _passed_on(self.end, text_data or "")
        except ValueError:
            return await self.close(UNKNOWN)
        await self.channel_layer.group_send(self.end.other, {"type": "relay.news", "news": news})
        if instant - self.answered_at >= BEAT_SECONDS:
            self.answered_at = instant
            await self._say({"type": "beat"})
        if self.end.screen_id and instant - self.seen_at >= SEEN_SECONDS:
            self.seen_at = instant
            await self._be_seen(self.end.screen_id)
        return None

    async def _be_seen(self, screen_id: int) -> None:
        if not await database_sync_to_async(hear_second)(screen_id=screen_id, now=timezone.now()):
            await self.close(REFUSED)

    async def relay_news(self, event: dict[str, Any]) -> None:
        """Say what the other end said; an offer comes with paths that are good now."""
        news = event["news"]
        if news["type"] == "offer" and self.end:
            news = {**news, "ice_servers": _paths(self.end.room_id, "second")}
        await self._say(news)

    async def relay_taken(self, event: dict[str, Any]) -> None:
        """A newer page took this place; what an older one said may come late."""
        if event["since"] > self.since:
            await self.close(TAKEN)

    async def relay_over(self, event: dict[str, Any]) -> None:
        """This screen is linked no more: it asks, and reads why."""
        await self.close(REFUSED)

    async def _say(self, message: dict[str, Any]) -> None:
        await self.send(json.dumps(message))


def _end_of(scope: Any) -> End:
    """Return which end a socket is. Raises as `identify_second`."""
    now = timezone.now()
    if scope["query_string"] != b"main":
        second = identify_second(key=cookie_in(scope, SECOND_COOKIE), now=now)
        room = second.room
        known = {"room": room.name, "point": room.point.name, "zone": room.point.time_zone, "version": __version__}
        return End("second", room.pk, known, second.pk)
    station = identify(key=cookie_in(scope, MAIN_COOKIE), now=now)
    return End("main", station.room_id, {"ice_servers": _paths(station.room_id, "main")})


def _passed_on(end: End, text: str) -> dict[str, Any]:
    """Return what the other end is told. Raises ValueError."""
    if end.side == "second":
        return said.read_of_second(text).model_dump()
    news = said.read_of_main(text)
    told = news.model_dump()
    if isinstance(news, said.Shown) and isinstance(news.shown, said.ShownPage):
        told["shown"]["address"] = reverse("station:second_page", args=said.page_named(news.shown.address))
    return told


def _paths(room_id: int, side: str) -> list[Any]:
    relay = IceRelay(settings.STUN_URLS, settings.TURN_URLS, settings.TURN_SECRET)
    return list(ice_servers(relay, name=f"room-{room_id}-{side}", now=timezone.now()))
