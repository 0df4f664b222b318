"""What people say they did: a step of a meeting, a note for the next shift."""

from datetime import datetime

from django.db import transaction

from maillage.booking.models import Booking
from maillage.concierge.domain.runbook import Step
from maillage.concierge.errors import StepUnknown
from maillage.concierge.models import HandoverNote, RunbookStep
from maillage.core.journal import record


@transaction.atomic
def tick_step(*, booking: Booking, step: str, note: str, agent_id: int, now: datetime) -> RunbookStep:
    """Note that a person did a step of a meeting; twice is once. Raises StepUnknown."""
    if step not in {known.value for known in Step}:
        raise StepUnknown
    values = {"done_at": now, "done_by_id": agent_id, "note": note[:200]}
    done, is_new = RunbookStep.objects.get_or_create(booking=booking, step=step, defaults=values)
    if is_new:
        record("runbook.ticked", f"booking:{booking.reference}", through="agent", agent_id=agent_id, step=step)
    return done


@transaction.atomic
def hand_over(*, text: str, agent_id: int, now: datetime) -> HandoverNote:
    """Leave a note for the next shift."""
    note = HandoverNote.objects.create(at=now, agent_id=agent_id, text=text.strip()[:4000])
    record("desk.handed-over", f"handover:{note.pk}", through="agent", agent_id=agent_id)
    return note
