"""When a room is taken, whatever takes it: meetings, blocks, other calendars. Nothing says which."""

from typing import Final

from maillage.booking.errors import EndBeforeStart, WindowTooLong
from maillage.booking.models import Span
from maillage.core.quarters import PER_DAY

MOST_DAYS: Final = 42


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
