"""When each room can take a meeting: boolean grids, one row per room, one column per quarter a meeting may start at.

A meeting needs its room open during the whole of it, and nothing else in the room from the room's settling-in time
before to its putting back in order after. A closure counts as not open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

NEVER_TOO_LATE: Final = 1 << 40

BoolGrid = NDArray[np.bool_]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RoomRule:
    """What a room asks around a meeting, in quarters; one may start from `earliest` to before `latest`."""

    settle: int
    reset: int
    earliest: int
    latest: int = NEVER_TOO_LATE


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
    taken: IntArray,
    closed: IntArray,
    first_quarter: int,
    length: int,
) -> BoolGrid:
    """Return where a meeting of `length` quarters may start in each room, given where it would be open throughout.

    open_starts: shape (rooms, starts), its first column being `first_quarter`. taken, closed: shape (n, 3), the row of
    a room, the first quarter and the one after the last; `taken` includes the buffers of what takes the room.
    """
    settle = np.array([rule.settle for rule in rules], dtype=np.int64)
    reset = np.array([rule.reset for rule in rules], dtype=np.int64)
    earliest = np.array([rule.earliest for rule in rules], dtype=np.int64)
    row, first, end = taken.T
    shut, shut_first, shut_end = closed.T
    rows = np.concatenate([row, shut])
    begin = np.concatenate([first - length - reset[row] + 1, shut_first - length + 1]) - first_quarter
    stop = np.concatenate([end + settle[row], shut_end]) - first_quarter
    columns = np.arange(first_quarter, first_quarter + open_starts.shape[1])
    latest = np.array([rule.latest for rule in rules], dtype=np.int64)
    notice: BoolGrid = (columns >= earliest[:, np.newaxis]) & (columns < latest[:, np.newaxis])
    return open_starts & notice & ~_covered(open_starts.shape, rows, begin, stop)


def _covered(shape: tuple[int, ...], rows: IntArray, begin: IntArray, stop: IntArray) -> BoolGrid:
    """Return the cells of each row that one of its ranges, from `begin` to before `stop`, covers."""
    rooms, columns = shape
    begin, stop = np.clip(begin, 0, columns), np.clip(stop, 0, columns)
    depth = np.zeros((rooms, columns + 1), dtype=np.int32)
    np.add.at(depth, (rows, begin), 1)
    np.subtract.at(depth, (rows, np.maximum(begin, stop)), 1)
    covered: BoolGrid = np.cumsum(depth, axis=1)[:, :columns] > 0
    return covered


def ranges(found: Iterable[tuple[int, int, int]]) -> IntArray:
    """Return (row, first, end) of each range as an array of shape (n, 3)."""
    return np.array(list(found), dtype=np.int64).reshape(-1, 3)
