"""What a person's own rehearsal is worth to the desk. They only read that all is well, or that somebody will look."""

from dataclasses import dataclass
from enum import StrEnum

from maillage.station.domain.verdict import Level


class TrialCause(StrEnum):
    """What a rehearsal found, one word each, the worst first."""

    NO_MICROPHONE = "no-microphone"
    VOICE_NOT_HEARD = "voice-not-heard"
    TUNE_NOT_HEARD = "tune-not-heard"
    ECHO_NOT_HEARD = "echo-not-heard"
    NO_PATH = "no-path"
    NO_CAMERA = "no-camera"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True)
class TrialFacts:
    """What the page measured and what the person said. None for a gesture that was not made."""

    has_microphone: bool
    has_camera: bool
    tune_heard: bool | None = None
    voice_level: float | None = None
    voice_heard: bool | None = None
    echo_heard: bool | None = None
    path_found: bool | None = None


_VOICE_LEAST = 0.02
"""Peak of an ordinary voice at arm's length, of full scale; a muted microphone stays under a thousandth."""


def judge_trial(facts: TrialFacts) -> tuple[Level, tuple[TrialCause, ...]]:
    """Return a level and its causes. What stops people from hearing each other is red, the rest orange."""
    red = [cause for cause, holds in _red(facts).items() if holds]
    unmade = (facts.tune_heard, facts.voice_level, facts.voice_heard)
    orange = []
    if not facts.has_camera:
        orange.append(TrialCause.NO_CAMERA)
    if not red and any(gesture is None for gesture in unmade):
        orange.append(TrialCause.UNFINISHED)
    return Level.RED if red else Level.ORANGE if orange else Level.GREEN, (*red, *orange)


def _red(facts: TrialFacts) -> dict[TrialCause, bool]:
    faint = facts.voice_level is not None and facts.voice_level < _VOICE_LEAST
    return {
        TrialCause.NO_MICROPHONE: not facts.has_microphone,
        TrialCause.VOICE_NOT_HEARD: facts.has_microphone and (faint or facts.voice_heard is False),
        TrialCause.TUNE_NOT_HEARD: facts.tune_heard is False,
        TrialCause.ECHO_NOT_HEARD: facts.path_found is True and facts.echo_heard is False,
        TrialCause.NO_PATH: facts.path_found is False,
    }
