"""What a self-test is worth: from measures to a level, its causes, and three words for the room.

The room plays a known sound and listens to it with its own microphone. Thresholds are ours, set on simulated
loops and meant to be tuned on site; each has its reason beside it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """GREEN works; ORANGE works with a defect; RED must not be offered to the public; GREY was never tested."""

    GREEN = "green"
    ORANGE = "orange"
    RED = "red"
    GREY = "grey"


class Cause(StrEnum):
    """What a test found wrong, one word each; screens and the desk word them."""

    NO_MICROPHONE = "no-microphone"
    NO_CAMERA = "no-camera"
    BLACK_IMAGE = "black-image"
    SOUND_NOT_HEARD = "sound-not-heard"
    SOUND_FAINT = "sound-faint"
    SOUND_LATE = "sound-late"
    ECHO_LEFT = "echo-left"
    NOISE = "noise"
    LINE_DOWN = "line-down"
    LINE_NARROW = "line-narrow"
    CLOCK_WRONG = "clock-wrong"
    SCREEN_SMALL = "screen-small"


@dataclass(frozen=True, slots=True)
class Measures:
    """What a station measured. None where it could not.

    Levels in dB relative to full scale; delay in ms from loudspeaker to microphone; line in kbit/s each way;
    clock in seconds ahead of the server's; screen in device pixels.
    """

    has_camera: bool
    has_microphone: bool
    image_luma: float | None = None
    sound_dbfs: float | None = None
    noise_dbfs: float | None = None
    delay_ms: float | None = None
    echo_left_db: float | None = None
    down_kbps: float | None = None
    up_kbps: float | None = None
    clock_ahead_s: float | None = None
    screen_width: int | None = None
    screen_height: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A level and its causes, the worst first."""

    level: Level
    causes: tuple[Cause, ...]


_SOUND_HEARD_DB = 6.0  # above the room's own noise: a tone at 6 dB is told apart by ear and by the analyser
_SOUND_COMFORT_DB = 15.0  # below, a voice across a table is a strain
_DELAY_MOST_MS = 400.0  # a longer loop betrays a loudspeaker behind a television's own processing
_ECHO_LEFT_MOST_DB = -20.0  # what the canceller leaves: above, the others hear themselves
_NOISE_MOST_DBFS = -35.0  # a fan beside the microphone
_LINE_SOUND_KBPS = 100.0  # one Opus voice each way with its overhead
_LINE_IMAGE_KBPS = 512.0  # the programme's own minimum, each way (requirement P17)
_SCREEN_LEAST = (1280, 720)  # below, a face of the other room is a few centimetres at 3 m
_CLOCK_MOST_S = 120.0  # beyond, the button would come at the wrong time


def judge(measures: Measures) -> Verdict:
    """Return what `measures` are worth. What stops people from hearing each other is red, the rest orange."""
    red = [*_deaf_or_mute(measures), *_cut_off(measures)]
    orange = [*_poor_sound(measures), *_poor_image(measures), *_poor_surroundings(measures)]
    level = Level.RED if red else Level.ORANGE if orange else Level.GREEN
    return Verdict(level, (*red, *orange))


def _deaf_or_mute(measures: Measures) -> list[Cause]:
    if not measures.has_microphone:
        return [Cause.NO_MICROPHONE]
    above = _above_noise(measures)
    return [Cause.SOUND_NOT_HEARD] if above is None or above < _SOUND_HEARD_DB else []


def _cut_off(measures: Measures) -> list[Cause]:
    narrowest = _narrowest(measures)
    return [Cause.LINE_DOWN] if narrowest is None or narrowest < _LINE_SOUND_KBPS else []


def _poor_sound(measures: Measures) -> list[Cause]:
    causes: list[Cause] = []
    above = _above_noise(measures)
    if above is not None and _SOUND_HEARD_DB <= above < _SOUND_COMFORT_DB:
        causes.append(Cause.SOUND_FAINT)
    if measures.delay_ms is not None and measures.delay_ms > _DELAY_MOST_MS:
        causes.append(Cause.SOUND_LATE)
    if measures.echo_left_db is not None and measures.echo_left_db > _ECHO_LEFT_MOST_DB:
        causes.append(Cause.ECHO_LEFT)
    return causes


def _poor_image(measures: Measures) -> list[Cause]:
    if not measures.has_camera:
        return [Cause.NO_CAMERA]
    return [Cause.BLACK_IMAGE] if measures.image_luma is not None and measures.image_luma < 0.02 else []


def _poor_surroundings(measures: Measures) -> list[Cause]:
    causes: list[Cause] = []
    if measures.noise_dbfs is not None and measures.noise_dbfs > _NOISE_MOST_DBFS:
        causes.append(Cause.NOISE)
    narrowest = _narrowest(measures)
    if narrowest is not None and _LINE_SOUND_KBPS <= narrowest < _LINE_IMAGE_KBPS:
        causes.append(Cause.LINE_NARROW)
    if measures.clock_ahead_s is not None and abs(measures.clock_ahead_s) > _CLOCK_MOST_S:
        causes.append(Cause.CLOCK_WRONG)
    if _is_small(measures):
        causes.append(Cause.SCREEN_SMALL)
    return causes


def _above_noise(measures: Measures) -> float | None:
    if measures.sound_dbfs is None:
        return None
    return measures.sound_dbfs - (measures.noise_dbfs if measures.noise_dbfs is not None else -90.0)


def _narrowest(measures: Measures) -> float | None:
    known = [speed for speed in (measures.down_kbps, measures.up_kbps) if speed is not None]
    return min(known) if len(known) == 2 else None


def _is_small(measures: Measures) -> bool:
    sides = sorted((measures.screen_width or 0, measures.screen_height or 0), reverse=True)
    known = measures.screen_width is not None and measures.screen_height is not None
    return known and any(side < least for side, least in zip(sides, _SCREEN_LEAST, strict=True))
