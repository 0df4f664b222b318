"""Opus by the system's own libopus (Debian `libopus0`, which Janus needs too): the voices of phones and prompts.

At 8 kHz on one side and 48 kHz on the other, libopus resamples by itself and leaves no image above 4 kHz.
"""

import ctypes
import ctypes.util
from functools import cache

import numpy as np
from numpy.typing import NDArray

APPLICATION_VOICE = 2048
SET_BITRATE = 4002
SET_INBAND_FEC = 4012
SET_LOSS_PERCENT = 4014
SET_COMPLEXITY = 4010
MOST_BYTES = 1275
Samples = NDArray[np.int16]


class OpusMissing(RuntimeError):
    """libopus is not installed. `maillage doctor` names the package."""


@cache
def _library() -> ctypes.CDLL:
    name = ctypes.util.find_library("opus") or "libopus.so.0"
    try:
        library = ctypes.CDLL(name)
    except OSError as missing:
        raise OpusMissing("libopus is missing: sudo apt-get install libopus0") from missing
    library.opus_encoder_create.restype = ctypes.c_void_p
    library.opus_decoder_create.restype = ctypes.c_void_p
    library.opus_encoder_destroy.argtypes = [ctypes.c_void_p]
    library.opus_decoder_destroy.argtypes = [ctypes.c_void_p]
    return library


def _check(result: int) -> int:
    if result < 0:
        raise ValueError(f"libopus refused: error {result}")
    return result


class OpusEncoder:
    """Codes one voice. `rate`: 8000, 16000 or 48000 samples a second, mono."""

    def __init__(self, rate: int, *, bitrate: int = 24_000, loss_percent: int = 10) -> None:
        error = ctypes.c_int()
        self._state = ctypes.c_void_p(_library().opus_encoder_create(rate, 1, APPLICATION_VOICE, ctypes.byref(error)))
        _check(error.value)
        for setting, value in (
            (SET_BITRATE, bitrate),
            (SET_INBAND_FEC, 1),
            (SET_LOSS_PERCENT, loss_percent),
            (SET_COMPLEXITY, 5),
        ):
            _check(_library().opus_encoder_ctl(self._state, setting, ctypes.c_int(value)))
        self._out = ctypes.create_string_buffer(MOST_BYTES)

    def encode(self, samples: Samples) -> bytes:
        """Return one packet for 20 ms of samples."""
        data = np.ascontiguousarray(samples)
        pointer = data.ctypes.data_as(ctypes.POINTER(ctypes.c_int16))
        size = _check(_library().opus_encode(self._state, pointer, len(data), self._out, MOST_BYTES))
        return self._out.raw[:size]

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            _library().opus_encoder_destroy(self._state)


class OpusDecoder:
    """Decodes one voice to `rate` samples a second, mono."""

    def __init__(self, rate: int) -> None:
        error = ctypes.c_int()
        self._state = ctypes.c_void_p(_library().opus_decoder_create(rate, 1, ctypes.byref(error)))
        _check(error.value)
        self._out = np.zeros(rate * 120 // 1000, np.int16)
        self._frame = rate // 50

    def decode(self, packet: bytes | None) -> Samples:
        """Return the samples of one packet; of None, 20 ms made up from what came before."""
        pointer = self._out.ctypes.data_as(ctypes.POINTER(ctypes.c_int16))
        size = len(self._out) if packet else self._frame
        count = _check(_library().opus_decode(self._state, packet, len(packet or b""), pointer, size, 0))
        return self._out[:count].copy()

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            _library().opus_decoder_destroy(self._state)
