"""G.711, the sound of telephones: A-law and mu-law, by tables. Samples are 16-bit at 8 kHz.

Source: ITU-T Recommendation G.711 (11/88), tables 1 and 2.
"""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]


def _alaw_table() -> Samples:
    """Return the sample of each A-law byte (G.711, table 1a; even bits are inverted on the line)."""
    code = np.arange(256, dtype=np.int32) ^ 0x55
    segment, step = (code >> 4) & 7, code & 0x0F
    size = np.where(segment == 0, (step << 4) + 8, ((step << 4) + 0x108) << np.maximum(segment - 1, 0))
    return np.where(code & 0x80, size, -size).astype(np.int16)


def _mulaw_table() -> Samples:
    """Return the sample of each mu-law byte (G.711, table 2a; all bits are inverted on the line)."""
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    size = ((((code & 0x0F) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
    return np.where(code & 0x80, -size, size).astype(np.int16)


def _nearest(table: Samples) -> NDArray[np.uint8]:
    """Return, for each 16-bit sample (offset by 32768), the byte whose sample is nearest."""
    order = np.argsort(table, kind="stable")
    levels = table[order].astype(np.int32)
    middles = (levels[1:] + levels[:-1]) // 2
    return order[np.searchsorted(middles, np.arange(-32768, 32768), side="left")].astype(np.uint8)


TABLES = {"PCMA": _alaw_table(), "PCMU": _mulaw_table()}
_ENCODERS = {name: _nearest(table) for name, table in TABLES.items()}
SILENCE = {"PCMA": 0xD5, "PCMU": 0xFF}


def decode(data: bytes, law: str) -> Samples:
    """Return the samples of G.711 bytes. law: "PCMA" or "PCMU"."""
    samples: Samples = TABLES[law][np.frombuffer(data, np.uint8)]
    return samples


def encode(samples: Samples, law: str) -> bytes:
    """Return the G.711 bytes of samples."""
    return _ENCODERS[law][samples.astype(np.int32) + 32768].tobytes()
