"""A participant without a browser: speaks to a VideoRoom with aiortc, sends a tone and a picture, looks and listens."""

import asyncio
import fractions
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import av
import numpy as np
from aiortc import RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack, VideoStreamTrack
from numpy.typing import NDArray

from maillage.conference.domain.janus_requests import VIDEOROOM
from maillage.conference.gateways.janus_session import Handle, JanusSession
from maillage.conference.gateways.tokens import door_token, room_token
from tooling.media import PrivateJanus

RATE = 48_000


def tomorrow() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)


class Tone(MediaStreamTrack):
    """A steady tone, 20 ms at a time."""

    kind = "audio"

    def __init__(self, hz: int) -> None:
        super().__init__()
        self._hz, self._done, self._began = hz, 0, 0.0

    async def recv(self) -> av.AudioFrame:
        now = asyncio.get_running_loop().time()
        self._began = self._began or now
        await asyncio.sleep(max(0.0, self._began + self._done / RATE - now))
        at = (np.arange(960) + self._done) / RATE
        wave = (np.sin(2 * np.pi * self._hz * at) * 12_000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._done, fractions.Fraction(1, RATE)
        self._done += 960
        return frame


class Picture(VideoStreamTrack):
    """A moving grey picture of 320 by 180, 15 times a second."""

    async def recv(self) -> av.VideoFrame:
        pts, base = await self.next_timestamp()
        if pts % 6000:
            pts, base = await self.next_timestamp()
        shade = np.full((180, 320, 3), (pts // 3000) % 200 + 30, dtype=np.uint8)
        frame = av.VideoFrame.from_ndarray(shade, format="rgb24")
        frame.pts, frame.time_base = pts, base
        return frame


@dataclass
class Received:
    """What came from one publisher: sound as mono samples at 48 kHz, and the number of decoded frames."""

    chunks: list[NDArray[np.int16]] = field(default_factory=list)
    frames: int = 0

    def sound(self, seconds: float = 2.0) -> NDArray[np.float64]:
        """Return the last `seconds` of sound."""
        joined = np.concatenate(self.chunks) if self.chunks else np.zeros(0, np.int16)
        return joined[-int(seconds * RATE) :].astype(np.float64)


@dataclass
class Agent:
    """One site in the room. Use as a context; `hear(feed)` subscribes to another publisher."""

    janus: PrivateJanus
    room: str
    name: str
    tone_hz: int = 880
    with_video: bool = True
    session: JanusSession = field(init=False)
    publisher: Handle = field(init=False)
    private_id: int = 0
    connections: list[RTCPeerConnection] = field(default_factory=list)
    heard: dict[str, Received] = field(default_factory=dict)
    feeds: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        secret = self.janus.place.token_secret
        self.session = JanusSession(self.janus.client_url, door_token(secret, tomorrow()))
        await self.session.__aenter__()
        self.publisher = await self.session.attach(VIDEOROOM)
        self.publisher.listener = self._listen
        joined = await self.publisher.request(
            {
                "request": "join",
                "ptype": "publisher",
                "room": self.room,
                "id": self.name,
                "display": self.name,
                "token": room_token(secret, tomorrow(), self.room),
            }
        )
        self.private_id = joined.data["private_id"]
        self._note(joined.data.get("publishers", []))
        await self._publish()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await asyncio.gather(*(connection.close() for connection in self.connections))
        await self.session.__aexit__(kind, value, trace)

    def _note(self, publishers: list[dict[str, Any]]) -> None:
        for each in publishers:
            self.feeds[each["id"]] = each.get("streams", [])

    def _listen(self, message: dict[str, Any]) -> None:
        data = message.get("plugindata", {}).get("data", {})
        if data:
            self.events.append(data)
        self._note(data.get("publishers", []))

    def sound(self) -> MediaStreamTrack:
        """What this site says."""
        return Tone(self.tone_hz)

    def picture(self) -> MediaStreamTrack:
        """What this site shows."""
        return Picture()

    async def _publish(self) -> None:
        connection = RTCPeerConnection()
        self.connections.append(connection)
        connection.addTrack(self.sound())
        if self.with_video:
            sender = connection.addTransceiver(self.picture(), direction="sendonly")
            codecs = RTCRtpSender.getCapabilities("video").codecs
            sender.setCodecPreferences([codec for codec in codecs if codec.mimeType == "video/H264"])
        await connection.setLocalDescription(await connection.createOffer())
        answer = await self.publisher.request(
            {"request": "publish"}, {"type": "offer", "sdp": connection.localDescription.sdp}
        )
        assert answer.jsep
        await connection.setRemoteDescription(RTCSessionDescription(answer.jsep["sdp"], answer.jsep["type"]))

    async def hear(self, feed: str) -> Received:
        """Subscribe to all that `feed` publishes; return what fills as it comes."""
        received = self.heard[feed] = Received()
        await self.receive([feed], lambda track: self.tasks.append(asyncio.create_task(_drain(track, received))))
        return received

    async def receive(self, feeds: Sequence[str], take: Callable[[MediaStreamTrack], None]) -> RTCPeerConnection:
        """Subscribe, on one connection, to all that `feeds` publish; `take` is given each track."""
        await until(lambda: set(feeds) <= set(self.feeds))
        handle = await self.session.attach(VIDEOROOM)
        offered = await handle.request(
            {
                "request": "join",
                "ptype": "subscriber",
                "room": self.room,
                "private_id": self.private_id,
                "token": room_token(self.janus.place.token_secret, tomorrow(), self.room),
                "streams": [{"feed": feed} for feed in feeds],
            }
        )
        assert offered.jsep
        connection = RTCPeerConnection()
        self.connections.append(connection)
        connection.on("track", take)
        await connection.setRemoteDescription(RTCSessionDescription(offered.jsep["sdp"], offered.jsep["type"]))
        await connection.setLocalDescription(await connection.createAnswer())
        await handle.request({"request": "start"}, {"type": "answer", "sdp": connection.localDescription.sdp})
        return connection


async def _drain(track: MediaStreamTrack, received: Received) -> None:
    while True:
        frame = await track.recv()
        if isinstance(frame, av.VideoFrame):
            received.frames += 1
        elif isinstance(frame, av.AudioFrame):
            samples = frame.to_ndarray().reshape(-1).astype(np.int16)
            channels = len(frame.layout.channels)
            received.chunks.append(samples[::channels] if channels > 1 else samples)


def strongest_hz(sound: NDArray[np.float64], rate: int = RATE) -> float:
    """Return the frequency that carries the most energy."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum) * rate / len(sound))


async def until(condition: Any, seconds: float = 10.0) -> None:
    """Wait until `condition()` holds. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)
