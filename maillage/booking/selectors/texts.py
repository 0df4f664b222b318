"""A text message composed from what the booking says now: short enough, as a rule, for one message (160 places)."""

from typing import Final

from django.utils.translation import gettext, gettext_noop, override

from maillage.booking.models import LetterKind
from maillage.booking.selectors.bookings import LINK_LIVES
from maillage.booking.selectors.meetings import Meeting
from maillage.booking.selectors.turnouts import presence_address
from maillage.core.quarters import moment_of
from maillage.core.short_links import shorten
from maillage.core.words import hour_words, local_moment

_MOST_PLACE: Final = 32
SAID: Final = {
    LetterKind.CONFIRMATION: gettext_noop(
        "Booked: %(day)s %(hour)s, %(place)s (%(reference)s). Your meeting: %(page)s"
    ),
    LetterKind.CHANGE: gettext_noop("Moved to %(day)s %(hour)s, %(place)s (%(reference)s). Your meeting: %(page)s"),
    LetterKind.CANCELLATION: gettext_noop("Cancelled: your meeting of %(day)s %(hour)s (%(reference)s)."),
    LetterKind.DAY_BEFORE: gettext_noop("Tomorrow %(hour)s, %(place)s: your meeting. To see all of it: %(page)s"),
    LetterKind.REQUEST_SENT: gettext_noop("Request sent for %(day)s %(hour)s. Its answer will be here: %(page)s"),
    LetterKind.OTHER_TIMES: gettext_noop("Another hour is proposed for %(day)s %(hour)s. Choose: %(page)s"),
    LetterKind.DECLINED: gettext_noop("Refused: %(day)s %(hour)s. The hours that are free: %(page)s"),
    LetterKind.UNANSWERED: gettext_noop("No answer for %(day)s %(hour)s. The hours that are free: %(page)s"),
    LetterKind.NEW_ROOM: gettext_noop("Another place: %(day)s %(hour)s, %(place)s. Your meeting: %(page)s"),
    LetterKind.ROOM_LOST: gettext_noop("Your room of %(day)s %(hour)s is closed. Choose another: %(page)s"),
    LetterKind.ROOM_STILL_LOST: gettext_noop("Still no room for %(day)s %(hour)s. Choose one: %(page)s"),
    LetterKind.ROOM_BACK: gettext_noop("Your room of %(day)s %(hour)s, %(place)s, is yours after all. %(page)s"),
    LetterKind.NO_SIGN: gettext_noop("%(place)s, %(hour)s: nobody seen. Are you there? Keep the room: %(keep)s"),
    LetterKind.HALF_HOUR: gettext_noop("At %(hour)s, %(place)s: your meeting. One press to enter: %(door)s"),
}


def text_of(kind: LetterKind, meeting: Meeting) -> str:
    """Return the message of `kind` for the organiser, in the booking's language, its links made short."""
    booking, mine = meeting.booking, meeting.sides[0]
    until = moment_of(booking.end_quarter) + LINK_LIVES
    words = SAID[kind]
    with override(booking.language):
        return gettext(words) % {
            "day": local_moment(booking.first_quarter, booking.time_zone).strftime("%d/%m"),
            "hour": hour_words(booking.first_quarter, booking.time_zone),
            "place": (mine.point.name if mine.point else mine.place)[:_MOST_PLACE].strip(),
            "reference": booking.reference,
            "page": shorten(meeting.page, until) if "%(page)s" in words else "",
            "keep": shorten(presence_address(mine.party), until) if "%(keep)s" in words else "",
            "door": shorten(mine.door, until) if "%(door)s" in words else "",
        }
