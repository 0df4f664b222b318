"""Who takes which room, each its own, at the least total cost: the Hungarian method, in integers."""

from collections.abc import Sequence
from typing import Final

IMPOSSIBLE: Final = 1 << 50


def cheapest_distinct(costs: Sequence[Sequence[int]]) -> tuple[int, ...] | None:
    """Return for each row its own column, the total being the least, or None if there is no such choice.

    costs: one row per party, one column per room, at least as many columns as rows; IMPOSSIBLE where it cannot be.
    Method: Kuhn 1955 in the shortest-augmenting-path form, rows × rows × columns steps.
    """
    columns = len(costs[0]) if costs else 0
    if columns < len(costs):
        return None
    row_price, column_price = [0] * (len(costs) + 1), [0] * (columns + 1)
    taker = [0] * (columns + 1)  # the row that took each column, both counted from 1
    for row in range(1, len(costs) + 1):
        taker[0] = row
        _augment(costs, taker, row_price, column_price)
    chosen = [0] * len(costs)
    for column in range(1, columns + 1):
        if taker[column]:
            chosen[taker[column] - 1] = column - 1
    possible = all(costs[row][column] < IMPOSSIBLE for row, column in enumerate(chosen))
    return tuple(chosen) if possible else None


def _augment(costs: Sequence[Sequence[int]], taker: list[int], row_price: list[int], column_price: list[int]) -> None:
    """Give the row waiting at column 0 a column, moving others along the shortest path of reduced costs."""
    size = len(column_price)
    distance, before, visited = [IMPOSSIBLE * 64] * size, [0] * size, [False] * size
    here = 0
    while taker[here]:
        visited[here] = True
        row, nearest, following = taker[here], IMPOSSIBLE * 64, 0
        line, price = costs[row - 1], row_price[row]
        for column in range(1, size):
            if visited[column]:
                continue
            reduced = line[column - 1] - price - column_price[column]
            if reduced < distance[column]:
                distance[column], before[column] = reduced, here
            if distance[column] < nearest:
                nearest, following = distance[column], column
        for column in range(size):
            if visited[column]:
                row_price[taker[column]] += nearest
                column_price[column] -= nearest
            else:
                distance[column] -= nearest
        here = following
    while here:
        taker[here] = taker[before[here]]
        here = before[here]
