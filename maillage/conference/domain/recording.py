"""When a meeting may be recorded, and how the pieces become one film. No Django, no file, no clock."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

WIDTH, HEIGHT = 1280, 720


class Step(StrEnum):
    """Where a recording is. ASKED, ON and PAUSED are running: one at most in a meeting."""

    ASKED = "asked"
    ON = "on"
    PAUSED = "paused"
    STOPPED = "stopped"
    READY = "ready"
    FAILED = "failed"


RUNNING = (Step.ASKED, Step.ON, Step.PAUSED)


def may_record(present: Collection[int], answers: Mapping[int, bool]) -> bool:
    """Tell whether every party that is in has accepted. Nobody in: nothing to record."""
    return bool(present) and all(answers.get(party, False) for party in present)


def step_after(step: Step, present: Collection[int], answers: Mapping[int, bool]) -> Step:
    """Return where a running recording is, now that these are in and said this."""
    if may_record(present, answers):
        return Step.ON
    return Step.ASKED if step is Step.ASKED else Step.PAUSED


@dataclass(frozen=True, slots=True)
class Track:
    """One medium of one site as it was recorded: when its first packet came, in seconds since the epoch."""

    path: str
    site: str
    is_sound: bool
    began: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The stretches that were recorded, from and until (seconds since the epoch); pauses are left out of the film."""

    spans: Sequence[tuple[float, float]]

    @property
    def seconds(self) -> float:
        return sum(end - start for start, end in self.spans)

    def place(self, moment: float) -> float:
        """Return where in the film a moment falls; one in a pause falls where the film goes on."""
        before = 0.0
        for start, end in self.spans:
            if moment <= end:
                return before + max(0.0, moment - start)
            before += end - start
        return before


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the picture."""

    x: int
    y: int
    width: int
    height: int


def cells(count: int) -> list[Cell]:
    """Return equal places for `count` pictures, as square a grid as can be."""
    columns = max(1, math.ceil(math.sqrt(count)))
    rows = max(1, math.ceil(count / columns))
    width, height = WIDTH // columns // 2 * 2, HEIGHT // rows // 2 * 2
    return [Cell(at % columns * width, at // columns * height, width, height) for at in range(count)]


def film_graph(tracks: Sequence[Track], timeline: Timeline) -> str:
    """Return ffmpeg's graph that mixes all sounds and lays all pictures side by side, each at its time.

    Input number n is tracks[n]. Its outputs are called [picture] and [sound].
    """
    pictures = [(number, track) for number, track in enumerate(tracks) if not track.is_sound]
    sounds = [(number, track) for number, track in enumerate(tracks) if track.is_sound]
    places = dict(
        zip(dict.fromkeys(track.site for _, track in pictures), cells(len({t.site for _, t in pictures})), strict=True)
    )
    steps = [f"color=c=0x0f1b26:s={WIDTH}x{HEIGHT}:r=15:d={timeline.seconds:.3f}[film0]"]
    for order, (number, track) in enumerate(pictures):
        cell, at = places[track.site], timeline.place(track.began)
        fit = f"scale={cell.width}:{cell.height}:force_original_aspect_ratio=decrease"
        steps.append(f"[{number}:v]fps=15,setpts=PTS-STARTPTS+{at:.3f}/TB,{fit},setsar=1[picture{order}]")
        centred = f"{cell.x}+({cell.width}-w)/2:{cell.y}+({cell.height}-h)/2"
        steps.append(f"[film{order}][picture{order}]overlay={centred}:eof_action=pass[film{order + 1}]")
    steps.append(f"[film{len(pictures)}]trim=duration={timeline.seconds:.3f}[picture]")
    for order, (number, track) in enumerate(sounds):
        delay = round(timeline.place(track.began) * 1000)
        steps.append(f"[{number}:a]aresample=48000:async=1,adelay={delay}:all=1[voice{order}]")
    voices = "".join(f"[voice{order}]" for order in range(len(sounds)))
    mixed = f"{voices}amix=inputs={len(sounds)}:normalize=0:duration=longest" if sounds else "anullsrc=r=48000:cl=mono"
    steps.append(f"{mixed},alimiter,apad,atrim=duration={timeline.seconds:.3f}[sound]")
    return ";".join(steps)
