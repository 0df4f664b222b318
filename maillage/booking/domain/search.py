"""The common slots of several parties that each want their own room, best first. On grids: no room, no clock.

At each possible start, the parties take distinct rooms at the least total cost. A cost is one whole number: minutes of
travel first, places of the room second, so that among rooms equally near the smallest suitable one is taken.
Starts come by total minutes, then by discomfort of the hour, then the earliest.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from maillage.booking.domain.assignment import IMPOSSIBLE, cheapest_distinct
from maillage.booking.domain.starts import BoolGrid, IntArray

PER_MINUTE: Final = 1 << 13
"""More than the places of twelve rooms together, so that a minute always outweighs them."""

MOST_EFFORT: Final = 100_000
"""Steps (parties cubed a choice) spent on settling who takes which room, about 0.5 s; beyond, by order of position."""


def cost_of(minutes: int, capacity: int) -> int:
    """Return the cost of a room `minutes` away with `capacity` places."""
    return minutes * PER_MINUTE + capacity


@dataclass(frozen=True, slots=True)
class Choices:
    """The rooms one party may take, cheapest first: rows of the grid and their costs."""

    rooms: IntArray
    costs: IntArray


@dataclass(frozen=True, slots=True)
class Answer:
    """A start (column), the total one-way minutes, and the row of the grid that each party takes."""

    column: int
    minutes: int
    rooms: tuple[int, ...]


def ranked_answers(starts: BoolGrid, choices: Sequence[Choices], discomfort: IntArray) -> Iterator[Answer]:
    """Yield every start at which all parties find their own room, best first, lazily.

    starts: shape (rooms, columns); discomfort: one number per column, any unit.
    """
    free = [starts[choice.rooms] for choice in choices]
    feasible = _common(free)
    if not len(feasible):
        return
    first = [grid[:, feasible].argmax(axis=0) for grid in free]
    rooms = np.stack([choice.rooms[pick] for choice, pick in zip(choices, first, strict=True)])
    seats = rooms.T.tolist()
    bound = np.sum([choice.costs[pick] for choice, pick in zip(choices, first, strict=True)], axis=0)
    in_order = np.sort(rooms, axis=0)
    clash = (in_order[1:] == in_order[:-1]).any(axis=0)
    settler = _Settler(choices, free)
    minutes, uneasy = bound // PER_MINUTE, discomfort[feasible]
    order = np.lexsort((feasible, uneasy, minutes))
    keys = zip(minutes[order].tolist(), uneasy[order].tolist(), feasible[order].tolist(), strict=True)
    in_turn = zip(keys, clash[order].tolist(), order.tolist(), strict=True)
    settled: list[tuple[tuple[int, int, int], tuple[int, ...]]] = []
    for key, clashes, index in in_turn:
        while settled and settled[0][0] < key:
            yield _answer(*heapq.heappop(settled))
        if not clashes:
            yield _answer(key, tuple(seats[index]))
        elif (settlement := settler.settle(key[2])) is not None:
            total, rows = settlement
            heapq.heappush(settled, ((total // PER_MINUTE, key[1], key[2]), rows))
    while settled:
        yield _answer(*heapq.heappop(settled))


def _answer(key: tuple[int, int, int], rooms: tuple[int, ...]) -> Answer:
    return Answer(key[2], key[0], rooms)


def common_columns(starts: BoolGrid, choices: Sequence[Choices]) -> IntArray:
    """Return the starts at which each party finds a room, were it alone, in order."""
    return _common([starts[choice.rooms] for choice in choices])


def _common(free: Sequence[BoolGrid]) -> IntArray:
    return np.flatnonzero(np.logical_and.reduce([grid.any(axis=0) for grid in free]))


@dataclass(slots=True)
class _Settler:
    """Settles who takes which room where several want the same one, remembering what it has already settled."""

    choices: Sequence[Choices]
    free: Sequence[BoolGrid]
    known: dict[tuple[tuple[int, tuple[int, ...]], ...], tuple[int, ...] | None] = field(default_factory=dict)
    effort: int = 0

    def settle(self, column: int) -> tuple[int, tuple[int, ...]] | None:
        """Return the total cost at `column` and the room of each party, or None if there are too few rooms.

        Parties that want the same room form a group, settled as a whole; groups that then meet are merged. The
        groups being apart, each at its least cost, their total is the least.
        """
        picks: list[int] = [int(grid[:, column].argmax()) for grid in self.free]
        group_of = list(range(len(picks)))
        while (clash := self._first_clash(picks)) is not None:
            one, other = group_of[clash[0]], group_of[clash[1]]
            group_of = [one if group == other else group for group in group_of]
            members = [party for party, group in enumerate(group_of) if group == one]
            settled = self._settle_group(members, column)
            if settled is None:
                return None
            for party, pick in zip(members, settled, strict=True):
                picks[party] = pick
        chosen = list(zip(self.choices, picks, strict=True))
        total = sum(int(choice.costs[pick]) for choice, pick in chosen)
        return total, tuple(int(choice.rooms[pick]) for choice, pick in chosen)

    def _first_clash(self, picks: Sequence[int]) -> tuple[int, int] | None:
        takers: dict[int, int] = {}
        for party, pick in enumerate(picks):
            room = int(self.choices[party].rooms[pick])
            if room in takers:
                return takers[room], party
            takers[room] = party
        return None

    def _settle_group(self, members: Sequence[int], column: int) -> tuple[int, ...] | None:
        """Among g parties none ever needs more than its g cheapest free rooms: the others take g - 1 at most."""
        size = len(members)
        wanted = tuple((party, tuple(np.flatnonzero(self.free[party][:, column])[:size].tolist())) for party in members)
        if wanted not in self.known:
            self.effort += size**3
            self.known[wanted] = self._exact(wanted) if self.effort <= MOST_EFFORT else self._in_turn(wanted)
        return self.known[wanted]

    def _exact(self, wanted: Sequence[tuple[int, tuple[int, ...]]]) -> tuple[int, ...] | None:
        rooms = sorted({int(self.choices[party].rooms[pick]) for party, picks in wanted for pick in picks})
        place = {room: index for index, room in enumerate(rooms)}
        costs = np.full((len(wanted), len(rooms)), IMPOSSIBLE)
        pick_of: dict[tuple[int, int], int] = {}
        for row, (party, picks) in enumerate(wanted):
            for pick in picks:
                where = place[int(self.choices[party].rooms[pick])]
                costs[row, where], pick_of[row, where] = self.choices[party].costs[pick], pick
        chosen = cheapest_distinct(costs)
        return None if chosen is None else tuple(pick_of[row, where] for row, where in enumerate(chosen))

    def _in_turn(self, wanted: Sequence[tuple[int, tuple[int, ...]]]) -> tuple[int, ...] | None:
        gone: set[int] = set()
        chosen = []
        for party, picks in wanted:
            rooms = self.choices[party].rooms
            pick = next((pick for pick in picks if int(rooms[pick]) not in gone), None)
            if pick is None:
                return None
            gone.add(int(rooms[pick]))
            chosen.append(pick)
        return tuple(chosen)
