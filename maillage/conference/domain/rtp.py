"""RTP and RTCP packets: reading, making, and carrying several sources on as one that never breaks.

RFC 3550 (packets), 4585 and 5104 (asking for a whole picture), 5761 (telling RTP and RTCP apart).
"""

import struct
from dataclasses import dataclass

HEADER_BYTES = 12
WRAP_16 = 1 << 16
WRAP_32 = 1 << 32


@dataclass(frozen=True, slots=True)
class RtpPacket:
    """One packet. `payload` is without header, extension and padding."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    is_marked: bool
    payload: bytes

    def to_bytes(self) -> bytes:
        """Return the packet as sent: no extension, no contributing source, no padding."""
        second = self.payload_type | (0x80 if self.is_marked else 0)
        return struct.pack("!BBHII", 0x80, second, self.sequence, self.timestamp, self.ssrc) + self.payload


def is_rtcp(data: bytes) -> bool:
    """Tell control from media on a shared port (RFC 5761, section 4)."""
    return len(data) >= 8 and data[0] >> 6 == 2 and 192 <= data[1] <= 223


def read_rtp(data: bytes) -> RtpPacket | None:
    """Return the packet, or None if this is not one."""
    if len(data) < HEADER_BYTES or data[0] >> 6 != 2 or is_rtcp(data):
        return None
    first, second, sequence, timestamp, ssrc = struct.unpack_from("!BBHII", data)
    start = HEADER_BYTES + 4 * (first & 0x0F)
    if first & 0x10:
        if len(data) < start + 4:
            return None
        start += 4 + 4 * int(struct.unpack_from("!H", data, start + 2)[0])
    end = len(data) - (data[-1] if first & 0x20 else 0)
    if start > end:
        return None
    return RtpPacket(second & 0x7F, sequence, timestamp, ssrc, bool(second & 0x80), data[start:end])


def ahead(later: int, earlier: int, wrap: int = WRAP_16) -> int:
    """Return how far `later` is after `earlier` on a counter that wraps; negative if it is before."""
    return (later - earlier + wrap // 2) % wrap - wrap // 2


@dataclass
class Continuous:
    """One outgoing stream made of successive sources: one ssrc, no jump in sequence, time that only goes on.

    A terminal that sees a new ssrc or a jump in the sequence drops what follows (measured with baresip). So each
    source is shifted to follow the last packet sent; packets of an earlier source that arrive late are dropped.
    """

    ssrc: int
    payload_type: int
    clock_rate: int
    source: int | None = None
    _shift_sequence: int = 0
    _shift_timestamp: int = 0
    _first: int = 0
    _last_sequence: int = 0
    _last_timestamp: int = 0
    _last_sent: float = 0.0

    def carry(self, packet: RtpPacket, now: float) -> RtpPacket | None:
        """Return `packet` as it goes out at `now` (seconds), or None if it is to be dropped."""
        if packet.ssrc != self.source:
            self._follow(packet, now)
        elif ahead(packet.sequence, self._first) < 0:
            return None
        sequence = (packet.sequence + self._shift_sequence) % WRAP_16
        timestamp = (packet.timestamp + self._shift_timestamp) % WRAP_32
        if ahead(sequence, self._last_sequence) > 0:
            self._last_sequence, self._last_timestamp, self._last_sent = sequence, timestamp, now
            if ahead(packet.sequence, self._first) > WRAP_16 // 4:  # keep the window in which "before" has a meaning
                self._first = (packet.sequence - 100) % WRAP_16
        return RtpPacket(self.payload_type, sequence, timestamp, self.ssrc, packet.is_marked, packet.payload)

    def _follow(self, packet: RtpPacket, now: float) -> None:
        """Shift a new source so that it comes right after what was sent."""
        if self.source is None:
            self._last_sequence = (packet.sequence - 1) % WRAP_16
            self._last_timestamp, self._last_sent = packet.timestamp, now
        elapsed = max(1, round((now - self._last_sent) * self.clock_rate)) if self.source is not None else 0
        self._shift_sequence = (self._last_sequence + 1 - packet.sequence) % WRAP_16
        self._shift_timestamp = (self._last_timestamp + elapsed - packet.timestamp) % WRAP_32
        self.source, self._first = packet.ssrc, packet.sequence


def picture_request(sender: int, media: int) -> bytes:
    """Return a Picture Loss Indication: please send a whole picture (RFC 4585, section 6.3.1)."""
    return struct.pack("!BBHII", 0x81, 206, 2, sender, media)


def full_intra_request(sender: int, media: int, number: int) -> bytes:
    """Return a Full Intra Request, for terminals that know no PLI (RFC 5104, section 4.3.1)."""
    return struct.pack("!BBHIIIBxxx", 0x84, 206, 4, sender, 0, media, number % 256)


def empty_report(sender: int) -> bytes:
    """Return a receiver report without block: enough to show where our control packets come from."""
    return struct.pack("!BBHI", 0x80, 201, 1, sender)


def control_blocks(data: bytes) -> list[tuple[int, int, bytes]]:
    """Return (packet type, count or format, body) of each packet of a compound; what is cut short is left out."""
    found, at = [], 0
    while at + 4 <= len(data) and data[at] >> 6 == 2:
        first, kind, words = struct.unpack_from("!BBH", data, at)
        end = at + 4 + 4 * words
        if end > len(data):
            break
        found.append((kind, first & 0x1F, data[at + 4 : end]))
        at = end
    return found


def asks_for_picture(data: bytes) -> bool:
    """Tell whether a control packet asks for a whole picture, in any of the three ways seen in terminals."""
    return any(
        kind == 192 or (kind == 206 and (form == 1 or (form == 4 and len(body) >= 8)))
        for kind, form, body in control_blocks(data)
    )


@dataclass(frozen=True, slots=True)
class Reception:
    """How the far end receives us, from its last report: share lost (0 to 1) and jitter in clock ticks."""

    lost_share: float
    jitter_ticks: int


def reported_reception(data: bytes) -> Reception | None:
    """Return the first report block of a sender or receiver report, or None without one."""
    for kind, count, body in control_blocks(data):
        start = {200: 24, 201: 4}.get(kind)
        if start is not None and count and len(body) >= start + 24:
            return Reception(body[start + 4] / 256, int(struct.unpack_from("!I", body, start + 12)[0]))
    return None
