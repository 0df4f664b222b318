"""Whether somebody of the desk can help with a meeting, and for how much. No clock, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from maillage.points.domain.hours import open_grid
from maillage.points.errors import HoursUnreadable


class Presence(StrEnum):
    """How a desk can be reached during a meeting."""

    PRESENT = "present"
    ON_CALL = "on-call"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Desk:
    """The hours of one desk, in OpenStreetMap syntax, and its fee on call."""

    hours: str
    on_call_hours: str
    fee_cents: int
    time_zone: str


@dataclass(frozen=True, slots=True)
class Support:
    """What can be promised for a meeting. The fee is asked only of those who want help."""

    presence: Presence = Presence.PRESENT
    fee_cents: int = 0

    @property
    def is_possible(self) -> bool:
        """Tell whether somebody can be promised."""
        return self.presence is not Presence.NOBODY


def support_during(desks: Sequence[Desk], first_quarter: int, length: int) -> Support:
    """Return what the desks can promise for the whole of a meeting: their hours before their calls, the cheapest first.

    A network that has written no desk promises help without hours: its facilitators give it.
    """
    if not desks or any(_covers(desk, first_quarter, length, on_call=False) for desk in desks):
        return Support()
    fees = [desk.fee_cents for desk in desks if _covers(desk, first_quarter, length, on_call=True)]
    return Support(Presence.ON_CALL, min(fees)) if fees else Support(Presence.NOBODY)


def _covers(desk: Desk, first_quarter: int, length: int, *, on_call: bool) -> bool:
    try:
        grid = open_grid(desk.hours, desk.time_zone, first_quarter, length)
        if on_call:
            grid = grid | open_grid(desk.on_call_hours, desk.time_zone, first_quarter, length)
    except HoursUnreadable:  # nobody is promised on hours that cannot be read
        return False
    return bool(grid.all())
