"""What is done for each meeting, in order: each step by the system where facts show it, else by a person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Step(StrEnum):
    """In the order they are done."""

    CONTACT = "contact"
    EVE_TEST = "eve-test"
    ACCOMPANY = "accompany"
    LAST_TEST = "last-test"
    CONNECT = "connect"
    WATCH = "watch"
    CLOSE = "close"


DUE: Final = {
    Step.CONTACT: timedelta(hours=-48),
    Step.EVE_TEST: timedelta(hours=-16),
    Step.ACCOMPANY: timedelta(hours=-4),
    Step.LAST_TEST: timedelta(minutes=-15),
    Step.CONNECT: timedelta(minutes=3),
    Step.WATCH: timedelta(minutes=10),
}
"""From the start; CLOSE is due CLOSE_AFTER the end."""

CLOSE_AFTER: Final = timedelta(minutes=20)
_MADE_POINTLESS_BY: Final = {
    Step.CONTACT: {Step.CONNECT},
    Step.EVE_TEST: {Step.LAST_TEST, Step.CONNECT},
    Step.ACCOMPANY: {Step.CONNECT},
    Step.LAST_TEST: {Step.CONNECT},
}
"""A step that a later one made pointless is not asked for any more."""


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What the system saw of a meeting: it does these steps by itself."""

    start: datetime
    end: datetime
    everyone_reachable: bool = False
    tested_on_eve: bool = False
    tested_before: bool = False
    everyone_in: bool = False
    sound_proven: bool = False
    is_closed: bool = False
    is_accompanied: bool = False


@dataclass(frozen=True, slots=True)
class StepState:
    """One step: when it is due, and whether the system or a person has done it."""

    step: Step
    due: datetime
    by_system: bool
    by_person: bool
    is_pointless: bool

    @property
    def is_done(self) -> bool:
        """Done, or no longer of use."""
        return self.by_system or self.by_person or self.is_pointless

    def is_overdue(self, now: datetime) -> bool:
        """Not done, and its time has come."""
        return not self.is_done and self.due <= now


def runbook(facts: MeetingFacts, ticked: Collection[str]) -> tuple[StepState, ...]:
    """Return the steps of a meeting in order. `ticked` are those that a person said were done.

    A first session to accompany has one more.
    """
    seen = {
        Step.CONTACT: facts.everyone_reachable,
        Step.EVE_TEST: facts.tested_on_eve,
        Step.ACCOMPANY: False,
        Step.LAST_TEST: facts.tested_before,
        Step.CONNECT: facts.everyone_in or facts.sound_proven,
        Step.WATCH: facts.sound_proven,
        Step.CLOSE: facts.is_closed,
    }
    done = {step for step in Step if seen[step] or step.value in ticked or facts.is_closed}
    return tuple(
        StepState(
            step=step,
            due=facts.start + DUE[step] if step in DUE else facts.end + CLOSE_AFTER,
            by_system=seen[step],
            by_person=step.value in ticked,
            is_pointless=facts.is_closed or bool(_MADE_POINTLESS_BY.get(step, set()) & done),
        )
        for step in Step
        if step is not Step.ACCOMPANY or facts.is_accompanied
    )


def next_step(steps: Sequence[StepState]) -> StepState | None:
    """Return the first step still to be done."""
    return next((state for state in steps if not state.is_done), None)
