"""When a room is taken, whatever takes it: meetings, blocks, other calendars. Nothing says which."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from maillage.booking.errors import EndBeforeStart, WindowTooLong
from maillage.booking.models import Span
from maillage.core.quarters import PER_DAY, day_quarters
from maillage.points.domain.hours import open_grid
from maillage.points.errors import HoursUnreadable
from maillage.points.models import Room
from maillage.points.selectors import bookable_room, closed_ranges

MOST_DAYS: Final = 42
FEED_DAYS: Final = 42


def busy_spans(room_id: int, first: int, end: int) -> list[tuple[int, int]]:
    """Return (first quarter, end quarter) of each busy time within a window, in order, those that touch as one.

    Raises EndBeforeStart, WindowTooLong. One query.
    """
    if end <= first:
        raise EndBeforeStart
    if end - first > MOST_DAYS * PER_DAY:
        raise WindowTooLong(most=MOST_DAYS)
    taken = Span.objects.filter(room=room_id, end_quarter__gt=first, first_quarter__lt=end).order_by("first_quarter")
    merged: list[tuple[int, int]] = []
    for begins, ends in taken.values_list("first_quarter", "end_quarter"):
        start, stop = max(begins, first), min(ends, end)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return merged


@dataclass(frozen=True, slots=True)
class FreeBusy:
    """When a room is taken, and when nobody opens it, in quarters; nothing says by whom nor what for."""

    room: Room
    first: int
    end: int
    taken: tuple[tuple[int, int], ...]
    shut: tuple[tuple[int, int], ...]

    @property
    def version(self) -> str:
        """What changes when one of these times does."""
        said = f"{self.room.pk}|{self.first}|{self.end}|{self.taken}|{self.shut}"
        return blake2b(said.encode(), digest_size=12).hexdigest()


def free_busy(room_id: int, *, now: datetime) -> FreeBusy:
    """Return the free/busy of a public room from this day on, on its own clocks. Raises UnknownRoom. Three queries."""
    room = bookable_room(room_id)
    today = now.astimezone(ZoneInfo(room.point.time_zone)).date()
    first = day_quarters(today, ZoneInfo(room.point.time_zone)).start
    end = first + FEED_DAYS * PER_DAY
    return FreeBusy(room, first, end, tuple(busy_spans(room.pk, first, end)), tuple(_shut(room, first, end)))


def _shut(room: Room, first: int, end: int) -> list[tuple[int, int]]:
    """Return when the room is outside its hours or closed; hours nobody can read say nothing."""
    shut = np.zeros(end - first, dtype=bool)
    with suppress(HoursUnreadable):
        shut = ~open_grid(room.hours or room.point.hours, room.point.time_zone, first, end - first)
    for _point, closed, begins, ends in closed_ranges([room.point_id], first, end):
        if closed in {None, room.pk}:
            shut[max(0, begins - first) : max(0, ends - first)] = True
    edges = np.flatnonzero(np.diff(shut, prepend=False, append=False)) + first
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
