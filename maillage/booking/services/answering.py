"""What runs by itself while points are asked: a reminder, then somebody else asked, then the end of the request."""

from datetime import datetime

from maillage.booking.domain.openings import reminder_times
from maillage.booking.models import BookingStatus, HostLevel, LetterKind, OpeningRequest, OpeningStatus
from maillage.booking.selectors.openings import asked_with, contacts_of, first_asked
from maillage.booking.services.notices import write_to_hosts
from maillage.booking.services.openings import close_opening
from maillage.core.journal import record


def follow_openings(now: datetime) -> int:
    """Remind, ask others, and end the requests whose time is over; return how many were touched. Harmless twice."""
    waiting = OpeningRequest.objects.filter(
        status__in=[OpeningStatus.ASKED, OpeningStatus.PROPOSED], booking__status=BookingStatus.ASKED
    )
    touched = 0
    for opening in waiting.select_related("point", "booking").order_by("deadline", "pk")[:500]:
        if now >= opening.deadline:
            touched += close_opening(opening_id=opening.pk, now=now)
        elif opening.status == OpeningStatus.ASKED:
            touched += _insist(opening, now)
    return touched


def _insist(opening: OpeningRequest, now: datetime) -> bool:
    """Write again to the point, then to whoever comes next, once each; of a series, about the first that waits."""
    if any(other.booking.first_quarter < opening.booking.first_quarter for other in asked_with(opening)):
        return False
    remind_at, escalate_at = reminder_times(opening.asked_at, opening.deadline)
    if opening.escalated_at is None and now >= escalate_at:
        return _write_once(opening, "escalated_at", now)
    if opening.reminded_at is None and opening.escalated_at is None and now >= remind_at:
        return _write_once(opening, "reminded_at", now)
    return False


def _write_once(opening: OpeningRequest, step: str, now: datetime) -> bool:
    """Note a step and write its letters, if no other process has. The update decides which."""
    same = OpeningRequest.objects.filter(pk=opening.pk, round=opening.round, **{f"{step}__isnull": True})
    if not same.filter(status=OpeningStatus.ASKED).update(**{step: now}):
        return False
    contacts = contacts_of(opening.point)
    first = first_asked(contacts)
    if step == "reminded_at":
        write_to_hosts(opening, LetterKind.HOST_REMINDED, first, now=now)
    else:
        others = [contact for contact in contacts if contact not in first]
        write_to_hosts(opening, LetterKind.HOST_ESCALATED, others or first, now=now)
    levels = sorted({HostLevel(contact.level).value for contact in contacts})
    record(f"opening.{step.removesuffix('_at')}", f"booking:{opening.booking.reference}", through="task", asked=levels)
    return True
