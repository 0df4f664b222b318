"""Who was there and how long: what the apps above count from."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from maillage.booking.models import Booking
from maillage.conference.models import Attendance


@dataclass(frozen=True, slots=True)
class PartyAttendance:
    """All stays of one party. `left_at` is None while it is still in; `seconds` then runs to when it was last heard."""

    party_id: int
    seconds: int
    joined_at: datetime
    left_at: datetime | None
    stays: int


def attendance_of(booking: Booking) -> list[PartyAttendance]:
    """Return the parties that came to the meeting of `booking`, by first entry. One query."""
    stays: defaultdict[int, list[Attendance]] = defaultdict(list)
    for stay in Attendance.objects.filter(conference__booking=booking).order_by("joined_at", "pk"):
        stays[stay.party_id].append(stay)
    return [_summed(party_id, theirs) for party_id, theirs in stays.items()]


def _summed(party_id: int, stays: list[Attendance]) -> PartyAttendance:
    seconds = sum(((stay.left_at or stay.last_seen_at) - stay.joined_at).total_seconds() for stay in stays)
    is_in = any(stay.left_at is None for stay in stays)
    left = None if is_in else max(stay.left_at for stay in stays if stay.left_at)
    return PartyAttendance(party_id, round(seconds), stays[0].joined_at, left, len(stays))
