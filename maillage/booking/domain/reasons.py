"""Why a slot is proposed, as stable codes that the screens put into words."""

from collections.abc import Sequence
from typing import Final

from maillage.booking.domain.search import PER_MINUTE, Answer, Choices
from maillage.booking.domain.starts import IntArray

NEAREST_ROOM: Final = "nearest-room"
NEAREST_TAKEN: Final = "nearest-taken"
SMALLER_ROOM: Final = "smaller-room"
LEAST_TRAVEL: Final = "least-travel"
EARLIEST: Final = "earliest"
ONLY_COMMON_TIME: Final = "only-common-time"
NO_OPENING_COST: Final = "no-opening-cost"
REASONS: Final = (
    ONLY_COMMON_TIME, EARLIEST, NEAREST_ROOM, LEAST_TRAVEL, NO_OPENING_COST, SMALLER_ROOM, NEAREST_TAKEN,
)  # fmt: skip


def reasons_for(
    answer: Answer, choices: Sequence[Choices], *, common: IntArray, least_minutes: int, length: int, is_unusual: bool
) -> tuple[str, ...]:
    """Return the codes that hold for `answer`, the most telling first.

    is_unusual: at an hour when rooms are often shut, and opened for a price.

    choices: of each party, `answer.rooms` being one of them for each; common: the starts where every party finds a
    room; least_minutes: of the best answer.
    """
    picks = [choice.rooms.tolist().index(room) for choice, room in zip(choices, answer.rooms, strict=True)]
    holds = {
        ONLY_COMMON_TIME: int(common[-1] - common[0]) < length,
        EARLIEST: answer.column == int(common[0]) and int(common[-1]) > int(common[0]),
        NEAREST_ROOM: all(_is_nearest(choice, pick) for choice, pick in zip(choices, picks, strict=True)),
        LEAST_TRAVEL: answer.minutes == least_minutes,
        NO_OPENING_COST: is_unusual,
        SMALLER_ROOM: any(_has_larger(choice, pick) for choice, pick in zip(choices, picks, strict=True)),
        NEAREST_TAKEN: not all(_is_nearest(choice, pick) for choice, pick in zip(choices, picks, strict=True)),
    }
    return tuple(code for code in REASONS if holds[code])


def _is_nearest(choice: Choices, pick: int) -> bool:
    return bool(choice.costs[pick] // PER_MINUTE == choice.costs[0] // PER_MINUTE)


def _has_larger(choice: Choices, pick: int) -> bool:
    """Tell whether a larger room just as near was left to others."""
    as_near = choice.costs[choice.costs // PER_MINUTE == choice.costs[pick] // PER_MINUTE]
    return bool(as_near.max() > choice.costs[pick])
