"""How a meeting ends: a party ends it for all, the last one leaves after its time, or its time passes, nobody in."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from maillage.booking.models import Booking, BookingStatus
from maillage.booking.services import complete_booking
from maillage.conference.domain.presence import VANISHED_AFTER
from maillage.conference.models import Attendance, Conference, EndReason, LeaveReason
from maillage.conference.services.recordings import stop_recording
from maillage.conference.services.stays import booking_of, close_stay, locked, open_conference
from maillage.core.journal import Door, record
from maillage.core.quarters import moment_of, quarter_of

GRACE = timedelta(minutes=5)


@transaction.atomic
def end_meeting(
    *, conference_id: int, reason: EndReason, now: datetime, party_id: int | None = None, through: Door = "link"
) -> bool:
    """End a meeting: its stays end, its booking is done and counted. False if it was over already."""
    conference = locked(conference_id)
    if conference.ended_at is not None:
        return False
    for stay in Attendance.objects.filter(conference=conference, left_at=None):
        vanished = now - stay.last_seen_at > VANISHED_AFTER
        close_stay(
            stay,
            LeaveReason.LOST if vanished else LeaveReason.ENDED,
            stay.last_seen_at if vanished else now,
            conference.booking_id,
        )
    stop_recording(conference_id=conference.pk, now=now, party_id=party_id)
    conference.ended_at, conference.end_reason, conference.ended_by_id = now, reason, party_id
    conference.presence_version += 1
    conference.save()
    booking = booking_of(conference)
    record("conference.ended", f"booking:{booking.reference}", through=through, reason=str(reason), party=party_id)
    if booking.status == BookingStatus.CONFIRMED:
        complete_booking(booking_id=booking.pk, now=now, through=through)
    return True


def end_if_emptied(*, conference_id: int, now: datetime) -> bool:
    """End a meeting that its last party left after its planned end. Tell whether it did."""
    if Attendance.objects.filter(conference_id=conference_id, left_at=None).exists():
        return False
    booking = Booking.objects.get(conference=conference_id)
    if now < moment_of(booking.end_quarter):
        return False
    return end_meeting(conference_id=conference_id, reason=EndReason.EMPTIED, now=now)


def close_finished(now: datetime) -> int:
    """End every meeting whose time has been over for GRACE with nobody in; return how many. Harmless to run twice."""
    limit = quarter_of(now - GRACE)
    fresh = Attendance.objects.filter(left_at=None, last_seen_at__gte=now - VANISHED_AFTER)
    finished = (
        Booking.objects.filter(status=BookingStatus.CONFIRMED)
        .alias(end=F("first_quarter") + F("length"))
        .filter(end__lte=limit)
        .exclude(pk__in=fresh.values("conference__booking"))
    )
    return sum(_close(booking, now) for booking in finished)


def _close(booking: Booking, now: datetime) -> bool:
    conference: Conference = open_conference(booking.pk)
    came = conference.attendances.exists()
    reason = EndReason.TIME_OVER if came else EndReason.NOBODY_CAME
    return end_meeting(conference_id=conference.pk, reason=reason, now=now, through="task")
