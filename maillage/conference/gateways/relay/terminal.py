"""All media of one terminal: its sockets, where it is, and its sound and picture both ways.

The bridge's side gives `BridgeSide` once the call is in a conference; before that only prompts are heard and keys read.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

import numpy as np

from maillage.conference.domain import rtp
from maillage.conference.domain.keypad import KeyReader
from maillage.conference.domain.latch import Latch
from maillage.conference.domain.rtp import Continuous, RtpPacket
from maillage.conference.domain.sdp import Chosen, Description, Ours
from maillage.conference.gateways.opus import Samples
from maillage.conference.gateways.relay.udp import Address, PortRange, UdpPort
from maillage.conference.gateways.relay.voice import FRAME, Inward, Outward, new_ssrc

PICTURE_PAYLOAD = 96
PICTURE_CLOCK = 90_000
PICTURE_REQUEST_SECONDS = 0.2
"""No more often than this is a terminal, or a speaker, asked for a whole picture."""


@dataclass
class Counts:
    """What passed, for facts and tests."""

    voice_in: int = 0
    voice_out: int = 0
    picture_in: int = 0
    picture_out: int = 0
    picture_requests: int = 0
    refused: int = 0
    reception: rtp.Reception | None = None


@dataclass
class BridgeSide:
    """What the bridge takes of a terminal. Each is called with one packet as bytes, or with nothing."""

    voice: Callable[[bytes], None]
    picture: Callable[[bytes], None]
    picture_control: Callable[[bytes], None]
    ask_speaker_for_picture: Callable[[], None]
    speech_began: Callable[[], None] = lambda: None


PACKET_SECONDS = 0.02
"""What telephones and terminals put in a packet of sound."""


@dataclass
class TerminalMedia:
    """Sockets and streams of one call. Made with `opened`, then told the terminal's description with `meet`."""

    ports: PortRange
    audio: tuple[UdpPort, UdpPort]
    video: tuple[UdpPort, UdpPort]
    on_key: Callable[[str], None] = lambda _key: None
    counts: Counts = field(default_factory=Counts)
    bridge: BridgeSide | None = None
    is_muted: bool = False
    has_picture: bool = False
    _spoken_packets: int = 0
    _keys: KeyReader = field(default_factory=KeyReader)
    _keys_payload: int | None = None
    _inward: Inward | None = None
    _outward: Outward | None = None
    _picture_in: Continuous = field(default_factory=lambda: Continuous(new_ssrc(), PICTURE_PAYLOAD, PICTURE_CLOCK))
    _picture_out: Continuous | None = None
    _picture_payload: int = PICTURE_PAYLOAD
    _latches: dict[str, Latch] = field(default_factory=dict)
    _plays: int = 0
    _playing: int = 0
    _asked_at: float = float("-inf")
    _asking: asyncio.TimerHandle | None = None
    _intra_number: int = 0

    @classmethod
    async def opened(cls, ports: PortRange) -> "TerminalMedia":
        """Return media with sockets of their own. Raises NoPort."""
        audio = await ports.pair()
        try:
            video = await ports.pair()
        except OSError:
            ports.give_back(*audio)
            raise
        made = cls(ports, audio, video)
        audio[0].receiver, audio[1].receiver = made._voice_came, made._voice_control_came
        video[0].receiver, video[1].receiver = made._picture_came, made._picture_control_came
        return made

    def hush(self) -> None:
        """Stop the prompt that is playing."""
        self._playing = 0

    def ours(self) -> Ours:
        """Return where we receive, for our description."""
        return Ours(self.ports.host, self.audio[0].port, self.video[0].port)

    def meet(self, theirs: Description, chosen: Chosen, signalling_host: str) -> None:
        """Take what was agreed: codecs, and the addresses whose media are trusted."""
        sound = theirs.first("audio")
        if sound is None:
            raise ValueError("no sound agreed")
        trusted = frozenset({sound.address, signalling_host})
        self._latches["audio"] = Latch((sound.address, sound.port), trusted)
        self._latches["audio control"] = Latch((sound.address, sound.control_port), trusted)
        self._inward = self._inward or Inward(chosen.audio)
        self._outward = self._outward or Outward(chosen.audio)
        self._keys_payload = chosen.keys
        picture = theirs.first("video") if chosen.video else None
        self.has_picture = picture is not None
        if picture and chosen.video:
            trusted |= {picture.address}
            self._latches["video"] = Latch((picture.address, picture.port), trusted)
            self._latches["video control"] = Latch((picture.address, picture.control_port), trusted)
            self._picture_payload = chosen.video.payload_type
            self._picture_out = Continuous(new_ssrc(), chosen.video.payload_type, PICTURE_CLOCK)
            self.video[1].send(rtp.empty_report(self._picture_out.ssrc), self._latches["video control"].target)

    def close(self) -> None:
        """Free every port."""
        self.bridge = None
        if self._asking is not None:
            self._asking.cancel()
        self.ports.give_back(*self.audio)
        self.ports.give_back(*self.video)

    def _is_theirs(self, name: str, source: Address) -> bool:
        latch = self._latches.get(name)
        if latch is None or not latch.accept(source, monotonic()):
            self.counts.refused += 1
            return False
        return True

    # from the terminal

    def _voice_came(self, data: bytes, source: Address) -> None:
        if rtp.is_rtcp(data):
            self._voice_control_came(data, source)
            return
        packet = rtp.read_rtp(data)
        if packet is None or self._inward is None or not self._is_theirs("audio", source):
            return
        if packet.payload_type == self._keys_payload:
            key = self._keys.read(packet.payload, packet.timestamp)
            if key:
                self.on_key(key)
            return
        self.counts.voice_in += 1
        if self.bridge is None or self.is_muted:
            return
        if self._inward.is_speech(packet):
            self.bridge.speech_began()
        self._spoken_packets += self._inward.loudness.is_speaking
        for made in self._inward.convert(packet, monotonic()):
            self.bridge.voice(made.to_bytes())

    def take_spoken(self) -> float:
        """Return for how many seconds the terminal has spoken since the last call."""
        spoken, self._spoken_packets = self._spoken_packets * PACKET_SECONDS, 0
        return spoken

    def send_silence(self) -> None:
        """Let the bridge hear us, though the terminal says nothing: only then does it send us the mix."""
        packet = self._inward.silence(monotonic()) if self._inward else None
        if packet is not None and self.bridge is not None:
            self.bridge.voice(packet.to_bytes())

    def _voice_control_came(self, data: bytes, _source: Address) -> None:
        self.counts.reception = rtp.reported_reception(data) or self.counts.reception

    def _picture_came(self, data: bytes, source: Address) -> None:
        if rtp.is_rtcp(data):
            self._picture_control_came(data, source)
            return
        packet = rtp.read_rtp(data)
        if packet is None or packet.payload_type != self._picture_payload or not self._is_theirs("video", source):
            return
        self.counts.picture_in += 1
        carried = self._picture_in.carry(packet, monotonic())
        if self.bridge is not None and carried is not None:
            self.bridge.picture(carried.to_bytes())

    def _picture_control_came(self, data: bytes, source: Address) -> None:
        if not rtp.is_rtcp(data) or not self._is_theirs("video control", source):
            return
        if self.bridge is not None and rtp.asks_for_picture(data):
            self.counts.picture_requests += 1
            self.bridge.ask_speaker_for_picture()

    # to the terminal

    def send_voice(self, data: bytes) -> None:
        """Send on one Opus packet of the bridge."""
        packet = rtp.read_rtp(data)
        if packet is not None and self._outward is not None and not self._playing:
            self._send_sound(self._outward.convert(packet, monotonic()))

    def _send_sound(self, packet: RtpPacket | None) -> None:
        if packet is not None:
            self.counts.voice_out += 1
            self.audio[0].send(packet.to_bytes(), self._latches["audio"].target)

    def send_picture(self, data: bytes) -> None:
        """Send on one packet of the speaker's picture."""
        packet = rtp.read_rtp(data)
        if packet is None or self._picture_out is None:
            return
        carried = self._picture_out.carry(packet, monotonic())
        if carried is not None:
            self.counts.picture_out += 1
            self.video[0].send(carried.to_bytes(), self._latches["video"].target)

    def ask_for_picture(self) -> None:
        """Ask the terminal for a whole picture, in both ways that terminals know; if just asked, a bit later."""
        wait = self._asked_at + PICTURE_REQUEST_SECONDS - monotonic()
        if self._picture_out is None or self._asking is not None:
            return
        if wait > 0:
            self._asking = asyncio.get_running_loop().call_later(wait, self._ask_now)
        else:
            self._ask_now()

    def _ask_now(self) -> None:
        self._asking = None
        if self._picture_out is None:
            return
        self._asked_at = monotonic()
        self._intra_number += 1
        ours, theirs = self._picture_out.ssrc, self._picture_in.source or 0
        request = rtp.empty_report(ours) + rtp.picture_request(ours, theirs)
        request += rtp.full_intra_request(ours, theirs, self._intra_number)
        self.video[1].send(request, self._latches["video control"].target)

    async def play(self, samples: Samples) -> None:
        """Play a prompt (8 kHz) instead of the conference; a new one stops the one before."""
        if self._outward is None:
            return
        self._plays += 1
        mine = self._playing = self._plays
        began = monotonic()
        padded = np.concatenate((samples, np.zeros(-len(samples) % FRAME, np.int16)))
        for index, at in enumerate(range(0, len(padded), FRAME)):
            if self._playing != mine:
                return
            self._send_sound(self._outward.prompt_frame(padded[at : at + FRAME], index, monotonic()))
            await asyncio.sleep(max(0.0, began + (index + 1) * 0.02 - monotonic()))
        if self._playing == mine:
            self._playing = 0
