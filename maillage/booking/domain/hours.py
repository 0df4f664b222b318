"""Hours as people live them: parts of the day, how pleasant an hour is, answers spread over days."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.booking.domain.search import Answer
from maillage.booking.domain.starts import IntArray
from maillage.booking.domain.wishes import PARTS_OF_DAY, PartOfDay
from maillage.core.quarters import PER_DAY, PER_HOUR

_NINE, _LUNCH, _AFTER_LUNCH, _SIX, _EIGHT = 9 * 4, 12 * 4, 13 * 4 + 2, 18 * 4, 20 * 4
_SATURDAY: Final = 5
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
    """Return how unwelcome each start is: early, late, over lunch or off the half hour, and each day of waiting.

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


def is_unusual(local: IntArray, length: int) -> NDArray[np.bool_]:
    """Return which starts are on a weekend, before 9:00 or end after 18:00: rooms are often shut then."""
    hour, weekday = local % PER_DAY, local // PER_DAY % 7
    unusual: NDArray[np.bool_] = (weekday >= _SATURDAY) | (hour < _NINE) | (hour + length > _SIX)
    return unusual


def spread(answers: Iterable[Answer], local: IntArray, *, length: int, limit: int) -> list[Answer]:
    """Choose up to `limit` answers from the ranked `answers`, kept in their order, that leave a real choice.

    The best one first; then other days at other hours, other days, the same day two hours apart, as long as they
    ask little more travel; at last any that does not overlap.
    """
    ranked, kept = _Ranked(iter(answers)), list[Answer]()
    days, hours = (local // PER_DAY).tolist(), (local % PER_DAY).tolist()
    for stage in _stages(length):
        for answer in ranked:
            if len(kept) == limit or (stage.is_near and kept and answer.minutes > _worth(kept[0].minutes)):
                break
            if all(stage.accepts(answer.column, other.column, days, hours) for other in kept):
                kept.append(answer)
    return sorted(kept, key=ranked.seen.index)


@dataclass(frozen=True, slots=True)
class _Stage:
    """What an answer must differ in from those already kept; `is_near` keeps to little more travel than the best."""

    other_day: bool
    quarters_apart: int
    is_near: bool

    def accepts(self, column: int, other: int, days: Sequence[int], hours: Sequence[int]) -> bool:
        """Tell whether the start `column` differs enough from `other`."""
        if self.other_day:
            return days[column] != days[other] and abs(hours[column] - hours[other]) >= self.quarters_apart
        return abs(column - other) >= self.quarters_apart


def _stages(length: int) -> tuple[_Stage, ...]:
    """Return the stages, the most varied first."""
    apart = max(_APART, length)
    return (
        _Stage(other_day=True, quarters_apart=PER_HOUR, is_near=True),
        _Stage(other_day=True, quarters_apart=0, is_near=True),
        _Stage(other_day=False, quarters_apart=apart, is_near=True),
        _Stage(other_day=True, quarters_apart=0, is_near=False),
        _Stage(other_day=False, quarters_apart=apart, is_near=False),
        _Stage(other_day=False, quarters_apart=length, is_near=False),
    )


@dataclass(slots=True)
class _Ranked:
    """Answers that can be gone through again: each is worked out once."""

    source: Iterator[Answer]
    seen: list[Answer] = field(default_factory=list)

    def __iter__(self) -> Iterator[Answer]:
        yield from self.seen
        for answer in self.source:
            self.seen.append(answer)
            yield answer


def _worth(best_minutes: int) -> int:
    """Return the total travel beyond which an answer is only shown for want of others."""
    return best_minutes + max(_WORTH_MINUTES, best_minutes // 2)
