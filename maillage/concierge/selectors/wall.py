"""All meetings of this moment as the wall shows them: every site with its state, its sound and its image."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from maillage.booking.models import Booking, BookingStatus, PartyKind
from maillage.concierge.domain.cards import Card, State
from maillage.concierge.domain.wall import Image, Measured, Sound, Turn, image_of, shown_now, sound_of
from maillage.concierge.selectors.board import MeetingRow, SideCard, meeting_row, whole_bookings
from maillage.concierge.selectors.facts import Facts, gather
from maillage.conference.models import Attendance, QualitySample
from maillage.conference.models.meetings import Images
from maillage.core.quarters import quarter_of

MEASURED_WITHIN = timedelta(seconds=12)
"""Pages report every ten seconds; two more for the way."""
COMING = 1
"""Quarters before the start from which a meeting is on the wall."""
ROOM = 4
"""Meetings of three sites that stay readable at three metres on one television."""
TURN_SECONDS = 10


@dataclass(frozen=True, slots=True)
class WallSite:
    """One site. `sound` and `image` are None while it is not in."""

    name: str
    card: Card
    sound: Sound | None
    image: Image | None


@dataclass(frozen=True, slots=True)
class WallMeeting:
    """One meeting of now. It has no title: visitors may walk past the wall."""

    row: MeetingRow
    sites: tuple[WallSite, ...]

    @property
    def is_urgent(self) -> bool:
        """Tell whether somebody should act: trouble, or sound that does not pass."""
        return self.row.state is State.TROUBLE or any(site.sound is Sound.BAD for site in self.sites)


@dataclass(frozen=True, slots=True)
class Wall:
    """What is shown at this moment of `count` meetings, of which `urgent` need somebody and `sites` sites are in."""

    meetings: tuple[WallMeeting, ...]
    turn: Turn
    count: int
    urgent: int
    sites: int


def wall_of(now: datetime) -> Wall:
    """Return what the wall shows of the meetings of `now`. Twelve queries at most, whatever their number."""
    bookings = list(_of_now(now))
    facts, measured = gather(bookings), _measured(now)
    meetings = [_meeting(meeting_row(booking, facts, now), facts, measured) for booking in bookings]
    urgent = [one for one in meetings if one.is_urgent]
    others = [one for one in meetings if not one.is_urgent]
    shown, turn = shown_now(urgent, others, room=ROOM, tick=int(now.timestamp()) // TURN_SECONDS)
    sites = sum(side.is_in for one in meetings for side in one.row.sides)
    return Wall(tuple(shown), turn, len(meetings), len(urgent), sites)


def _of_now(now: datetime) -> QuerySet[Booking]:
    """Meetings that begin within a quarter of an hour, that last, or that somebody is still in."""
    quarter = quarter_of(now)
    somebody = Attendance.objects.filter(conference__booking=OuterRef("pk"), left_at=None)
    lasts = Q(first_quarter__gt=quarter - F("length"))
    coming = whole_bookings().filter(status=BookingStatus.CONFIRMED, first_quarter__lte=quarter + COMING)
    return coming.filter(lasts | Exists(somebody)).order_by("first_quarter", "reference")


@dataclass(frozen=True, slots=True)
class _Lines:
    """By party, the worst measure of the lines to it and from it."""

    missed: dict[int, float]
    frames: dict[int, float]


def _measured(now: datetime) -> _Lines:
    """Return what pages measured lately. One query."""
    lines = _Lines({}, {})
    recent = QualitySample.objects.filter(at__gt=now - MEASURED_WITHIN, attendance__left_at=None).exclude(remote=None)
    wanted = "remote", "attendance__party", "concealed_in", "frames_per_second", "attendance__images"
    for remote, party, missed, frames, images, sound_only in recent.values_list(*wanted, "attendance__sound_only"):
        if missed is not None:
            for side in (remote, party):
                lines.missed[side] = max(missed, lines.missed.get(side, 0.0))
        if frames is not None and images == Images.FULL and not sound_only:
            lines.frames[remote] = min(frames, lines.frames.get(remote, frames))
    return lines


def _meeting(row: MeetingRow, facts: Facts, lines: _Lines) -> WallMeeting:
    return WallMeeting(row, tuple(_site(side, facts, lines) for side in row.sides))


def _site(side: SideCard, facts: Facts, lines: _Lines) -> WallSite:
    stay = next((one for one in facts.stays.get(side.party.pk, ()) if one.left_at is None), None)
    if stay is None:
        return WallSite(side.party.name, side.card, None, None)
    measured = Measured(
        stay.microphone_on,
        stay.camera_on,
        lines.missed.get(side.party.pk),
        lines.frames.get(side.party.pk),
        gives_up=stay.images == Images.NONE,
    )
    has_image = side.party.kind != PartyKind.PHONE
    return WallSite(side.party.name, side.card, sound_of(measured), image_of(measured) if has_image else None)
