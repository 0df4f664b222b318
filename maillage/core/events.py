"""How a lower app tells a higher one that something happened, without knowing it.

An event is a frozen dataclass in the `events.py` of the app where it happens. `publish` hands it over once the
transaction has committed; what a subscriber raises is logged and never undoes what happened.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

logger = logging.getLogger(__name__)

Event = TypeVar("Event")
_subscribers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(kind: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register the decorated function for events of exactly this `kind`."""

    def register(receiver: Callable[[Event], None]) -> Callable[[Event], None]:
        if receiver not in _subscribers[kind]:
            _subscribers[kind].append(receiver)
        return receiver

    return register


def publish(event: object) -> None:
    """Hand `event` to its subscribers when the present transaction commits, at once if there is none."""
    transaction.on_commit(lambda: _deliver(event))


def _deliver(event: object) -> None:
    for receiver in _subscribers[type(event)]:
        try:
            receiver(event)
        except Exception:
            logger.exception("%s failed on %r", receiver.__qualname__, event)


def subscribed_kinds() -> set[type[Any]]:
    """Return the kinds of event somebody listens to, for the tests of the documentation."""
    return {kind for kind, receivers in _subscribers.items() if receivers}


def receivers_of(kind: type[Any]) -> list[Callable[[Any], None]]:
    """Return who listens to `kind`, in the order of their registration, for the documentation."""
    return list(_subscribers.get(kind, ()))
