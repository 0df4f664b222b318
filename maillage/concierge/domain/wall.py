"""What the wall says of a site, its sound and its image over the last seconds in a word each; which meetings fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

T = TypeVar("T")

MISSED_SOME: Final = 0.02
"""Share of the sound made up by a browser from which a word is lost now and then: where a page gives images up."""
MISSED_MUCH: Final = 0.08
SLOW_BELOW: Final = 10.0
"""Images a second: under it lips no longer follow."""
FROZEN_BELOW: Final = 1.0


class Sound(StrEnum):
    """How a site's sound passes, the worst first."""

    BAD = "sound-bad"
    FAIR = "sound-fair"
    OFF = "sound-off"
    UNKNOWN = "sound-unknown"
    GOOD = "sound-good"


class Image(StrEnum):
    """How a site's image passes, the worst first. GIVEN_UP: its line carries the sound alone."""

    FROZEN = "image-frozen"
    SLOW = "image-slow"
    GIVEN_UP = "image-given-up"
    OFF = "image-off"
    UNKNOWN = "image-unknown"
    GOOD = "image-good"


@dataclass(frozen=True, slots=True)
class Measured:
    """Of a site that is in: what it sends, and the worst that was measured of it. None: not measured.

    missed: share of the sound, its own as the others hear it, or theirs as it hears them. frames: images a second of
    its picture, at those who want it. gives_up: its own line does without the others' images.
    """

    microphone: bool
    camera: bool
    missed: float | None = None
    frames: float | None = None
    gives_up: bool = False


def sound_of(site: Measured) -> Sound:
    """Return how the sound passes to and from a site."""
    if site.missed is not None and site.missed > MISSED_SOME:
        return Sound.BAD if site.missed > MISSED_MUCH else Sound.FAIR
    if not site.microphone:
        return Sound.OFF
    return Sound.UNKNOWN if site.missed is None else Sound.GOOD


def image_of(site: Measured) -> Image:
    """Return how a site's image passes to the others, or that its line has given theirs up."""
    if site.gives_up:
        return Image.GIVEN_UP
    if not site.camera:
        return Image.OFF
    if site.frames is None:
        return Image.UNKNOWN
    if site.frames < SLOW_BELOW:
        return Image.FROZEN if site.frames < FROZEN_BELOW else Image.SLOW
    return Image.GOOD


@dataclass(frozen=True, slots=True)
class Turn:
    """Which of several screenfuls is shown, from 1."""

    number: int
    of: int


def shown_now(urgent: Sequence[T], others: Sequence[T], *, room: int, tick: int) -> tuple[list[T], Turn]:
    """Return what fits on the wall: all that is urgent first, then the others in turn, `tick` after `tick`.

    room: how many fit. When there is more than fits, urgent ones take half of the room at most, in turn too.
    """
    if len(urgent) + len(others) <= room:
        return [*urgent, *others], Turn(1, 1)
    for_urgent = min(len(urgent), room if not others else max(1, room // 2))
    pinned, turns = _in_turn(urgent, for_urgent, tick)
    rest, more = _in_turn(others, room - for_urgent, tick)
    return [*pinned, *rest], max(turns, more, key=lambda turn: turn.of)


def _in_turn(items: Sequence[T], size: int, tick: int) -> tuple[Sequence[T], Turn]:
    if size == 0 or not items:
        return (), Turn(1, 1)
    count = -(-len(items) // size)
    at = tick % count
    return items[at * size : (at + 1) * size], Turn(at + 1, count)
