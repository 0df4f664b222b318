"""When the door of a meeting is open. No clock: `now` is given."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Door(StrEnum):
    """What a party's link opens on."""

    UNCONFIRMED = "unconfirmed"
    EARLY = "early"
    OPEN = "open"
    LATE = "late"
    CANCELLED = "cancelled"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Opening:
    """The door's window: `opens` before the meeting's start, `closes` after its end."""

    opens: timedelta
    closes: timedelta


def door_at(*, status: str, is_over: bool, start: datetime, end: datetime, opening: Opening, now: datetime) -> Door:
    """Return the state of the door at `now`. `status` is a BookingStatus; `is_over` tells whether the meeting ended."""
    if status == "cancelled":
        return Door.CANCELLED
    if status == "done" or is_over:
        return Door.OVER
    if status in {"held", "asked"}:
        return Door.UNCONFIRMED
    if now < start - opening.opens:
        return Door.EARLY
    return Door.OPEN if now <= end + opening.closes else Door.LATE
