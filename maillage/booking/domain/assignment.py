"""Who takes which room, each its own, at the least total cost: the Hungarian method, in whole numbers."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

IMPOSSIBLE: Final = 1 << 50
_FAR: Final = 1 << 60

IntArray = NDArray[np.int64]


def cheapest_distinct(costs: IntArray) -> tuple[int, ...] | None:
    """Return for each row its own column, the total being the least, or None if there is no such choice.

    costs: shape (parties, rooms); IMPOSSIBLE where a party cannot take a room.
    Method: H. W. Kuhn, "The Hungarian method for the assignment problem", 1955, by shortest augmenting paths:
    parties² × rooms steps.
    """
    rows, columns = costs.shape
    if columns < rows:
        return None
    padded = np.concatenate([np.zeros((rows, 1), dtype=np.int64), costs], axis=1)
    row_price, column_price = np.zeros(rows, dtype=np.int64), np.zeros(columns + 1, dtype=np.int64)
    taker = np.full(columns + 1, -1)  # the row that took each column; column 0 is where a row waits
    for row in range(rows):
        taker[0] = row
        _augment(padded, taker, row_price, column_price)
    chosen = np.empty(rows, dtype=np.int64)
    taken = np.flatnonzero(taker[1:] >= 0)
    chosen[taker[1:][taken]] = taken
    possible = (costs[np.arange(rows), chosen] < IMPOSSIBLE).all()
    return tuple(chosen.tolist()) if possible else None


def _augment(padded: IntArray, taker: IntArray, row_price: IntArray, column_price: IntArray) -> None:
    """Give the row waiting at column 0 a column, moving others along the shortest path of reduced costs."""
    distance = np.full(len(column_price), _FAR)
    before = np.zeros(len(column_price), dtype=np.int64)
    visited = np.zeros(len(column_price), dtype=bool)
    here = 0
    while taker[here] >= 0:
        visited[here] = True
        row = taker[here]
        reduced = padded[row] - row_price[row] - column_price
        nearer = ~visited & (reduced < distance)
        distance[nearer], before[nearer] = reduced[nearer], here
        following = int(np.where(visited, _FAR, distance).argmin())
        step = distance[following]
        row_price[taker[visited]] += step
        column_price[visited] -= step
        distance[~visited] -= step
        here = following
    while here:
        taker[here] = taker[before[here]]
        here = int(before[here])
    taker[0] = -1
