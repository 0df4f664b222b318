"""A steady tone as a WAV file, for a browser's simulated microphone."""

import math
import struct
import wave
from pathlib import Path

_RATE = 48_000


def write_tone(path: Path, hertz: int, *, seconds: int = 10) -> Path:
    """Write `seconds` of a sine at half loudness (mono, 16 bits, 48 kHz); return `path`."""
    step = 2 * math.pi * hertz / _RATE
    samples = (int(16_000 * math.sin(step * number)) for number in range(seconds * _RATE))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return path
