"""The agenda of a meeting and its clock: what was planned for each item, what it took, when the meeting would end.

Pure: times are seconds on the caller's clock. Nobody is cut off: an item that runs over only shows what it takes away.
"""

from dataclasses import dataclass, replace
from typing import Any

MOST_ITEMS = 30


class AgendaMisused(ValueError):
    """A step that the agenda does not have."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item: `spent` is what it took so far, not counting the present stretch if it is open."""

    title: str
    planned_seconds: int
    spent_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Agenda:
    """`current` is the open item's place, None before the start and after the end."""

    items: tuple[Item, ...]
    current: int | None = None
    opened_at: float = 0.0
    is_over: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as the protocol writes it."""
        items = [
            {
                "title": item.title,
                "planned_seconds": item.planned_seconds,
                "spent_seconds": round(item.spent_seconds, 1),
            }
            for item in self.items
        ]
        return {"items": items, "current": self.current, "opened_at": self.opened_at, "is_over": self.is_over}


def make_agenda(planned: list[tuple[str, int]]) -> Agenda:
    """Return an agenda of (title, minutes). Raises AgendaMisused if empty, too long, or an item has no time."""
    if not 1 <= len(planned) <= MOST_ITEMS or any(not 1 <= minutes <= 720 for _title, minutes in planned):
        raise AgendaMisused("an agenda has 1 to 30 items of 1 to 720 minutes")
    return Agenda(tuple(Item(title.strip()[:120], minutes * 60) for title, minutes in planned))


def go_to(agenda: Agenda, index: int, now: float) -> Agenda:
    """Open an item, any item, again if need be; the one that was open keeps what it took."""
    if not 0 <= index < len(agenda.items):
        raise AgendaMisused(f"no item {index}")
    return replace(_closed(agenda, now), current=index, opened_at=now, is_over=False)


def go_on(agenda: Agenda, now: float) -> Agenda:
    """Open the first item, or the next one; after the last, the agenda is over."""
    wanted = 0 if agenda.current is None else agenda.current + 1
    if agenda.is_over or wanted >= len(agenda.items):
        return finish(agenda, now)
    return go_to(agenda, wanted, now)


def finish(agenda: Agenda, now: float) -> Agenda:
    """Close the open item, and with it the agenda; items not opened stay as they are."""
    return replace(_closed(agenda, now), is_over=True)


def _closed(agenda: Agenda, now: float) -> Agenda:
    if agenda.current is None:
        return agenda
    items = list(agenda.items)
    items[agenda.current] = replace(items[agenda.current], spent_seconds=spent(agenda, agenda.current, now))
    return replace(agenda, items=tuple(items), current=None)


def spent(agenda: Agenda, index: int, now: float) -> float:
    """Return what an item took so far."""
    stretch = max(0.0, now - agenda.opened_at) if agenda.current == index else 0.0
    return agenda.items[index].spent_seconds + stretch


def remaining(agenda: Agenda, index: int, now: float) -> float:
    """Return what is left of an item's time, negative once over."""
    return agenda.items[index].planned_seconds - spent(agenda, index, now)


def forecast_end(agenda: Agenda, now: float) -> float:
    """Return when the meeting would end if every item still to come, and the open one, took what was planned."""
    first = len(agenda.items) if agenda.is_over else (agenda.current or 0)
    return now + sum(max(0.0, remaining(agenda, index, now)) for index in range(first, len(agenda.items)))


def shortened(agenda: Agenda, now: float, end: float) -> list[int]:
    """Return how many seconds each item to come would have so that the meeting ends at `end`, in proportion.

    Nothing is changed: it is a proposal to the chair. Items done keep what they took; zero if there is no time left.
    """
    first = 0 if agenda.current is None else agenda.current + 1
    coming = agenda.items[first:] if not agenda.is_over else ()
    planned = sum(item.planned_seconds for item in coming)
    open_left = max(0.0, remaining(agenda, agenda.current, now)) if agenda.current is not None else 0.0
    share = min(1.0, max(0.0, end - now - open_left) / planned) if planned else 0.0
    return [int(item.planned_seconds * share) for item in coming]
