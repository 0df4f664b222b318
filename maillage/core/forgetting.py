"""What personal data is kept, why and how long; an app registers its own with `keeps`.

Each kind has a way to forget what is older than a moment, and, where a person can be found in it, a way to erase one
person. Both are harmless to run twice. Counts of people, categories and places stay: they name nobody.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.functional import Promise

logger = logging.getLogger(__name__)

NEVER: Final = 0
"""Days of a kind that is kept until somebody takes it away."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as they are found: by an e-mail, folded to lower case, or a telephone; the other is empty."""

    email: str = ""
    phone: str = ""

    @property
    def reach(self) -> str:
        """The one that is known."""
        return self.email or self.phone


@dataclass(frozen=True, slots=True)
class Found:
    """How many things of a person can be erased now, and how many are kept until later."""

    erased: int = 0
    kept: int = 0


Forget = Callable[[datetime], int]
Erase = Callable[[Person, datetime, bool], Found]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of personal data. `why_kept`: why some of it outlives a person's wish."""

    name: str
    days: int
    what: str | Promise
    why: str | Promise
    forget: Forget
    erase: Erase | None = None
    why_kept: str | Promise = ""

    @property
    def kept_days(self) -> int:
        """How long it is kept here: as the network wrote it, else by default."""
        return int(settings.KEPT_DAYS.get(self.name, self.days))


_kinds: dict[str, Kind] = {}


def keeps(
    name: str,
    *,
    days: int,
    what: str | Promise,
    why: str | Promise,
    erase: Erase | None = None,
    why_kept: str | Promise = "",
) -> Callable[[Forget], Forget]:
    """Register the decorated function, which forgets what is older than the moment it is given; it returns how many."""

    def register(forget: Forget) -> Forget:
        _kinds[name] = Kind(name, days, what, why, forget, erase, why_kept)
        return forget

    return register


def kinds() -> list[Kind]:
    """Return the kinds of personal data that are kept, by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def forget_all(now: datetime) -> dict[str, int]:
    """Forget what was kept long enough; return how many things of each kind. One that fails does not stop the others.

    Raises the first failure at the end.
    """
    done: dict[str, int] = {}
    failure: Exception | None = None
    for kind in kinds():
        if kind.kept_days == NEVER:
            continue
        try:
            done[kind.name] = kind.forget(now - timedelta(days=kind.kept_days))
        except Exception as broken:
            logger.exception("%s could not be forgotten", kind.name)
            failure = failure or broken
    if failure is not None:
        raise failure
    return done


def erase_person(person: Person, now: datetime, *, really: bool) -> dict[str, Found]:
    """Erase a person everywhere, or only say what would be; by kind, those that hold nothing left out."""
    found = {kind.name: kind.erase(person, now, really) for kind in kinds() if kind.erase}
    return {name: one for name, one in found.items() if one.erased or one.kept}
