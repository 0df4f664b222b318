"""Bars of a small chart and shares of a whole, as numbers for a drawing. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PITCH = 10
HEIGHT = 100
_GAP = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in a box PITCH wide for each bar and HEIGHT high; `top` is counted from above."""

    left: int
    top: float
    width: int
    height: float


@dataclass(frozen=True, slots=True)
class Share:
    """One line of a breakdown: how many, which part of all in percent, and its bar against the longest, 0 to 100."""

    key: str
    count: int
    percent: int
    length: int


def bars(values: Sequence[float]) -> list[Bar]:
    """Return a bar for each of `values`, the greatest as high as the box. Below zero is drawn as zero."""
    greatest = max([*values, 0.0]) or 1.0
    heights = [round(max(value, 0.0) / greatest * HEIGHT, 1) for value in values]
    return [
        Bar(index * PITCH + _GAP // 2, round(HEIGHT - height, 1), PITCH - _GAP, height)
        for index, height in enumerate(heights)
    ]


def shares(counts: Mapping[str, int]) -> list[Share]:
    """Return the parts of a whole, the greatest first; nothing if all are zero."""
    total, greatest = sum(counts.values()), max(counts.values(), default=0)
    if not total:
        return []
    in_order = sorted(counts.items(), key=lambda cell: -cell[1])
    return [
        Share(key, count, round(100 * count / total), round(100 * count / greatest)) for key, count in in_order if count
    ]
