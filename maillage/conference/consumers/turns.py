"""What one page of a meeting looks after for all of its pages, in one process: asked by each, done by one in turn."""

import math
import time
from weakref import WeakKeyDictionary

from maillage.conference.domain.presence import BEAT_SECONDS

TURN_SECONDS = BEAT_SECONDS - 0.5
"""A little less than a beat: a page alone takes every turn."""
MOST_KEPT = 2_000

_looked: "WeakKeyDictionary[object, dict[int, float]]" = WeakKeyDictionary()


def takes_turn(layer: object, conference_id: int) -> bool:
    """Tell whether nobody in this process, on this channel layer, has looked after a meeting for TURN_SECONDS."""
    now = time.monotonic()
    looked = _looked.setdefault(layer, {})
    if now - looked.get(conference_id, -math.inf) < TURN_SECONDS:
        return False
    if len(looked) >= MOST_KEPT:
        for over in [key for key, at in looked.items() if now - at >= TURN_SECONDS]:
            del looked[over]
    looked[conference_id] = now
    return True
