"""What minutes hold: who was there, what was decided, who does what by when. No Django, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

LONGEST_TEXT = 20_000
MOST_ACTIONS = 40


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do: what, who, and by when if it was said."""

    what: str
    who: str = ""
    due: date | None = None

    def as_json(self) -> dict[str, str]:
        """Return what is kept."""
        return {"what": self.what, "who": self.who, "due": self.due.isoformat() if self.due else ""}


@dataclass(frozen=True, slots=True)
class Draft:
    """Minutes as they are written."""

    present: str = ""
    decisions: str = ""
    actions: tuple[Action, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing was decided and nothing is to be done: there is nothing to send."""
        return not self.decisions.strip() and not self.actions


def read_actions(kept: Iterable[Mapping[str, str]]) -> tuple[Action, ...]:
    """Return the actions that were kept."""
    return tuple(
        Action(one["what"], one.get("who", ""), date.fromisoformat(one["due"]) if one.get("due") else None)
        for one in kept
    )


def worth_keeping(rows: Iterable[tuple[str, str, date | None]]) -> tuple[Action, ...]:
    """Return the rows that say something, in their order, at most MOST_ACTIONS."""
    said = (Action(what.strip(), who.strip(), due) for what, who, due in rows)
    return tuple(action for action in said if action.what or action.who)[:MOST_ACTIONS]
