"""Who enters at once, who waits, and who may open. One rule for browsers, codes, telephones and terminals. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

OTHERS_OPEN_AFTER = timedelta(minutes=2)
"""For so long only the side that leads opens; then any side that is in does."""
ALONE_AFTER = timedelta(minutes=5)
"""With nobody in, an invited side that waited so long opens for itself: nobody is stuck since a host did not come."""
SILENT_AFTER = timedelta(seconds=20)
"""A side at the door not heard for longer has gone away."""
ASK_AGAIN_AFTER = timedelta(seconds=60)
"""A side that was not let in may ask again so much later."""


@dataclass(frozen=True, slots=True)
class Comer:
    """A side before the door: the organiser's or not, in a room of the network or not, invited by name or by code."""

    is_organiser: bool
    is_in_room: bool
    is_invited: bool


def must_wait(comer: Comer, *, someone_opens: bool, was_admitted: bool) -> bool:
    """Tell whether a side waits to be let in. The organiser and the network's own rooms never do."""
    return someone_opens and not (comer.is_organiser or comer.is_in_room or was_admitted)


def may_open(*, is_chair: bool, waiting_since: datetime, now: datetime) -> bool:
    """Tell whether a side that is in may answer one that waits."""
    return is_chair or now - waiting_since >= OTHERS_OPEN_AFTER


def may_open_alone(comer: Comer, *, is_empty: bool, waiting_since: datetime, now: datetime) -> bool:
    """Tell whether a side that waits may open for itself: invited by name, nobody in, and it waited long."""
    return comer.is_invited and is_empty and now - waiting_since >= ALONE_AFTER


class Standing(StrEnum):
    """Where a side stands that comes to the door."""

    ENTERS = "enters"
    WAITS = "waits"
    REFUSED = "refused"
