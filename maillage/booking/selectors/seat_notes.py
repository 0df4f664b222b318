"""What people read about their seat, as a letter or as a text message."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext as _

from maillage.booking.gateways.mail import Letter
from maillage.booking.models import Booking, LetterKind, LetterRecord, Seat
from maillage.booking.selectors.broadcasts import LINK_LIVES, seat_address
from maillage.booking.selectors.meetings import Meeting
from maillage.booking.selectors.notes import Note, letter_of_note
from maillage.core.quarters import moment_of
from maillage.core.short_links import shorten
from maillage.core.words import day_words, hour_words, local_moment


@dataclass(frozen=True, slots=True)
class _Words:
    """A letter's subject and first sentence, and the text message. Keys: day, hour, title, place, link."""

    subject: str
    line: str
    text: str


_SAID: Final = {
    LetterKind.SEAT: _Words(
        gettext_noop("Your seat: %(title)s, %(day)s"),
        gettext_noop("A seat is yours. Come ten minutes early; there is nothing to prepare."),
        gettext_noop("Your seat: %(date)s %(hour)s, %(place)s. See it or give it back: %(link)s"),
    ),
    LetterKind.SEAT_WAIT: _Words(
        gettext_noop("On the waiting list: %(title)s, %(day)s"),
        gettext_noop("Every seat is taken there. If one is given back it is yours, and we write to you at once."),
        gettext_noop("Waiting list: %(date)s %(hour)s, %(place)s. We write if a seat is free: %(link)s"),
    ),
    LetterKind.SEAT_SOON: _Words(
        gettext_noop("Tomorrow: %(title)s, %(hour)s"),
        gettext_noop("Your seat is kept. If you cannot come, give it back: somebody may be waiting for it."),
        gettext_noop("Soon: %(date)s %(hour)s, %(place)s. Cannot come? Give your seat back: %(link)s"),
    ),
    LetterKind.SEAT_MOVED: _Words(
        gettext_noop("Moved to %(day)s, %(hour)s: %(title)s"),
        gettext_noop("The session has moved. Your seat follows; give it back if the new hour does not suit you."),
        gettext_noop("Moved: %(date)s %(hour)s, %(place)s. Your seat follows. See it: %(link)s"),
    ),
    LetterKind.SEAT_OFF: _Words(
        gettext_noop("Cancelled: %(title)s, %(day)s"),
        gettext_noop("The session will not take place. You have nothing to do."),
        gettext_noop("Cancelled: the session of %(date)s %(hour)s, %(place)s."),
    ),
}
_MOST_PLACE: Final = 32


def seat_letter(record: LetterRecord, meeting: Meeting) -> Letter | None:
    """Return the letter of `record`, None if its seat was given back meanwhile."""
    seats = Seat.objects.filter(broadcast__booking=meeting.booking, reach=record.recipient, cancelled_at=None)
    seat = seats.select_related("broadcast", "place__party__room__point__commune").first()
    if seat is None:
        return None
    words = _SAID[LetterKind(record.kind)]
    with override(seat.language):
        said = _keys(seat, meeting.booking)
        note = Note(
            gettext(words.subject) % said,
            seat.broadcast.title,
            [gettext(words.line) % said],
            link="" if record.kind == LetterKind.SEAT_OFF else seat_address(seat, meeting.booking),
            link_words=_("See my seat, or give it back"),
            location=_location(seat),
        )
        return letter_of_note(note, record, meeting)


def seat_text(kind: LetterKind, seat: Seat, booking: Booking) -> str:
    """Return the text message of `kind`, its link made short."""
    words = _SAID[kind].text
    with override(seat.language):
        said = _keys(seat, booking)
        until = moment_of(booking.end_quarter) + LINK_LIVES
        link = shorten(seat_address(seat, booking), until) if "%(link)s" in words else ""
        return gettext(words) % {**said, "link": link}


def _keys(seat: Seat, booking: Booking) -> dict[str, str]:
    room = seat.place.party.room
    return {
        "title": seat.broadcast.title,
        "day": day_words(booking.first_quarter, booking.time_zone),
        "date": local_moment(booking.first_quarter, booking.time_zone).strftime("%d/%m"),
        "hour": hour_words(booking.first_quarter, booking.time_zone),
        "place": (room.point.name if room else seat.place.party.name)[:_MOST_PLACE].strip(),
    }


def _location(seat: Seat) -> str:
    room = seat.place.party.room
    if room is None:
        return ""
    town = room.point.commune.name
    street = room.point.address
    return ", ".join(part for part in (room.name, room.point.name, street, "" if town in street else town) if part)
