"""Short letters around a meeting, to people who are none of its parties: who accompanies it, who has a seat at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from maillage.actors.models import Part, Role
from maillage.booking.gateways.mail import Letter, lay_out
from maillage.booking.models import Booking, LetterKind, LetterRecord, Party
from maillage.booking.selectors.meetings import Meeting, Side
from maillage.core.theme import current_network
from maillage.core.words import day_words, hour_words, typography

COMPANIONS = frozenset({LetterKind.COMPANION, LetterKind.NO_COMPANION})


@dataclass(frozen=True, slots=True)
class Note:
    """What a short letter says: its subject, a heading, some sentences, one thing to do."""

    subject: str
    heading: str
    lines: Sequence[str]
    link: str = ""
    link_words: str = ""
    title: str = ""
    location: str = ""
    reply_to: str = ""


def companions_of(booking: Booking) -> list[tuple[Party, str]]:
    """Return who may sit beside the organiser's people: the facilitators of their room's host, else its own address."""
    parties = booking.parties.filter(room__isnull=False).select_related("room__point").order_by("position")
    party = parties.first()
    if party is None or party.room is None:
        return []
    roles = Role.objects.filter(
        organisation=party.room.point.host_id, part=Part.FACILITATOR, user__is_active=True
    ).order_by("pk")
    emails = list(roles.values_list("user__email", flat=True)) or [party.room.point.recipient]
    return [(party, email) for email in dict.fromkeys(emails) if email]


def companion_letter(record: LetterRecord, meeting: Meeting, side: Side) -> Letter:
    """Return the letter that asks somebody to accompany a first session, or tells them it is cancelled."""
    booking = meeting.booking
    with override(settings.LANGUAGE_CODE):
        day, hour = (
            day_words(booking.first_quarter, booking.time_zone),
            hour_words(booking.first_quarter, booking.time_zone),
        )
        said = {"who": booking.organiser_name, "day": day, "hour": hour, "phone": booking.organiser_phone}
        if record.kind == LetterKind.NO_COMPANION:
            subject = _("Nobody to accompany any more: %(day)s, %(hour)s") % said
            lines = [_("%(who)s's meeting is cancelled: your time is free again.") % said]
        else:
            subject = _("To accompany: a first session, %(day)s, %(hour)s") % said
            lines = [
                _("%(who)s meets by video for the first time and asked for somebody beside them, from start to end.")
                % said,
                _("Be there ten minutes early: open the room, sit them down, press the button with them."),
                _("If you cannot, tell the concierge at once: somebody else will come, or help from afar."),
            ]
            if booking.organiser_phone:
                lines.append(_("Their telephone: %(phone)s") % said)
        note = Note(
            subject,
            subject,
            lines,
            link=f"{settings.BASE_URL}/planning?jour={meeting.start:%Y-%m-%d}",
            link_words=_("See the planning of the rooms"),
            location=", ".join(part for part in (side.point.name if side.point else "", side.address) if part),
        )
        return letter_of_note(note, record, meeting)


def letter_of_note(note: Note, record: LetterRecord, meeting: Meeting) -> Letter:
    """Return `note` as a mail, in the active language."""
    context = {
        "booking": meeting.booking,
        "heading": typography(note.heading),
        "lines": [typography(line) for line in note.lines],
        "link": note.link,
        "link_words": note.link_words,
        "title": note.title or meeting.booking.title,
        "location": note.location,
        "network": current_network(),
        "help_phone": settings.HELP_PHONE,
        "language": meeting.booking.language,
    }
    domain = urlsplit(settings.BASE_URL).hostname or "localhost"
    return Letter(
        to=record.recipient,
        subject=note.subject,
        text=render_to_string("booking/mail/note.txt", context),
        html=lay_out("booking/mail/note.mjml.html", context),
        message_id=f"<{record.pk}.{record.kind}.{record.sequence}@{domain}>",
        language=meeting.booking.language,
        reply_to=note.reply_to,
    )
