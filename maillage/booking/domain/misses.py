"""When nothing fits: what would fit if one thing changed. Each is tried before it is told, and none better is skipped.

One kind of change at a time; within a kind, the least change that works. When no single change works, everything that
costs nobody a journey changes together.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from typing import Final

from maillage.booking.domain.ground import Ground, Opened, Question
from maillage.booking.domain.search import Answer, Choices

SHORTEST: Final = 2
"""Nobody meets for less than half an hour instead of what they asked for."""
MOST_TOLD: Final = 5


class Change(StrEnum):
    """What would have to change, the most welcome first."""

    OPENING = "opening"
    ANY_HOUR = "any-hour"
    OTHER_DAYS = "other-days"
    OTHER_ROOMS = "other-rooms"
    FEWER_NEEDS = "fewer-needs"
    SHORTER = "shorter"
    ELSEWHERE = "elsewhere"
    ALL_TOGETHER = "all-together"


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that differs from the one asked by `change`, and its best answer.

    window: its place among the other windows; parties: who would join from elsewhere; needs: what would be given up.
    """

    change: Change
    question: Question
    answer: Answer
    opened: Opened | None = None
    window: int | None = None
    parties: tuple[int, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leeway:
    """What may change around a question.

    windows: other first and end quarters, nearest first; wider: the choices with rooms further away; with_fewer_needs:
    what is given up and the choices it leaves, the least first; people: of each party.
    """

    windows: Sequence[tuple[int, int]]
    wider: tuple[Choices | None, ...] | None
    with_fewer_needs: Sequence[tuple[tuple[str, ...], tuple[Choices | None, ...]]]
    people: Sequence[int]


def nearest_misses(ground: Ground, asked: Question, leeway: Leeway, *, most: int = MOST_TOLD) -> list[Miss]:
    """Return at most one miss of each kind, the most welcome first; empty if nothing at all would do."""
    kinds = (
        _opening(ground, asked),
        *(_first(ground, misses) for misses in _single_changes(asked, leeway)),
    )
    found = [miss for miss in kinds if miss is not None]
    if not found and (last := _first(ground, _together(asked, leeway))):
        found = [last]
    return found[:most]


def _opening(ground: Ground, asked: Question) -> Miss | None:
    opened = ground.best_on_request(asked)
    return None if opened is None else Miss(Change.OPENING, asked, opened.answer, opened)


def _first(ground: Ground, tries: Iterable["_Try"]) -> Miss | None:
    for tried in tries:
        answer = ground.best(tried.question)
        if answer is not None:
            return Miss(
                tried.change, tried.question, answer, window=tried.window, parties=tried.parties, needs=tried.needs
            )
    return None


@dataclass(frozen=True, slots=True)
class _Try:
    change: Change
    question: Question
    window: int | None = None
    parties: tuple[int, ...] = ()
    needs: tuple[str, ...] = ()


def _single_changes(asked: Question, leeway: Leeway) -> Iterator[Iterator[_Try]]:
    """Yield the tries of each kind, each from the least change to the greatest."""
    yield _any_hour(asked)
    yield _other_days(asked, leeway)
    yield _other_rooms(asked, leeway)
    yield (_Try(Change.FEWER_NEEDS, replace(asked, choices=left), needs=up) for up, left in leeway.with_fewer_needs)
    yield (_Try(Change.SHORTER, replace(asked, length=length)) for length in range(asked.length - 1, SHORTEST - 1, -1))
    yield _elsewhere(asked, leeway)


def _any_hour(asked: Question) -> Iterator[_Try]:
    if asked.part_of_day != "any":
        yield _Try(Change.ANY_HOUR, replace(asked, part_of_day="any"))


def _other_days(asked: Question, leeway: Leeway) -> Iterator[_Try]:
    for window, (first, end) in enumerate(leeway.windows):
        yield _Try(Change.OTHER_DAYS, replace(asked, first=first, end=end), window=window)


def _other_rooms(asked: Question, leeway: Leeway) -> Iterator[_Try]:
    if leeway.wider is not None:
        yield _Try(Change.OTHER_ROOMS, replace(asked, choices=leeway.wider))


def _elsewhere(asked: Question, leeway: Leeway) -> Iterator[_Try]:
    """Yield who would join from elsewhere: the fewest parties, then the fewest people, then the last named."""
    seated = [party for party, choice in enumerate(asked.choices) if choice is not None]
    for count in range(1, len(seated)):
        groups = combinations(reversed(seated), count)
        for group in sorted(groups, key=lambda parties: sum(leeway.people[party] for party in parties)):
            yield _Try(Change.ELSEWHERE, asked.without(group), parties=tuple(sorted(group)))


def _together(asked: Question, leeway: Leeway) -> Iterator[_Try]:
    """Yield all that costs nobody a journey at once: other days, any hour; then shorter; then some elsewhere."""
    for window, (first, end) in reversed(list(enumerate(leeway.windows))):
        freely = replace(asked, first=first, end=end, part_of_day="any")
        yield _Try(Change.ALL_TOGETHER, freely, window)
        if asked.length > SHORTEST:
            yield _Try(Change.ALL_TOGETHER, replace(freely, length=max(SHORTEST, asked.length // 2)), window)
        for tried in _elsewhere(freely, leeway):
            yield replace(tried, change=Change.ALL_TOGETHER, window=window)
