"""How long a meeting is waited for before its rooms are given back. No clock: times are arguments, in minutes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

GRACE: Final = timedelta(minutes=10)
"""Between the warning and the release, whatever the rule: the time to read it and to press."""
LEAST_MINUTES: Final = 15
MOST_MINUTES: Final = 60
EARLIEST_SIGN: Final = timedelta(hours=1)
"""A sign of life counts from so long before the start."""


def patience_minutes(rules: Iterable[int | None], network: int) -> int:
    """Return how many minutes a meeting is waited for, 0 for always.

    rules: that of each of its rooms, None for the network's. The most patient decides: rooms wait for one another.
    """
    own = [network if rule is None else rule for rule in rules]
    return 0 if not own or 0 in own else max(own)


def warn_at(start: datetime, patience: int) -> datetime:
    """Return from when its people are asked whether they come."""
    return start + timedelta(minutes=patience) - GRACE


def release_at(start: datetime, patience: int, warned_at: datetime) -> datetime:
    """Return from when its rooms may be given back: a warning that left late leaves its time to read it."""
    return max(start + timedelta(minutes=patience), warned_at + GRACE)
