"""Ended meetings with fixed values, and what their parties did. Tuesday 24 November 2026, 10:00 in Paris."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from maillage.booking.models import Booking, BookingStatus, Party, PartyKind
from maillage.conference.models import Attendance, Conference, EndReason, LeaveReason
from maillage.core.quarters import quarter_at
from maillage.points.models import Room
from maillage.points.tests.factories import make_point, make_room
from maillage.territory.models import Commune
from maillage.territory.tests.factories import make_commune
from maillage.usage.models import Use
from maillage.usage.services import compute_use

TEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AFTER = TEN + timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Side:
    """A party to make: where it comes from, whether it has a room there, when it came and left, in minutes."""

    commune: str = "Callac"
    people: int = 2
    mode: str = ""
    kind: str = PartyKind.ROOM
    came: tuple[int, int] | None = (0, 60)
    access_km: float = 0.0
    country: str = "FR"


CALLAC = Side(mode="car-alone", access_km=3.0)
RENNES = Side("Rennes", people=3)


def make_ended(
    sides: Sequence[Side] = (CALLAC, RENNES),
    *,
    start: datetime = TEN,
    status: str = BookingStatus.DONE,
    cause: str = "",
    category: str = "association",
) -> Booking:
    """Make a booking of one hour that is over, with the presence of its sides."""
    number = Booking.objects.count() + 1
    booking = Booking.objects.create(
        reference=f"U{number:03}-M4",
        status=status,
        first_quarter=quarter_at(start),
        length=4,
        request_key=f"ended-{number}",
        category=category,
        organiser_name="Anne Le Goff",
        organiser_email="anne@example.org",
        cancel_cause=cause,
        ended_at=start + timedelta(hours=1),
    )
    conference = Conference.objects.create(
        booking=booking, started_at=start, ended_at=start + timedelta(hours=1), end_reason=EndReason.ENDED
    )
    for position, side in enumerate(sides):
        party = _party(booking, position, side)
        if side.came:
            _attend(conference, party, start, *side.came)
    return booking


def make_use(sides: Sequence[Side] = (CALLAC, RENNES), *, start: datetime = TEN, category: str = "association") -> Use:
    """Make an ended booking and count it."""
    use = compute_use(booking_id=make_ended(sides, start=start, category=category).pk, now=start + timedelta(hours=2))
    assert use is not None
    return use


def _party(booking: Booking, position: int, side: Side) -> Party:
    commune = make_commune(side.commune) if side.commune else None
    return Party.objects.create(
        booking=booking,
        position=position,
        kind=side.kind,
        name=side.commune or "Invité",
        head_count=side.people,
        origin=commune,
        country=side.country,
        room=_room(commune) if side.kind == PartyKind.ROOM and commune else None,
        travel_mode=side.mode,
        access_km=side.access_km,
        access_minutes=round(side.access_km),
    )


def _room(commune: Commune) -> Room:
    return make_room(make_point(commune=commune))


def _attend(conference: Conference, party: Party, start: datetime, came: int, left: int) -> None:
    Attendance.objects.create(
        conference=conference,
        party=party,
        connection=f"screen-{party.pk}",
        page=f"page-{party.pk}",
        joined_at=start + timedelta(minutes=came),
        last_seen_at=start + timedelta(minutes=left),
        left_at=start + timedelta(minutes=left),
        leave_reason=LeaveReason.LEFT,
    )
