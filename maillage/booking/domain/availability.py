"""Free time written short: how long taken, how long free, in turn. On a grid: no room, no clock."""

from itertools import pairwise

import numpy as np

from maillage.booking.domain.starts import BoolGrid


def run_lengths(free: BoolGrid) -> list[list[int]]:
    """Return for each row how many quarters are taken, then free, then taken, and so on until its last free one.

    free: shape (rooms, quarters). A row that starts free begins with 0; one never free is empty. A fortnight of a room
    open on weekdays is about forty numbers.
    """
    rooms, width = free.shape
    framed = np.zeros((rooms, width + 2), dtype=bool)
    framed[:, 1:-1] = free
    rows, edges = np.nonzero(framed[:, 1:] != framed[:, :-1])  # two a run: where it starts, where it is over
    before = np.concatenate([[0], edges[:-1]])
    before[np.flatnonzero(np.diff(rows, prepend=-1))] = 0  # the first of each room is counted from its start
    ends = np.cumsum(np.bincount(rows, minlength=rooms)).tolist()
    lengths = (edges - before).tolist()
    return [lengths[first:end] for first, end in pairwise([0, *ends])]
