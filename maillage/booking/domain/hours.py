"""Hours as people live them: parts of the day, how pleasant an hour is, answers spread over days."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.booking.domain.search import Answer, IntArray
from maillage.booking.domain.wishes import PARTS_OF_DAY, PartOfDay
from maillage.core.quarters import PER_DAY, PER_HOUR

_NINE, _LUNCH, _AFTER_LUNCH, _SIX, _EIGHT = 9 * 4, 12 * 4, 13 * 4 + 2, 18 * 4, 20 * 4
_APART: Final = 2 * PER_HOUR
_WORTH_MINUTES: Final = 30


def within_part_of_day(local: IntArray, length: int, part_of_day: PartOfDay) -> NDArray[np.bool_]:
    """Return which starts keep the whole meeting in the part of the day. local: wall-clock quarter of each start."""
    begin, end = PARTS_OF_DAY[part_of_day]
    if part_of_day == "any":
        return np.ones(len(local), dtype=bool)
    hour = local % PER_DAY
    inside: NDArray[np.bool_] = (hour >= begin) & (hour + length <= end)
    return inside


def discomfort(local: IntArray, length: int) -> IntArray:
    """Return how unwelcome each start is: an hour early, late, over lunch or off the half hour, and each day of waiting.

    local: wall-clock quarter of each start. One point is a day of waiting.
    """
    if not len(local):
        return np.zeros(0, dtype=np.int64)
    hour = local % PER_DAY
    end = hour + length
    points = local // PER_DAY - local[0] // PER_DAY
    points = points + (hour < _NINE) + 3 * (hour < _NINE - PER_HOUR)
    points = points + 2 * ((hour < _AFTER_LUNCH) & (end > _LUNCH)) + (end > _SIX) + 3 * (end > _EIGHT)
    return np.asarray(points + hour % 2, dtype=np.int64)


def spread(answers: Iterable[Answer], local: IntArray, *, length: int, limit: int) -> list[Answer]:
    """Choose up to `limit` answers from the ranked `answers`, kept in their order, that leave a real choice.

    The best one first; then other days at other hours, other days, the same day two hours apart, as long as they
    ask little more travel; at last any that does not overlap.
    """
    source, seen, kept = iter(answers), list[Answer](), list[Answer]()
    days, hours = (local // PER_DAY).tolist(), (local % PER_DAY).tolist()

    def all_answers() -> Iterable[Answer]:
        yield from seen
        for answer in source:
            seen.append(answer)
            yield answer

    def differs(answer: Answer, *, day: bool, hour: int) -> bool:
        column = answer.column
        for other in kept:
            if day and days[other.column] == days[column]:
                return False
            same_hour = abs(hours[other.column] - hours[column]) if day else abs(other.column - column)
            if same_hour < hour:
                return False
        return True

    apart = max(_APART, length)
    stages: Sequence[tuple[bool, int, bool]] = (
        (True, PER_HOUR, True),
        (True, 0, True),
        (False, apart, True),
        (True, 0, False),
        (False, apart, False),
        (False, length, False),
    )
    for other_day, other_hour, near in stages:
        for answer in all_answers():
            if len(kept) == limit or (near and kept and answer.minutes > _worth(kept[0].minutes)):
                break
            if differs(answer, day=other_day, hour=other_hour):
                kept.append(answer)
    rank = {answer.column: place for place, answer in enumerate(seen)}
    return sorted(kept, key=lambda answer: rank[answer.column])


def _worth(best_minutes: int) -> int:
    """Return the total travel beyond which an answer is only shown for want of others."""
    return best_minutes + max(_WORTH_MINUTES, best_minutes // 2)
