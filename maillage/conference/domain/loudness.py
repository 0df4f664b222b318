"""Telling speech from silence in one site's sound, frame by frame, without model or clock."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SPEECH_DB = -40.0
"""Loudness of a quiet voice, relative to full scale. Rooms at rest are found below -55 dB."""
ATTACK_FRAMES = 10
"""How many loud frames among the last WINDOW make speech: 0.2 s of 20 ms frames, a word rather than a cough."""
WINDOW = 15
RELEASE_FRAMES = 50
"""How many quiet frames in a row end it: a second, the pause between two sentences."""


def level_db(samples: NDArray[np.int16]) -> float:
    """Return the loudness of some samples relative to full scale, -96 for nothing."""
    if not len(samples):
        return -96.0
    power = float(np.mean(np.square(samples.astype(np.float64))))
    return max(-96.0, 10 * float(np.log10(power / 32768**2 + 1e-12)))


@dataclass
class Loudness:
    """Follows one voice."""

    is_speaking: bool = False
    _loud: int = 0
    _quiet: int = 0

    def begins(self, samples: NDArray[np.int16]) -> bool:
        """Take one frame; return True at the frame where speech begins."""
        if level_db(samples) >= SPEECH_DB:
            self._loud, self._quiet = min(self._loud + 1, WINDOW), 0
        else:
            self._loud, self._quiet = max(self._loud - 1, 0), self._quiet + 1
        if self.is_speaking:
            self.is_speaking = self._quiet < RELEASE_FRAMES
            return False
        self.is_speaking = self._loud >= ATTACK_FRAMES
        return self.is_speaking
