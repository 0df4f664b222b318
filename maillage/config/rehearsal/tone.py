"""Sounds as WAV files, for a browser's simulated microphone: a steady tone, the notes of a room's test."""

import math
import struct
import wave
from collections.abc import Iterable, Sequence
from pathlib import Path

_RATE = 48_000
NOTE_SECONDS = 0.4
"""As the stations' test sound, `station/frontend/acoustics.ts`."""


def write_tone(path: Path, hertz: int, *, seconds: int = 10) -> Path:
    """Write `seconds` of a sine at half loudness (mono, 16 bits, 48 kHz); return `path`."""
    step = 2 * math.pi * hertz / _RATE
    return _write(path, (int(16_000 * math.sin(step * number)) for number in range(seconds * _RATE)))


def write_notes(path: Path, notes: Sequence[int], *, gain: float, after_s: float = 2.2) -> Path:
    """Write what a room's microphone hears of the stations' test sound: a quiet, each of `notes`, a quiet again.

    gain: of full scale, 0 for a room that hears nothing. after_s: before the first note, while the room's own noise is
    measured.
    """
    quiet = [0] * int(after_s * _RATE)
    each = int(NOTE_SECONDS * _RATE)
    heard = [int(32_000 * gain * math.sin(2 * math.pi * hertz * n / _RATE)) for hertz in notes for n in range(each)]
    return _write(path, [*quiet, *heard, *quiet, *quiet])


def _write(path: Path, samples: Iterable[int]) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return path
