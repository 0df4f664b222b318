"""When the desk answers: open, on call or closed, and when it opens next. Pure: the present quarter is an argument."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from maillage.core.quarters import PER_DAY
from maillage.points.domain.hours import open_grid
from maillage.points.errors import HoursUnreadable

LOOK_AHEAD: Final = 14 * PER_DAY


class Answering(StrEnum):
    """OPEN: somebody is at the desk; ON_CALL: a telephone is answered, at a fee; CLOSED: nobody is."""

    OPEN = "open"
    ON_CALL = "on-call"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class DeskTimes:
    """The hours of one desk, as in OpenStreetMap, on the clock of `zone`."""

    hours: str
    zone: str
    on_call_hours: str = ""
    fee_cents: int = 0
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the desk answers now. `opens_quarter` is None when it is open, or does not open within two weeks."""

    answering: Answering
    phone: str = ""
    fee_cents: int = 0
    opens_quarter: int | None = None
    on_call_hours: str = ""


def standing_at(desks: Iterable[DeskTimes], quarter: int, *, phone: str = "") -> Standing:
    """Return how these desks, one or several, answer at `quarter`; `phone` is the network's own number.

    Without any desk described, people are let ring: nobody said that nobody is there.
    """
    known = list(desks)
    if not known or any(_is_open(desk.hours, desk.zone, quarter) for desk in known):
        return Standing(Answering.OPEN, next((desk.phone for desk in known if desk.phone), phone))
    opens = min((found for desk in known if (found := _next_opening(desk, quarter)) is not None), default=None)
    for desk in known:
        if _is_open(desk.on_call_hours, desk.zone, quarter):
            return Standing(Answering.ON_CALL, desk.phone or phone, desk.fee_cents, opens, desk.on_call_hours)
    first = known[0]
    return Standing(Answering.CLOSED, first.phone or phone, first.fee_cents, opens, first.on_call_hours)


def _is_open(hours: str, zone: str, quarter: int) -> bool:
    try:
        return bool(open_grid(hours, zone, quarter, 1)[0])
    except HoursUnreadable:  # typed by hand in the administration: a wrong line must not shut the line up
        return False


def _next_opening(desk: DeskTimes, quarter: int) -> int | None:
    try:
        grid = open_grid(desk.hours, desk.zone, quarter, LOOK_AHEAD)
    except HoursUnreadable:
        return None
    found = np.flatnonzero(grid)
    return quarter + int(found[0]) if len(found) else None
