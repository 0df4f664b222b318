"""A letter composed from what the booking says now, in its own language."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext as _

from maillage.booking.gateways.calendar import Invitation, Method, Person, calendar_file, calendar_of_many
from maillage.booking.gateways.mail import Letter, lay_out, sender_address
from maillage.booking.models import Booking, BookingStatus, CancelCause, LetterKind, LetterRecord
from maillage.booking.selectors.meetings import Meeting, Side, meetings_told_with
from maillage.booking.selectors.notes import COMPANIONS, companion_letter
from maillage.booking.selectors.seat_notes import seat_letter
from maillage.booking.words import way_of_joining
from maillage.core.theme import current_network
from maillage.core.words import day_words, hour_words, typography


@dataclass(frozen=True, slots=True)
class _Words:
    """What a kind of letter says. Keys: day, hour, organiser, place (the reader's), places, reference."""

    subject: str
    heading: str
    opening: str


_ORGANISER: Final = {
    LetterKind.CONFIRMATION: _Words(
        gettext_noop("Booked: %(day)s, %(hour)s (%(reference)s)"),
        gettext_noop("Your meeting is booked."),
        gettext_noop("The rooms are yours. Keep this message: it holds the link of each place."),
    ),
    LetterKind.CHANGE: _Words(
        gettext_noop("Moved to %(day)s, %(hour)s (%(reference)s)"),
        gettext_noop("Your meeting has moved."),
        gettext_noop("The rooms follow, and the links stay the same. Your calendar is brought up to date."),
    ),
    LetterKind.NEW_ROOM: _Words(
        gettext_noop("Another place, %(day)s, %(hour)s (%(reference)s)"),
        gettext_noop("Your meeting takes place elsewhere."),
        gettext_noop("The hour and the links stay the same. The place is below, and your calendar is up to date."),
    ),
    LetterKind.CANCELLATION: _Words(
        gettext_noop("Cancelled: %(day)s, %(hour)s (%(reference)s)"),
        gettext_noop("Your meeting is cancelled."),
        gettext_noop("The rooms are free again. The people you had invited are told."),
    ),
    LetterKind.DAY_BEFORE: _Words(
        gettext_noop("Tomorrow at %(hour)s: your meeting"),
        gettext_noop("Your meeting is tomorrow."),
        gettext_noop("Come ten minutes early the first time. Everything you need is below."),
    ),
    LetterKind.HALF_HOUR: _Words(
        gettext_noop("At %(hour)s: your meeting"),
        gettext_noop("Your meeting begins in half an hour."),
        gettext_noop("Open your link to see and hear yourself, then press “Enter”."),
    ),
}
_DESERTED: Final = {
    True: _Words(
        gettext_noop("Given back: %(day)s, %(hour)s (%(reference)s)"),
        gettext_noop("Nobody came: the rooms were given back."),
        gettext_noop("We had asked whether you were there. If you were, tell the place, and take the rooms again."),
    ),
    False: _Words(
        gettext_noop("Given back: your meeting with %(organiser)s, %(day)s"),
        gettext_noop("Nobody came: the rooms of your meeting with %(organiser)s were given back."),
        gettext_noop("If you are there, call the place at once: the room may still be free."),
    ),
}
_GUEST: Final = {
    LetterKind.INVITATION: _Words(
        gettext_noop("%(organiser)s invites you: %(day)s, %(hour)s"),
        gettext_noop("%(organiser)s invites you to meet, without the road."),
        gettext_noop("A room is kept for you near you. There is nothing to install and nothing to prepare."),
    ),
    LetterKind.CHANGE: _Words(
        gettext_noop("Moved to %(day)s, %(hour)s: your meeting with %(organiser)s"),
        gettext_noop("Your meeting with %(organiser)s has moved."),
        gettext_noop("Your link stays the same. Your calendar is brought up to date."),
    ),
    LetterKind.NEW_ROOM: _Words(
        gettext_noop("A place has changed, %(day)s, %(hour)s: your meeting with %(organiser)s"),
        gettext_noop("A room has changed for your meeting with %(organiser)s."),
        gettext_noop("The hour and your link stay the same. Your place is below, and your calendar is up to date."),
    ),
    LetterKind.CANCELLATION: _Words(
        gettext_noop("Cancelled: your meeting with %(organiser)s, %(day)s"),
        gettext_noop("Your meeting with %(organiser)s is cancelled."),
        gettext_noop("You have nothing to do: your calendar is brought up to date."),
    ),
    LetterKind.DAY_BEFORE: _Words(
        gettext_noop("Tomorrow at %(hour)s: your meeting with %(organiser)s"),
        gettext_noop("Your meeting with %(organiser)s is tomorrow."),
        gettext_noop("Come ten minutes early the first time. Everything you need is below."),
    ),
    LetterKind.HALF_HOUR: _Words(
        gettext_noop("At %(hour)s: your meeting with %(organiser)s"),
        gettext_noop("Your meeting with %(organiser)s begins in half an hour."),
        gettext_noop("Open your link to see and hear yourself, then press “Enter”."),
    ),
}
_ELSEWHERE: Final = {
    "browser": gettext_noop("You join from your computer. There is nothing to install."),
    "sip": gettext_noop("You join from your videoconference terminal: what it calls is on your page."),
    "phone": gettext_noop("You join by telephone: the number and the code are on your page."),
}
_WITHOUT_CALENDAR: Final = frozenset({LetterKind.DAY_BEFORE, LetterKind.HALF_HOUR})


def letter_for(record: LetterRecord, meeting: Meeting) -> Letter | None:
    """Return `record` composed for its reader, a party or somebody around; None if it lost its reason to be."""
    if record.kind.startswith("seat"):
        return seat_letter(record, meeting)
    if record.kind in COMPANIONS:
        return companion_letter(record, meeting, meeting.side(record.party.position) or meeting.sides[0])
    return letter_of(record, meeting)


def letter_of(record: LetterRecord, meeting: Meeting) -> Letter:
    """Return `record` composed for its reader, in the booking's language."""
    booking = meeting.booking
    side = meeting.side(record.party.position) or meeting.sides[0]
    kind = LetterKind(record.kind)
    with override(booking.language):
        words = _words(kind, side, booking)
        said = {
            "day": day_words(booking.first_quarter, booking.time_zone),
            "hour": hour_words(booking.first_quarter, booking.time_zone),
            "organiser": booking.organiser_name,
            "reference": booking.reference,
        }
        context: dict[str, object] = {
            "meeting": meeting,
            "booking": booking,
            "side": side,
            "kind": kind.value,
            "heading": typography(gettext(words.heading) % said),
            "opening": typography(gettext(_opening(words, kind, side)) % said),
            "location": location_words(side),
            "network": current_network(),
            "help_phone": settings.HELP_PHONE,
            "base_url": settings.BASE_URL,
            "language": booking.language,
        }
        dates = _dates(kind, meeting)
        if dates:
            context |= {"dates": [(one.booking, _link(one, side)) for one in dates]}
        method = Method.CANCEL if kind is LetterKind.CANCELLATION else Method.REQUEST
        calendar = b""
        if kind not in _WITHOUT_CALENDAR:
            if dates:
                method = Method.PUBLISH
                mine = [(one, one.side(side.party.position) or side) for one in dates]
                calendar = calendar_of_many([invitation_of(one, there) for one, there in mine])
            else:
                calendar = calendar_file(invitation_of(meeting, side, record.recipient), method)
        return Letter(
            to=record.recipient,
            subject=_subject(words, said, len(dates)),
            text=render_to_string("booking/mail/letter.txt", context),
            html=lay_out("booking/mail/letter.mjml.html", context),
            message_id=f"<{booking.pk}.{kind.value}.{record.sequence}.{side.party.position}@{_domain()}>",
            language=booking.language,
            reply_to="" if side.is_organiser else booking.organiser_email,
            calendar=calendar,
            method=method,
        )


def _words(kind: LetterKind, side: Side, booking: Booking) -> _Words:
    if kind is LetterKind.CANCELLATION and booking.cancel_cause == CancelCause.NO_SHOW:
        return _DESERTED[side.is_organiser]
    return (_ORGANISER if side.is_organiser else _GUEST)[kind]


def _dates(kind: LetterKind, meeting: Meeting) -> list[Meeting]:
    """Return the meetings of the series that one letter tells together, none for a meeting that is alone."""
    told_together = kind in {LetterKind.CONFIRMATION, LetterKind.INVITATION}
    if not told_together or meeting.booking.series_id is None:
        return []
    dates = meetings_told_with(meeting.booking)
    return dates if len(dates) > 1 else []


def _link(meeting: Meeting, reader: Side) -> str:
    """Return what the reader opens: the organiser the page of a date, a guest their own door."""
    side = meeting.side(reader.party.position)
    return meeting.page if reader.is_organiser or side is None else side.door


def _subject(words: _Words, said: dict[str, str], dates: int) -> str:
    subject = gettext(words.subject) % said
    return (
        _("%(subject)s, and %(others)s other dates") % {"subject": subject, "others": dates - 1} if dates else subject
    )


def invitation_of(meeting: Meeting, side: Side, recipient: str = "") -> Invitation:
    """Return the calendar entry of one side, in the active language. `recipient` is asked to answer, if given."""
    booking = meeting.booking
    subject = booking.title or _("Videoconference: %(places)s") % {"places": meeting.places}
    link = meeting.page if side.is_organiser else side.door
    organiser = Person(booking.organiser_name, booking.organiser_email)
    attendee = None
    if recipient:
        attendee = organiser if side.is_organiser else Person(side.party.name, recipient)
    return Invitation(
        uid=f"{booking.pk}@{_domain()}",
        sequence=booking.sequence + (booking.status == BookingStatus.CANCELLED),
        summary=subject,
        description=_description(meeting, side),
        location=location_words(side),
        url=link,
        start=meeting.start,
        end=meeting.end,
        zone=meeting.zone,
        stamp=timezone.now(),
        organiser=organiser,
        sender=sender_address(),
        attendee=attendee,
        position=(side.point.latitude, side.point.longitude) if side.point else None,
        alarm_words=_("Your meeting begins in half an hour."),
    )


def location_words(side: Side) -> str:
    """Return « Salle Argoat, Espace Kerguiniou, 1 rue de la Gare, Callac », or that they join from a computer."""
    room, point = side.room, side.point
    if room is None or point is None:
        return way_of_joining(side.party.kind, side.party.address)
    return ", ".join(dict.fromkeys(part for part in (room.name, point.name, side.address) if part))


def _opening(words: _Words, kind: LetterKind, side: Side) -> str:
    if kind is not LetterKind.INVITATION or side.room is not None:
        return words.opening
    return _ELSEWHERE.get(side.party.kind, _ELSEWHERE["browser"])


def _description(meeting: Meeting, side: Side) -> str:
    context = {"meeting": meeting, "booking": meeting.booking, "side": side, "help_phone": settings.HELP_PHONE}
    return render_to_string("booking/mail/calendar.txt", context).strip()


def _domain() -> str:
    return urlsplit(settings.BASE_URL).hostname or "localhost"
