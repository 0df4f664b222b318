"""Many sites without browsers, cheap enough for hundreds: prepared sound and pictures, counted and not looked at.

Sites of the bridge are aiortc agents that send what was encoded once and count what they receive, after decryption.
Pages of the web process say what a page says: their entry, a beat every four seconds, measures every ten.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from urllib.parse import urlsplit

import av
import numpy as np
from aiortc import RTCPeerConnection
from aiortc.mediastreams import MediaStreamTrack
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from maillage.conference.domain.presence import BEAT_SECONDS
from maillage.conference.tests.bridge.agents import RATE, Agent

FRAMES_A_SECOND = 15
LOOP_SECONDS = 4
QUALITY_SECONDS = 10


class Prepared(MediaStreamTrack):
    """Packets encoded beforehand, played in a loop at their times. Counts what it gave."""

    def __init__(self, kind: str, packets: Sequence[bytes], ticks: int, rate: int) -> None:
        super().__init__()
        self.kind = kind
        self._packets, self._ticks, self._rate = packets, ticks, rate
        self._began, self._done = 0.0, 0

    async def recv(self) -> Any:
        now = asyncio.get_running_loop().time()
        self._began = self._began or now
        await asyncio.sleep(max(0.0, self._began + self._done * self._ticks / self._rate - now))
        packet = av.Packet(self._packets[self._done % len(self._packets)])
        packet.pts, packet.time_base = self._done * self._ticks, Fraction(1, self._rate)
        self._done += 1
        return packet


def prepared_sound() -> list[bytes]:
    """Return some seconds of a tone in Opus, one packet every 20 ms."""
    codec = av.CodecContext.create("libopus", "w")
    codec.sample_rate, codec.format, codec.layout, codec.bit_rate = RATE, "s16", "mono", 32_000
    made: list[bytes] = []
    for block in range(LOOP_SECONDS * 50):
        at = (np.arange(960) + block * 960) / RATE
        wave = (np.sin(2 * np.pi * 440 * at) * 12_000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, block * 960, Fraction(1, RATE)
        made += [bytes(packet) for packet in codec.encode(frame)]
    return made


def prepared_picture(kbps: int) -> list[bytes]:
    """Return some seconds of moving noise in H.264, 640 by 360, a whole picture every second."""
    codec = av.CodecContext.create("libx264", "w")
    codec.width, codec.height, codec.pix_fmt = 640, 360, "yuv420p"
    codec.bit_rate, codec.time_base, codec.framerate = kbps * 1000, Fraction(1, 15), Fraction(15)
    codec.options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "g": "15"}
    chance = np.random.default_rng(1)
    made: list[bytes] = []
    for number in range(LOOP_SECONDS * FRAMES_A_SECOND):
        grain = chance.integers(0, 255, (45, 80, 3), dtype=np.uint8).repeat(8, 0).repeat(8, 1)
        frame = av.VideoFrame.from_ndarray(grain, format="rgb24")
        frame.pts = number
        made += [bytes(packet) for packet in codec.encode(frame)]
    return made


@dataclass
class Load:
    """What each site of a crowd sends, encoded once for all."""

    sound: Sequence[bytes] = field(default_factory=prepared_sound)
    picture: Sequence[bytes] = field(default_factory=lambda: prepared_picture(300))


class CrowdSite(Agent):
    """A site of the bridge that sends a prepared load, receives all others on one connection, and counts."""

    load: Load
    received: int = 0
    incoming: RTCPeerConnection | None = None

    def sound(self) -> MediaStreamTrack:
        """The prepared sound, 50 packets a second."""
        return Prepared("audio", self.load.sound, 960, RATE)

    def picture(self) -> MediaStreamTrack:
        """The prepared picture, 15 a second."""
        return Prepared("video", self.load.picture, 90_000 // FRAMES_A_SECOND, 90_000)

    async def receive_all(self, others: Sequence[str]) -> None:
        """Receive what `others` send; every packet that can be decrypted is counted, none is decoded.

        aiortc would decode each in a thread of its own: its way in is replaced.
        """
        self.incoming = await self.receive(others, lambda _track: None)
        for transport in {receiver.transport for receiver in self.incoming.getReceivers()}:
            transport._handle_rtp_data = self._count  # type: ignore[method-assign,assignment]

    async def _count(self, _data: bytes, arrival_time_ms: int) -> None:
        self.received += 1

    async def sent(self) -> int:
        """Return the packets sent so far."""
        report = await self.connections[0].getStats()
        return sum(one.packetsSent for one in report.values() if one.type == "outbound-rtp")


@dataclass
class CrowdPage:
    """A page without media: enters its meeting, says that it lives and what it measures, times each answer."""

    address: str
    number: int
    others: Sequence[int] = ()
    beats_ms: list[float] = field(default_factory=list)
    told_ms: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    is_in: asyncio.Event = field(default_factory=asyncio.Event)
    socket: ClientConnection | None = None
    asked_at: float = 0.0
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    async def enter(self) -> None:
        """Open the socket, say who this is and come in."""
        here = urlsplit(self.address)
        origin = Origin(f"http://{here.netloc}")
        self.socket = await connect(self.address, origin=origin, max_queue=None, ping_interval=None)
        self.tasks.append(asyncio.create_task(self._hear(self.socket)))
        await self._say("hello", connection=f"screen-{self.number:06}", page=f"page-{self.number:06}", device="crowd")
        await self._say("enter", microphone=True, camera=True)
        await asyncio.wait_for(self.is_in.wait(), 30)
        self.tasks += [asyncio.create_task(self._beat()), asyncio.create_task(self._measure())]

    async def line(self) -> None:
        """Write a line to the others of the meeting: each of them notes how long it took."""
        await self._say("chat", key=f"line-{self.number:06}", text=f"{time.perf_counter():.6f}")

    async def leave(self) -> None:
        """Close, as a window that is shut."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if self.socket:
            await self.socket.close()

    async def _say(self, kind: str, **fields: object) -> None:
        assert self.socket
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            self.asked_at = time.perf_counter()
            await self._say("beat")

    async def _measure(self) -> None:
        while True:
            await asyncio.sleep(QUALITY_SECONDS)
            measured = {"rtt_ms": 20.0, "concealed_in": 0.0, "frames_per_second": 15.0, "audio_level_in": 0.1}
            if self.others:
                await self._say("quality", samples=[{"remote": other, **measured} for other in self.others])

    async def _hear(self, socket: ClientConnection) -> None:
        async for text in socket:
            heard: dict[str, Any] = json.loads(text)
            match heard["type"]:
                case "beat":
                    self.beats_ms.append((time.perf_counter() - self.asked_at) * 1000)
                case "chat":
                    now = time.perf_counter()
                    self.told_ms += [(now - float(line["text"])) * 1000 for line in heard["lines"]]
                case "presence":
                    self.is_in.set()
                case "refused":
                    self.refused.append(str(heard["code"]))
