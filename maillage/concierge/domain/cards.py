"""How each side of a meeting stands, from facts: waiting, in, sound proven, trouble, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LATE_AFTER_MINUTES: Final = 3
WATCHED_BEFORE_MINUTES: Final = 60
"""A red or silent station is trouble for a meeting this near; earlier it is the preventive list's."""


class State(StrEnum):
    """The worst first, as the board sorts."""

    TROUBLE = "trouble"
    WAITING = "waiting"
    IN = "in"
    PROVEN = "proven"
    OVER = "over"


class Reason(StrEnum):
    """Why a side is in trouble, the worst first."""

    HELP_ASKED = "help-asked"
    LOST = "lost"
    STATION_SILENT = "station-silent"
    STATION_RED = "station-red"
    FAILED = "failed"
    LATE = "late"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class SideFacts:
    """What is known of one side. `minutes` are from now to the start, negative once it began."""

    minutes: float
    is_over: bool = False
    is_in: bool = False
    was_lost: bool = False
    sound_heard: bool = False
    asks_help: bool = False
    failures: int = 0
    has_ticket: bool = False
    has_station: bool = False
    station_red: bool = False
    station_silent: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A state and, in trouble, its reasons, the worst first."""

    state: State
    reasons: tuple[Reason, ...] = ()


def card_of(facts: SideFacts) -> Card:
    """Return how a side stands. Somebody who is heard is in trouble only if they ask for help or have a ticket."""
    if facts.is_over:
        return Card(State.OVER)
    reasons = tuple(_reasons(facts))
    if reasons:
        return Card(State.TROUBLE, reasons)
    if facts.is_in:
        return Card(State.PROVEN if facts.sound_heard else State.IN)
    return Card(State.WAITING)


def _reasons(facts: SideFacts) -> Iterable[Reason]:
    near = facts.minutes <= WATCHED_BEFORE_MINUTES
    found = {
        Reason.HELP_ASKED: facts.asks_help,
        Reason.LOST: facts.was_lost and not facts.is_in,
        Reason.STATION_SILENT: near and facts.has_station and facts.station_silent and not facts.is_in,
        Reason.STATION_RED: near and facts.has_station and facts.station_red and not facts.sound_heard,
        Reason.FAILED: facts.failures > 0 and not facts.sound_heard,
        Reason.LATE: facts.minutes <= -LATE_AFTER_MINUTES and not facts.is_in and not facts.was_lost,
        Reason.TICKET: facts.has_ticket,
    }
    return (reason for reason, holds in found.items() if holds)


def worst(cards: Iterable[Card]) -> State:
    """Return the state by which a meeting is sorted: of its sides, the one that needs somebody most."""
    order = list(State)
    return min((card.state for card in cards), key=order.index, default=State.WAITING)
