"""A day to train with: which meetings, in which rooms, and what goes wrong when. Pure: chance is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from random import Random
from typing import Final

from maillage.concierge.domain.cards import LATE_AFTER_MINUTES


class Trouble(StrEnum):
    """What goes wrong in a meeting."""

    SILENT = "silent"
    RED = "red"
    LATE = "late"
    HELP = "help"
    LOST = "lost"


HAPPENS: Final = {
    Trouble.SILENT: timedelta(minutes=-30),
    Trouble.RED: timedelta(minutes=-20),
    Trouble.LATE: timedelta(minutes=LATE_AFTER_MINUTES),
    Trouble.HELP: timedelta(minutes=10),
    Trouble.LOST: timedelta(minutes=12),
}
"""From the start of the meeting."""

MENDED_AFTER: Final = timedelta(minutes=6)
FIRST_HOUR: Final = 9
_SLOTS: Final = 8


@dataclass(frozen=True, slots=True)
class Planned:
    """One meeting: the hour it starts at, the two rooms by number, and what goes wrong on the first one's side."""

    hour: int
    rooms: tuple[int, int]
    trouble: Trouble | None = None


def plan_day(*, meetings: int, rooms: int, share: float, chance: Random) -> tuple[Planned, ...]:
    """Return `meetings` of one hour from FIRST_HOUR, no room in two at once, the given share of them in trouble.

    Raises ValueError if the rooms are too few for so many meetings.
    """
    if meetings > _SLOTS * (rooms // 2):
        raise ValueError(f"{rooms} rooms hold {_SLOTS * (rooms // 2)} meetings in a day, not {meetings}")
    pairs: list[tuple[int, tuple[int, int]]] = []
    for slot in range(_SLOTS):
        order = chance.sample(range(rooms), rooms)
        pairs += [(slot, (order[n], order[n + 1])) for n in range(0, rooms - 1, 2)]
    chosen = sorted(chance.sample(pairs, meetings))
    troubled = set(chance.sample(range(meetings), round(meetings * share)))
    kinds: Sequence[Trouble] = list(Trouble)
    ranks = {rank: kinds[number % len(kinds)] for number, rank in enumerate(sorted(troubled))}
    return tuple(Planned(FIRST_HOUR + slot, pair, ranks.get(rank)) for rank, (slot, pair) in enumerate(chosen))
