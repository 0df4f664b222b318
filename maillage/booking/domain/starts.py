"""When each room can take a meeting: boolean grids, one row per room, one column per quarter a meeting may start at.

A meeting needs its room open during the whole of it, and nothing else in the room from the room's settling-in time
before to its putting back in order after. A closure counts as not open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BoolGrid = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RoomRule:
    """What a room asks around a meeting, in quarters, and the first quarter at which one may start."""

    settle: int
    reset: int
    earliest: int


@dataclass(frozen=True, slots=True)
class Busy:
    """A row of the grid, taken from `first` to before `end`, the buffers of what takes it included."""

    row: int
    first: int
    end: int


def open_throughout(open_: BoolGrid, length: int) -> BoolGrid:
    """Return where `length` quarters are all open: shape (rows, width) → (rows, width - length + 1)."""
    rows, width = open_.shape
    if width < length:
        return np.zeros((rows, 0), dtype=bool)
    opened = np.zeros((rows, width + 1), dtype=np.int32)
    np.cumsum(open_, axis=1, out=opened[:, 1:])
    together: BoolGrid = opened[:, length:] - opened[:, : width - length + 1] == length
    return together


def possible_starts(
    open_starts: BoolGrid,
    rules: Sequence[RoomRule],
    *,
    taken: Iterable[Busy],
    closed: Iterable[Busy],
    first_quarter: int,
    length: int,
) -> BoolGrid:
    """Return where a meeting of `length` quarters may start in each room, given where it would be open throughout.

    open_starts: shape (rooms, starts), its first column being `first_quarter`; not changed.
    """
    starts = open_starts.copy()
    for row, rule in enumerate(rules):
        starts[row, : max(0, rule.earliest - first_quarter)] = False
    for busy in taken:
        rule = rules[busy.row]
        _forbid(starts, busy, before=length + rule.reset, after=rule.settle, origin=first_quarter)
    for busy in closed:
        _forbid(starts, busy, before=length, after=0, origin=first_quarter)
    return starts


def _forbid(starts: BoolGrid, busy: Busy, *, before: int, after: int, origin: int) -> None:
    """Clear the starts from which a meeting would touch `busy`: less than `before` ahead of it, or `after` behind."""
    starts[busy.row, max(0, busy.first - before + 1 - origin) : max(0, busy.end + after - origin)] = False
