"""Write to the journal. Called by services, inside their transaction: an act without its line cannot exist."""

from typing import Any, Literal

from django.utils import timezone

from maillage.core.models import JournalEntry

Door = Literal["link", "agent", "api", "task", "station", "command"]


def record(verb: str, subject: str, *, through: Door, agent_id: int | None = None, **details: Any) -> None:
    """Add one line: `verb` as in "booking.confirmed", `subject` as in "booking:K7Q2-M4"."""
    JournalEntry.objects.create(
        at=timezone.now(), verb=verb, subject=subject, through=through, agent_id=agent_id, details=details
    )
