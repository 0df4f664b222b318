"""The sound of one call, between what its terminal speaks and the Opus that Janus mixes.

Opus passes as it is. G.711 is converted here: put as it is into a mix at 48 kHz, it is heard with a mirror image above
4 kHz (measured, ADR 0072); libopus at 8 kHz leaves none.
"""

import secrets
from dataclasses import replace

import numpy as np

from maillage.conference.domain import g711
from maillage.conference.domain.janus_requests import OPUS_PAYLOAD
from maillage.conference.domain.loudness import Loudness
from maillage.conference.domain.rtp import WRAP_16, WRAP_32, Continuous, RtpPacket, ahead
from maillage.conference.domain.sdp import Codec
from maillage.conference.gateways.opus import OpusDecoder, OpusEncoder, Samples

PHONE_RATE = 8_000
FRAME = PHONE_RATE // 50
"""Samples in 20 ms."""
TICKS = 960
"""The same in ticks of Opus's clock, which always runs at 48 kHz."""


def new_ssrc() -> int:
    """Return a source number that nobody guesses."""
    return secrets.randbelow(WRAP_32 - 1) + 1


SILENT_FRAME = bytes([0xF8, 0xFF, 0xFE])
"""20 ms of Opus silence."""


class Inward:
    """From the terminal to the bridge: always Opus, one source."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._out = Continuous(new_ssrc(), OPUS_PAYLOAD, 48_000)
        self._encoder = None if codec.name == "OPUS" else OpusEncoder(PHONE_RATE)
        self._samples = np.zeros(0, np.int16)
        self._expected: int | None = None
        self._sequence = 0
        self._ticks = 0
        self._silence = RtpPacket(OPUS_PAYLOAD, 0, 0, new_ssrc(), False, SILENT_FRAME)
        self._ear = None if codec.name != "OPUS" else OpusDecoder(PHONE_RATE)
        self.loudness = Loudness()

    def silence(self, now: float) -> RtpPacket | None:
        """Return a silent packet: AudioBridge sends nothing to those it has never heard."""
        self._silence = replace(self._silence, sequence=(self._silence.sequence + 1) % WRAP_16)
        return self._out.carry(self._silence, now)

    def is_speech(self, packet: RtpPacket) -> bool:
        """Tell whether this packet is where speech begins."""
        if packet.payload_type != self._codec.payload_type:
            return False
        if self._ear is None:
            return self.loudness.begins(g711.decode(packet.payload, self._codec.name))
        return self.loudness.begins(self._ear.decode(packet.payload))

    def convert(self, packet: RtpPacket, now: float) -> list[RtpPacket]:
        """Return the packets to send on for one that came from the terminal."""
        if packet.payload_type != self._codec.payload_type:
            return []
        made = [packet] if self._encoder is None else self._coded(packet, self._encoder)
        carried = [self._out.carry(each, now) for each in made]
        return [each for each in carried if each is not None]

    def _coded(self, packet: RtpPacket, encoder: OpusEncoder) -> list[RtpPacket]:
        fresh = g711.decode(packet.payload, self._codec.name)
        self._note_gap(packet.timestamp)
        self._expected = (packet.timestamp + len(fresh)) % WRAP_32
        self._samples = np.concatenate((self._samples, fresh))
        made = []
        while len(self._samples) >= FRAME:
            frame, self._samples = self._samples[:FRAME], self._samples[FRAME:]
            made.append(RtpPacket(OPUS_PAYLOAD, self._sequence, self._ticks, packet.ssrc, False, encoder.encode(frame)))
            self._sequence, self._ticks = (self._sequence + 1) % WRAP_16, (self._ticks + TICKS) % WRAP_32
        return made

    def _note_gap(self, timestamp: int) -> None:
        """Let a gap in what came be a gap in what goes on, so that the bridge conceals it."""
        if self._expected is None:
            return
        missing = ahead(timestamp, self._expected, WRAP_32)
        if missing:
            self._samples = np.zeros(0, np.int16)
        if 0 < missing < PHONE_RATE:
            self._sequence = (self._sequence + missing // FRAME) % WRAP_16
        if missing > 0:
            self._ticks = (self._ticks + 6 * missing) % WRAP_32


class Outward:
    """From the bridge, or from a prompt, to the terminal: what it speaks, one source."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._is_opus = codec.name == "OPUS"
        self._out = Continuous(new_ssrc(), codec.payload_type, 48_000 if self._is_opus else PHONE_RATE)
        self._decoder = None if self._is_opus else OpusDecoder(PHONE_RATE)
        self._prompt_encoder = OpusEncoder(PHONE_RATE) if self._is_opus else None
        self._prompt_source = new_ssrc()

    def convert(self, packet: RtpPacket, now: float) -> RtpPacket | None:
        """Return what to send to the terminal for one Opus packet of the bridge."""
        if self._decoder is not None:
            sound = g711.encode(self._decoder.decode(packet.payload), self._codec.name)
            packet = RtpPacket(0, packet.sequence, packet.timestamp // 6, packet.ssrc, packet.is_marked, sound)
        return self._out.carry(packet, now)

    def prompt_frame(self, samples: Samples, number: int, now: float) -> RtpPacket | None:
        """Return what to send for the `number`-th 20 ms of a prompt (samples at 8 kHz)."""
        if number == 0:  # each prompt is a source of its own: the silence since the last one is kept
            self._prompt_source = new_ssrc()
        if self._prompt_encoder is not None:
            payload, ticks = self._prompt_encoder.encode(samples), number * TICKS
        else:
            payload, ticks = g711.encode(samples, self._codec.name), number * FRAME
        packet = RtpPacket(0, number % WRAP_16, ticks % WRAP_32, self._prompt_source, number == 0, payload)
        return self._out.carry(packet, now)
