"""One conference as its terminals need it: everyone's sound in the mix, and who speaks on their screens."""

import asyncio
import contextlib
import logging
import secrets
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from maillage.conference.domain import janus_requests as ask
from maillage.conference.domain.bridge_names import CALLER
from maillage.conference.domain.speaker import SpeakerOrder
from maillage.conference.gateways.errors import BridgeDown, BridgeRefused
from maillage.conference.gateways.janus_admin import MIX_EXISTS
from maillage.conference.gateways.janus_session import Handle
from maillage.conference.gateways.relay.voice import new_ssrc
from maillage.conference.gateways.sipgate.place import Place, RoomAtBridge

logger = logging.getLogger(__name__)
OBSERVER = "relay."
SETTLE_SECONDS = 0.5


@dataclass
class _Feed:
    """A participant who publishes: its media by kind, and its copy in the mix if it has one."""

    media: dict[str, str]
    mix_handle: Handle | None = None


@dataclass
class GatewayRoom:
    """Follows one conference over one Janus session: `start`, `enter` and `leave` for each terminal, `stop`."""

    at: RoomAtBridge
    places: dict[str, Place] = field(default_factory=dict)
    _observer: Handle | None = None
    _feeds: dict[str, _Feed] = field(default_factory=dict)
    _speakers: SpeakerOrder = field(default_factory=SpeakerOrder)
    _events: "asyncio.Queue[dict[str, Any]]" = field(default_factory=asyncio.Queue)
    _worker: "asyncio.Task[None] | None" = None

    async def start(self) -> None:
        """Make the mix and begin to follow. Raises BridgeDown or BridgeRefused."""
        session, keys = self.at.session, self.at.keys
        mixer = await session.attach(ask.AUDIOBRIDGE)
        try:
            await mixer.request(ask.create_mix(self.at.name, keys))
        except BridgeRefused as refusal:
            if refusal.details["number"] != MIX_EXISTS:
                raise
        finally:
            await mixer.detach()
        self._observer = await session.attach(ask.VIDEOROOM)
        self._observer.listener = self._events.put_nowait
        joined = await self._observer.request(
            {
                "request": "join",
                "ptype": "publisher",
                "room": self.at.name,
                "id": f"{OBSERVER}{secrets.token_hex(4)}",
                "token": self.at.room_token,
            }
        )
        self._events.put_nowait({"plugindata": {"data": joined.data}})
        self._worker = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Leave: every terminal's place, then our own."""
        if self._worker:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
        for place in list(self.places.values()):
            await place.leave()
        self.places.clear()
        for feed in self._feeds.values():
            if feed.mix_handle:
                await feed.mix_handle.detach()
        if self._observer:
            await self._observer.detach()

    async def enter(self, place: Place) -> None:
        """Give a terminal its place. Raises BridgeDown or BridgeRefused."""
        place.on_speech = self.spoke
        await place.take()
        self.places[place.id] = place
        self._events.put_nowait({})  # the follower alone changes what is shown

    async def leave(self, leg_id: str) -> None:
        """Take a terminal out."""
        place = self.places.pop(leg_id, None)
        if place:
            await place.leave()

    def spoke(self, leg_id: str) -> None:
        """Note that a terminal's own sound carries speech."""
        self._events.put_nowait({"plugindata": {"data": {"videoroom": "talking", "id": leg_id}}})

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                event = await asyncio.wait_for(self._events.get(), SETTLE_SECONDS)
                await self._safely(self._take_event(event.get("plugindata", {}).get("data", {})))
            self._speakers.settle(monotonic())
            await self._safely(self._show_speakers())

    async def _safely(self, work: Any) -> None:
        """A refusal about one participant must not end the following of the others."""
        try:
            await work
        except BridgeRefused as refusal:
            logger.info("bridge refused in %s: %s", self.at.name, refusal.details["reason"])
        except BridgeDown:
            logger.info("bridge lost while following %s", self.at.name)

    async def _take_event(self, data: dict[str, Any]) -> None:
        for publisher in data.get("publishers", []):
            await self._add(publisher)
        for verb in ("leaving", "unpublished", "kicked"):
            if isinstance(data.get(verb), str) and data[verb] != "ok":
                await self._remove(data[verb])
        if data.get("videoroom") == "talking":
            self._speakers.spoke(str(data.get("id", "")), monotonic())

    async def _add(self, publisher: dict[str, Any]) -> None:
        name = publisher["id"]
        streams = [each for each in publisher.get("streams", []) if not each.get("disabled")]
        media = {each["type"]: each["mid"] for each in reversed(streams)}
        feed = self._feeds.setdefault(name, _Feed(media))
        feed.media = media
        if "video" in media:
            self._speakers.came(name)
        else:
            self._speakers.left(name)
        if "audio" in media and not feed.mix_handle and not name.startswith(CALLER):  # a call is in the mix already
            await self._put_in_mix(name, feed)

    async def _put_in_mix(self, name: str, feed: _Feed) -> None:
        if self._observer is None:
            return
        handle = feed.mix_handle = await self.at.session.attach(ask.AUDIOBRIDGE)
        joined = (await handle.request(ask.join_mix(self.at.name, name))).data["rtp"]
        await self._observer.request(
            ask.forward_medium(
                self.at.name,
                name,
                self.at.keys,
                host=joined["ip"],
                mid=feed.media["audio"],
                port=joined["port"],
                pt=ask.OPUS_PAYLOAD,
                ssrc=new_ssrc(),
            )
        )

    async def _remove(self, name: str) -> None:
        self._speakers.left(name)
        feed = self._feeds.pop(name, None)
        if feed and feed.mix_handle:
            await feed.mix_handle.detach()

    async def _show_speakers(self) -> None:
        for place in list(self.places.values()):
            wanted = self._speakers.shown_to(place.id)
            if wanted != place.shown:
                feed = self._feeds.get(wanted)
                await place.show(wanted if feed else "", feed.media["video"] if feed else "")
