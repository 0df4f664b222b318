"""Write to the journal. Called by services, inside their transaction: an act without its line cannot exist."""

from typing import Any, Literal

from django.utils import timezone

from maillage.core.models import JournalEntry
from maillage.core.rows import insert_rows

Door = Literal["link", "agent", "api", "task", "station", "command"]


def record(verb: str, subject: str, *, through: Door, agent_id: int | None = None, **details: Any) -> None:
    """Add one line: `verb` as in "booking.confirmed", `subject` as in "booking:K7Q2-M4"."""
    insert_rows([journal_line(verb, subject, through=through, agent_id=agent_id, **details)])


def journal_line(
    verb: str, subject: str, *, through: Door, agent_id: int | None = None, **details: Any
) -> JournalEntry:
    """Return the line that `record` adds, not saved, for who inserts it with other rows."""
    return JournalEntry(
        at=timezone.now(), verb=verb, subject=subject, through=through, agent_id=agent_id, details=details
    )
