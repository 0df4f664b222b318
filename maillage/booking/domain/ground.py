"""What is known of some rooms over a wide window: any question about them is answered without asking again. Arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from maillage.booking.domain.assignment import IMPOSSIBLE, cheapest_distinct
from maillage.booking.domain.hours import discomfort, within_part_of_day
from maillage.booking.domain.search import PER_MINUTE, Answer, Choices, ranked_answers
from maillage.booking.domain.starts import BoolGrid, IntArray, RoomRule, open_throughout, possible_starts
from maillage.booking.domain.wishes import PartOfDay

MOST_EUROS = 300
"""More is not told apart: what comes first then is how long the room is opened for."""
_PER_EURO = 1 << 9
_PER_TRAVEL_MINUTE = (12 * MOST_EUROS + 1) * _PER_EURO


@dataclass(frozen=True, slots=True)
class Question:
    """A meeting wholly between two quarters. `choices` has the rooms each party may take, None for who is elsewhere."""

    first: int
    end: int
    length: int
    part_of_day: PartOfDay
    choices: tuple[Choices | None, ...]

    @property
    def seated(self) -> list[Choices]:
        """The choices of those who come to a room."""
        return [choice for choice in self.choices if choice is not None]

    def without(self, parties: Sequence[int]) -> "Question":
        """Return the same question, these parties joining from elsewhere."""
        left = tuple(None if party in parties else choice for party, choice in enumerate(self.choices))
        return replace(self, choices=left)


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer outside the hours of some rooms: the rows to be opened, their euros, the quarters outside in all."""

    answer: Answer
    rooms: tuple[int, ...]
    euros: int
    quarters: int


@dataclass(frozen=True, slots=True)
class Ground:
    """Rooms as rows, quarters from `first` as columns: hours, hours on request with their price, what takes the rooms.

    open_, on_request: shape (rooms, quarters); euros: what an opening on request costs, shape (rooms, quarters).
    """

    first: int
    open_: BoolGrid
    on_request: BoolGrid
    euros: IntArray
    rules: Sequence[RoomRule]
    taken: IntArray
    closed: IntArray
    local: IntArray

    def best(self, question: Question) -> Answer | None:
        """Return the best answer within the hours, None if there is none: least travel, then the pleasantest hour."""
        columns = self._columns(question)
        starts = self._starts(self.open_, question)
        return next(ranked_answers(starts, question.seated, self._uneasy(question, columns)), None)

    def best_on_request(self, question: Question) -> Opened | None:
        """Return the best answer with at least one room opened on request, None if there is none.

        Least travel, then least euros, then the fewest quarters outside the hours, the pleasantest hour, the earliest.
        """
        columns = self._columns(question)
        starts = self._starts(self.open_ | self.on_request, question)
        outside = _sums(~self.open_[:, columns], question.length)
        euros = np.where(outside > 0, np.minimum(self.euros[:, columns][:, : outside.shape[1]], MOST_EUROS), 0)
        uneasy = self._uneasy(question, columns)
        best: tuple[tuple[int, int, int], tuple[int, ...]] | None = None
        for column, bound in _in_order(starts, question.seated, euros, outside):
            if best is not None and bound > best[0][0]:
                break
            found = _cheapest(starts[:, column], question.seated, euros[:, column], outside[:, column])
            if found is None or not any(outside[row, column] for row in found[1]):
                continue
            key = (found[0], int(uneasy[column]), column)
            if best is None or key < best[0]:
                best = key, found[1]
        return None if best is None else _opened(best[0][2], best[1], question, euros, outside)

    def _columns(self, question: Question) -> slice:
        return slice(question.first - self.first, question.end - self.first)

    def _starts(self, usable: BoolGrid, question: Question) -> BoolGrid:
        columns = self._columns(question)
        within = open_throughout(usable[:, columns], question.length)
        local = self.local[columns][: within.shape[1]]
        starts = possible_starts(
            within,
            self.rules,
            taken=self.taken,
            closed=self.closed,
            first_quarter=question.first,
            length=question.length,
        )
        return starts & within_part_of_day(local, question.length, question.part_of_day)

    def _uneasy(self, question: Question, columns: slice) -> IntArray:
        width = max(0, question.end - question.first - question.length + 1)
        return discomfort(self.local[columns][:width], question.length)


def _sums(outside: BoolGrid, length: int) -> IntArray:
    """Return how many of the `length` quarters from each start are outside."""
    rows, width = outside.shape
    if width < length:
        return np.zeros((rows, 0), dtype=np.int64)
    total = np.zeros((rows, width + 1), dtype=np.int64)
    np.cumsum(outside, axis=1, out=total[:, 1:])
    return total[:, length:] - total[:, : width - length + 1]


def _costs(choice: Choices, euros: IntArray, outside: IntArray) -> IntArray:
    """Return the cost of each room of `choice`, (rooms, …): minutes, then euros, then quarters outside."""
    minutes = choice.costs // PER_MINUTE
    if euros.ndim == 2:
        minutes = minutes[:, np.newaxis]
    return minutes * _PER_TRAVEL_MINUTE + euros[choice.rooms] * _PER_EURO + outside[choice.rooms]


def _in_order(starts: BoolGrid, seated: Sequence[Choices], euros: IntArray, outside: IntArray) -> list[tuple[int, int]]:
    """Return the starts at which each party, were it alone, finds a room, with the least total cost, cheapest first."""
    if not starts.shape[1] or not all(len(choice.rooms) for choice in seated):
        return []
    bound = np.zeros(starts.shape[1], dtype=np.int64)
    for choice in seated:
        costs = np.where(starts[choice.rooms], _costs(choice, euros, outside), IMPOSSIBLE)
        bound += costs.min(axis=0)
    order = np.argsort(bound, kind="stable")
    return [(int(column), int(bound[column])) for column in order if bound[column] < IMPOSSIBLE]


def _cheapest(
    free: BoolGrid, seated: Sequence[Choices], euros: IntArray, outside: IntArray
) -> tuple[int, tuple[int, ...]] | None:
    """Return the least total cost at one start and the room of each party, None if there are too few rooms."""
    rows = sorted({int(row) for choice in seated for row in choice.rooms if free[row]})
    place = {row: index for index, row in enumerate(rows)}
    costs = np.full((len(seated), len(rows)), IMPOSSIBLE)
    for party, choice in enumerate(seated):
        for row, cost in zip(choice.rooms.tolist(), _costs(choice, euros, outside).tolist(), strict=True):
            if row in place:
                costs[party, place[row]] = cost
    chosen = cheapest_distinct(costs)
    if chosen is None:
        return None
    total = sum(int(costs[party, index]) for party, index in enumerate(chosen))
    return total, tuple(rows[index] for index in chosen)


def _opened(column: int, rooms: tuple[int, ...], question: Question, euros: IntArray, outside: IntArray) -> Opened:
    minutes = sum(
        int(choice.costs[choice.rooms.tolist().index(row)]) // PER_MINUTE
        for choice, row in zip(question.seated, rooms, strict=True)
    )
    to_open = tuple(row for row in rooms if outside[row, column])
    return Opened(
        Answer(column, minutes, rooms),
        to_open,
        sum(int(euros[row, column]) for row in to_open),
        sum(int(outside[row, column]) for row in to_open),
    )
