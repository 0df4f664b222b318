"""One terminal's place at the bridge: its ear in the mix, its voice and picture as a publisher, whom it is shown.

A place belongs to one Janus session. When the bridge is lost the terminal's call goes on, and it gets a new place.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from maillage.conference.domain import janus_requests as ask
from maillage.conference.domain import rtp
from maillage.conference.domain.janus_requests import Keys
from maillage.conference.gateways.errors import BridgeDown, BridgeRefused
from maillage.conference.gateways.janus_session import Handle, JanusSession
from maillage.conference.gateways.relay.terminal import PICTURE_PAYLOAD, BridgeSide, TerminalMedia
from maillage.conference.gateways.relay.udp import Address, UdpPort
from maillage.conference.gateways.relay.voice import new_ssrc

FIRST_PICTURES_SECONDS = 0.15, 0.2, 0.4
"""Waits between the whole pictures asked of a terminal that has just entered."""
FIRST_SILENCES = 5
"""Silent packets sent on entering, more than one in case of loss."""


@dataclass(frozen=True, slots=True)
class RoomAtBridge:
    """What all places of one conference share. `host` is the gateway's own address, as Janus reaches it."""

    name: str
    session: JanusSession
    keys: Keys
    host: str
    room_token: str


@dataclass(frozen=True, slots=True)
class Forward:
    """One picture being forwarded to a terminal: whose, under which number, where to ask for a whole one."""

    feed: str
    stream_id: int
    control: Address
    ssrc: int


@dataclass
class Place:
    """Use `take`, then `show` for each change of speaker, then `leave`."""

    room: RoomAtBridge
    id: str
    name: str
    media: TerminalMedia
    on_speech: Callable[[str], None] = lambda _leg: None
    _handles: list[Handle] = field(default_factory=list)
    _sockets: dict[str, UdpPort] = field(default_factory=dict)
    _publisher: Handle | None = None
    _forward: Forward | None = None
    _tasks: "set[asyncio.Task[Any]]" = field(default_factory=set)

    @property
    def shown(self) -> str:
        """The participant whose picture the terminal gets, empty for none."""
        return self._forward.feed if self._forward else ""

    async def take(self) -> None:
        """Enter the conference. Raises BridgeDown or BridgeRefused, leaving nothing behind."""
        try:
            await self._open_sockets()
            mix = await self._join_mix()
            voice, picture, control = await self._make_mountpoint()
            self._connect_media(mix, voice, picture, control)
            await self._publish()
        except BaseException:
            await self.leave()
            raise

    def _connect_media(self, mix: Address, voice: Address, picture: Address, control: Address) -> None:
        """Send what the terminal sends to the mix and to its mountpoint, from now on."""
        sockets = self._sockets
        if control[1]:  # shows Janus where to send its requests
            sockets["picture control"].send(rtp.empty_report(new_ssrc()), control)

        def send_voice(data: bytes) -> None:
            sockets["mix"].send(data, mix)
            sockets["voice"].send(data, voice)

        self.media.bridge = BridgeSide(
            voice=send_voice,
            picture=lambda data: sockets["picture"].send(data, picture),
            picture_control=lambda data: sockets["picture control"].send(data, control),
            ask_speaker_for_picture=self._ask_speaker,
            speech_began=lambda: self.on_speech(self.id),
        )
        for _packet in range(FIRST_SILENCES):
            self.media.send_silence()

    async def leave(self) -> None:
        """Leave the conference; harmless twice, or when the bridge is gone. Given up half way, it frees its ports."""
        self.media.bridge = None
        try:
            await self._say_goodbye()
        finally:
            for line in self._sockets.values():
                line.close()
            self._sockets.clear()

    async def _say_goodbye(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(BridgeDown, BridgeRefused):
            await self.show("", "")
        for handle in self._handles:
            await handle.detach()
        self._handles.clear()
        with contextlib.suppress(BridgeDown, BridgeRefused):
            await self._once(ask.STREAMING, ask.destroy_mountpoint(self.id, self.room.keys))

    async def _open_sockets(self) -> None:
        for use in ("mix", "voice", "picture", "picture control", "shown", "shown control"):
            self._sockets[use] = await UdpPort.bound(self.room.host)
        self._sockets["mix"].receiver = lambda data, _source: self.media.send_voice(data)
        self._sockets["picture control"].receiver = self._picture_wanted
        self._sockets["shown"].receiver = lambda data, _source: self.media.send_picture(data)

    def _picture_wanted(self, data: bytes, _source: Address) -> None:
        if rtp.is_rtcp(data) and rtp.asks_for_picture(data):
            self.media.ask_for_picture()

    async def _attach(self, plugin: str) -> Handle:
        handle = await self.room.session.attach(plugin)
        self._handles.append(handle)
        return handle

    async def _once(self, plugin: str, request: ask.Request) -> dict[str, Any]:
        """Make one request on a handle of its own."""
        handle = await self.room.session.attach(plugin)
        try:
            return (await handle.request(request)).data
        finally:
            await handle.detach()

    async def _join_mix(self) -> Address:
        ear = self.room.host, self._sockets["mix"].port
        handle = await self._attach(ask.AUDIOBRIDGE)
        joined = (await handle.request(ask.join_mix(self.room.name, self.id, address=ear))).data
        return joined["rtp"]["ip"], joined["rtp"]["port"]

    async def _make_mountpoint(self) -> tuple[Address, Address, Address]:
        """Return where to send Opus, H.264 and its control; the last two have port 0 without image."""
        wanted = (0, 0, PICTURE_PAYLOAD) if self.media.has_picture else None
        made = await self._once(
            ask.STREAMING, ask.create_mountpoint(self.id, self.room.keys, audio_port=0, video=wanted)
        )
        ports = {each["type"]: each for each in made["stream"]["ports"]}
        host = self._bridge_host()
        video = ports.get("video", {"port": 0, "rtcp_port": 0})
        return (host, ports["audio"]["port"]), (host, video["port"]), (host, video["rtcp_port"])

    def _bridge_host(self) -> str:
        return self.room.session.media_host

    async def _publish(self) -> None:
        """Let Janus play the mountpoint to itself, as a publisher of the room."""
        stream, publisher = await self._attach(ask.STREAMING), await self._attach(ask.VIDEOROOM)
        publisher.listener = lambda event: self._publisher_event(event, stream)
        self._publisher = publisher
        offered = await stream.request({"request": "watch", "id": self.id})
        await publisher.request(
            {
                "request": "join",
                "ptype": "publisher",
                "room": self.room.name,
                "id": self.id,
                "display": self.name,
                "token": self.room.room_token,
            }
        )
        answered = await publisher.request(
            {"request": "publish", "audiocodec": "opus", "videocodec": "h264"}, offered.jsep
        )
        await stream.request({"request": "start"}, answered.jsep)

    def _publisher_event(self, event: dict[str, Any], stream: Handle) -> None:
        """Follow the publisher's end of the loop.

        Its candidates go to the stream and none comes back: the stream then is ready first. The other way round, the
        publisher's first DTLS packet often comes a millisecond too early, and the loop stands a second later.
        """
        if event.get("janus") == "webrtcup":
            self._run(self._show_newcomers())
        elif event.get("janus") == "trickle":
            self._run(stream.trickle(event["candidate"]))

    async def _show_newcomers(self) -> None:
        """Ask the terminal for whole pictures while the others begin to look: Janus passes on one request a second."""
        for wait in FIRST_PICTURES_SECONDS:
            await asyncio.sleep(wait)
            self.media.ask_for_picture()

    def _run(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def show(self, feed: str, mid: str) -> None:
        """Show the terminal the picture `mid` of participant `feed`; nothing if empty. The old one stops first."""
        if self._publisher is None or not self.media.has_picture or feed == self.shown:
            return
        if before := self._forward:
            self._forward = None
            with contextlib.suppress(BridgeRefused):  # they have left, and their forward with them
                await self._publisher.request(
                    ask.stop_forward(self.room.name, before.feed, before.stream_id, self.room.keys)
                )
        if not feed:
            return
        ssrc = new_ssrc()
        answer = await self._publisher.request(
            ask.forward_medium(
                self.room.name,
                feed,
                self.room.keys,
                host=self.room.host,
                mid=mid,
                port=self._sockets["shown"].port,
                rtcp_port=self._sockets["shown control"].port,
                pt=PICTURE_PAYLOAD,
                ssrc=ssrc,
            )
        )
        made = answer.data["forwarders"][0]
        self._forward = Forward(feed, made["stream_id"], (self._bridge_host(), made["local_rtcp_port"]), ssrc)
        self._ask_speaker()
        self._run(self._ask_again())

    def _ask_speaker(self) -> None:
        if self._forward and "shown control" in self._sockets:
            request = rtp.picture_request(new_ssrc(), self._forward.ssrc)
            self._sockets["shown control"].send(request, self._forward.control)

    async def _ask_again(self) -> None:
        """Ask once more: a forward starts in the middle of a picture, and one request may be lost."""
        await asyncio.sleep(1)
        self._ask_speaker()
