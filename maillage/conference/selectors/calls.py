"""From a dialled code to the meeting it opens."""

from dataclasses import dataclass
from datetime import datetime

from maillage.booking.models import Booking
from maillage.conference.domain.door import Door, door_at
from maillage.conference.models import Conference, DialCode
from maillage.conference.selectors.guests import opening
from maillage.core.quarters import moment_of


@dataclass(frozen=True, slots=True)
class DialledMeeting:
    """The meeting behind a code and the state of its door."""

    booking: Booking
    conference: Conference | None
    door: Door


def meeting_by_code(code: str, now: datetime) -> DialledMeeting | None:
    """Return the meeting that `code` opens, None for a code nobody has. One query."""
    found = DialCode.objects.select_related("booking__conference").filter(code=code, released_at=None).first()
    if found is None:
        return None
    booking = found.booking
    conference: Conference | None = getattr(booking, "conference", None)
    door = door_at(
        status=booking.status,
        is_over=conference is not None and conference.ended_at is not None,
        start=moment_of(booking.first_quarter),
        end=moment_of(booking.end_quarter),
        opening=opening(),
        now=now,
    )
    return DialledMeeting(booking, conference, door)
