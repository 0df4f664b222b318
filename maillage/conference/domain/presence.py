"""Who is in a meeting, as told to its pages; and how long a silence may last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

BEAT_SECONDS = 4
VANISHED_AFTER = timedelta(seconds=10)
"""A page silent for longer is gone. Noticed at the next beat of another page: within 14 seconds."""


@dataclass(frozen=True, slots=True)
class Present:
    """One party that is in. `order` is the version at which its page entered: of two, the later opens the line."""

    party: int
    page: str
    order: int
    name: str
    head_count: int
    microphone: bool
    camera: bool
    screen: bool
    sound_only: bool
    images: str = "full"

    def as_json(self) -> dict[str, Any]:
        """Return it as the protocol writes it."""
        return {field: getattr(self, field) for field in self.__slots__}


@dataclass(frozen=True, slots=True)
class Presence:
    """Everyone in, at a version: an older version is never shown after a newer one."""

    version: int
    present: tuple[Present, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as the protocol writes it."""
        return {"version": self.version, "present": [one.as_json() for one in self.present]}

    def pages(self) -> dict[int, str]:
        """Return the page of each party that is in."""
        return {one.party: one.page for one in self.present}


def has_vanished(last_seen_at: datetime, now: datetime) -> bool:
    """Tell whether a page last heard at `last_seen_at` is gone."""
    return now - last_seen_at > VANISHED_AFTER
