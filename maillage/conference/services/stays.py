"""Entering, being in, leaving. Every change of who is in is made under the conference's row, and grows its version."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from maillage.booking.errors.turnouts import RoomsGivenBack
from maillage.booking.models import Booking, Party, SignKind
from maillage.booking.services.turnouts import check_in
from maillage.conference.domain.presence import VANISHED_AFTER, Presence, has_vanished
from maillage.conference.errors import MeetingOver, MessageUnknown, NoPlaceLeft, NotIn, NotPresent, OpenElsewhere
from maillage.conference.events import PartyEntered, PartyLeft
from maillage.conference.models import Attendance, Conference, LeaveReason, ShareKind
from maillage.conference.selectors import presence_of
from maillage.conference.services.conduct import follow_presence
from maillage.conference.services.recordings import follow_recording
from maillage.conference.services.shares import close_shares, note_share
from maillage.conference.services.telling import tell_inside
from maillage.core.events import publish
from maillage.core.journal import record


@dataclass(frozen=True, slots=True)
class Screen:
    """The screen that enters: `connection` survives a reload, `page` does not."""

    connection: str
    page: str
    device: str = ""
    microphone: bool = False
    camera: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A stay that began or went on, and who is in."""

    stay_id: int
    presence: Presence


def open_conference(booking_id: UUID) -> Conference:
    """Return the conference of a booking, made if nobody has come yet."""
    return Conference.objects.get_or_create(booking_id=booking_id)[0]


def locked(conference_id: int) -> Conference:
    """Return a conference whose presence nobody else changes until the present transaction ends."""
    return Conference.objects.select_for_update().get(pk=conference_id)


def _grow(conference: Conference, *fields: str) -> int:
    conference.presence_version += 1
    conference.save(update_fields=["presence_version", *fields])
    return conference.presence_version


def close_stay(stay: Attendance, reason: LeaveReason, at: datetime, booking_id: UUID) -> None:
    """End `stay` at `at`, not before it began."""
    stay.left_at, stay.leave_reason = max(at, stay.joined_at), reason
    stay.save(update_fields=["left_at", "leave_reason"])
    close_shares(stay.party_id, stay.left_at)
    publish(PartyLeft(booking_id, stay.party_id, reason))


@transaction.atomic
def enter_meeting(
    *,
    conference_id: int,
    party_id: int,
    screen: Screen,
    take_over: bool = False,
    most_sites: int | None = None,
    now: datetime,
) -> Entry:
    """Begin the stay of a party with `screen`, or go on with it: the same screen comes back without a question.

    most_sites: how many sides can be linked, None for any number. Raises MeetingOver, NoPlaceLeft, MessageUnknown if
    the page's name is another side's, or OpenElsewhere if the party is in with another screen and not `take_over`.
    """
    conference = locked(conference_id)
    if conference.ended_at is not None:
        raise MeetingOver
    stay = Attendance.objects.filter(party_id=party_id, left_at=None).first()
    if stay and stay.connection != screen.connection:
        vanished = has_vanished(stay.last_seen_at, now)
        if not (vanished or take_over):
            raise OpenElsewhere
        reason, at = (LeaveReason.LOST, stay.last_seen_at) if vanished else (LeaveReason.MOVED, now)
        close_stay(stay, reason, at, conference.booking_id)
        stay = None
    _refuse_name_of_another(screen.page, conference, party_id)
    if stay is None and most_sites is not None:
        _refuse_beyond(most_sites, conference, party_id, now)
    conference.started_at = conference.started_at or now
    version = _grow(conference, "started_at")
    if stay is None:
        stay = Attendance(conference=conference, party_id=party_id, connection=screen.connection, joined_at=now)
        _give_sign(conference.booking_id, party_id, now)
        publish(PartyEntered(conference.booking_id, party_id))
    if stay.page != screen.page:
        note_share(conference.pk, party_id, ShareKind.SCREEN, is_on=False, now=now)
        stay.page, stay.entered_version, stay.screen_on = screen.page, version, False
    stay.microphone_on, stay.camera_on = screen.microphone, screen.camera
    stay.device, stay.last_seen_at = screen.device, now
    stay.save()
    follow_presence(conference, now)
    follow_recording(conference.pk, now)
    return Entry(stay.pk, presence_of(conference))


def _refuse_beyond(most: int, conference: Conference, party_id: int, now: datetime) -> None:
    """Raises NoPlaceLeft if as many other sides are in and still heard."""
    others = Attendance.objects.filter(conference=conference, left_at=None, last_seen_at__gte=now - VANISHED_AFTER)
    if others.exclude(party=party_id).count() >= most:
        raise NoPlaceLeft(most=most)


def _refuse_name_of_another(page: str, conference: Conference, party_id: int) -> None:
    """Raises MessageUnknown if another side is in with that page: names are drawn, nobody has one by chance."""
    if Attendance.objects.filter(conference=conference, page=page, left_at=None).exclude(party=party_id).exists():
        raise MessageUnknown


def _give_sign(booking_id: UUID, party_id: int, now: datetime) -> None:
    """Tell the booking that its people are there. Raises MeetingOver if its rooms were given back a moment before."""
    try:
        check_in(booking_id=booking_id, sign=SignKind.ENTERED, party_id=party_id, now=now)
    except RoomsGivenBack as gone:
        raise MeetingOver from gone


def touch_stay(*, stay_id: int, now: datetime) -> bool:
    """Note that a stay goes on; tell whether it was still open."""
    return bool(Attendance.objects.filter(pk=stay_id, left_at=None).update(last_seen_at=now))


@transaction.atomic
def change_state(
    *, stay_id: int, microphone: bool, camera: bool, screen: bool, sound_only: bool, images: str = "full", now: datetime
) -> Presence:
    """Note what a screen sends and wants. Raises NotIn if its stay is over."""
    conference = _conference_of(stay_id)
    stay = Attendance.objects.filter(pk=stay_id, left_at=None).first()
    if stay is None:
        raise NotIn
    if stay.screen_on != screen:
        note_share(conference.pk, stay.party_id, ShareKind.SCREEN, is_on=screen, now=now)
    stay.microphone_on, stay.camera_on, stay.screen_on, stay.sound_only = microphone, camera, screen, sound_only
    stay.images, stay.last_seen_at = images, now
    stay.save(update_fields=["microphone_on", "camera_on", "screen_on", "sound_only", "images", "last_seen_at"])
    _grow(conference)
    return presence_of(conference)


def inside(stay_id: int) -> tuple[Conference, Party]:
    """Return the conference, locked, and the side of a stay that goes on. Raises NotIn."""
    conference = _conference_of(stay_id)
    stay = Attendance.objects.filter(pk=stay_id, left_at=None).select_related("party").first()
    if stay is None:
        raise NotIn
    return conference, stay.party


def inside_id(stay_id: int) -> tuple[int, int]:
    """Return the conference and the side of a stay that goes on, unlocked. Raises NotIn. One query."""
    found = Attendance.objects.filter(pk=stay_id, left_at=None).values_list("conference_id", "party_id").first()
    if found is None:
        raise NotIn
    return found


@transaction.atomic
def rename_party(*, stay_id: int, name: str, head_count: int, party_id: int | None = None) -> Presence:
    """Change how a side that is in is shown to all, on its booking too: one's own, or `party_id`; everyone is told.

    Raises NotIn if the stay is over, NotPresent if the other side is not in.
    """
    conference, me = inside(stay_id)
    party = me if party_id in {None, me.pk} else present_party(conference, party_id)
    Party.objects.filter(pk=party.pk).update(name=name, head_count=head_count)
    if party.pk != me.pk:
        subject = f"booking:{conference.booking.reference}"
        record("conference.renamed", subject, through="link", party=party.pk, by=me.pk)
        note = {"type": "note", "what": "renamed", "by": me.pk, "party": party.pk, "name": name}
        tell_inside(conference.pk, note)
    _grow(conference)
    return presence_of(conference)


def present_party(conference: Conference, party_id: int | None) -> Party:
    """Return a side of the meeting that is in. Raises NotPresent."""
    stay = (
        Attendance.objects.filter(conference=conference, party=party_id, left_at=None).select_related("party").first()
    )
    if stay is None:
        raise NotPresent
    found: Party = stay.party
    return found


@transaction.atomic
def leave_meeting(*, stay_id: int, now: datetime) -> Presence:
    """End a stay because its party left. Leaving twice is harmless."""
    conference = _conference_of(stay_id)
    stay = Attendance.objects.filter(pk=stay_id, left_at=None).first()
    if stay:
        close_stay(stay, LeaveReason.LEFT, now, conference.booking_id)
        _grow(conference)
        follow_presence(conference, now)
        follow_recording(conference.pk, now)
    return presence_of(conference)


def sweep_vanished(*, conference_id: int, now: datetime) -> tuple[Presence, list[int]] | None:
    """End the stays not heard for VANISHED_AFTER; return who is left and who vanished, None if nobody did.

    Called at every beat: one query when all is well.
    """
    silent = Attendance.objects.filter(conference_id=conference_id, left_at=None, last_seen_at__lt=now - VANISHED_AFTER)
    if not silent.exists():
        return None
    with transaction.atomic():
        conference = locked(conference_id)
        gone = list(silent.all())
        for stay in gone:
            close_stay(stay, LeaveReason.LOST, stay.last_seen_at, conference.booking_id)
        _grow(conference)
        follow_presence(conference, now)
        follow_recording(conference.pk, now)
        return presence_of(conference), [stay.party_id for stay in gone]


def _conference_of(stay_id: int) -> Conference:
    return locked(Attendance.objects.values_list("conference_id", flat=True).get(pk=stay_id))


def booking_of(conference: Conference) -> Booking:
    """Return the booking behind a conference, as it is now."""
    return Booking.objects.get(pk=conference.booking_id)
