"""Words of booking's own pages: what a button books, why a slot is proposed, how far a room is."""

from typing import Final
from urllib.parse import quote

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from maillage.booking.forms import SlotSearchForm
from maillage.booking.models import FreeHours
from maillage.core.words import minutes_words

register = template.Library()

_BOOK: Final = (
    gettext_noop("Book this hour"),
    gettext_noop("Book this room"),
    gettext_noop("Book these two rooms"),
    gettext_noop("Book these three rooms"),
    gettext_noop("Book these four rooms"),
    gettext_noop("Book these five rooms"),
    gettext_noop("Book these six rooms"),
)
_HELD: Final = (
    gettext_noop("This hour is kept for you."),
    gettext_noop("This room is kept for you."),
    gettext_noop("These two rooms are kept for you."),
    gettext_noop("These three rooms are kept for you."),
    gettext_noop("These four rooms are kept for you."),
    gettext_noop("These five rooms are kept for you."),
    gettext_noop("These six rooms are kept for you."),
)
_FOUND: Final = (
    gettext_noop("No time suits everyone."),
    gettext_noop("One time suits everyone"),
    gettext_noop("Two times suit everyone"),
    gettext_noop("Three times suit everyone"),
    gettext_noop("Four times suit everyone"),
    gettext_noop("Five times suit everyone"),
)
_REASONS: Final = {
    "only-common-time": gettext_noop("It is the only hour at which everyone has a room."),
    "earliest": gettext_noop("It is the first hour free for everyone."),
    "nearest-room": gettext_noop("Each group is in the room nearest to it."),
    "least-travel": gettext_noop("It is the least travel for all of you together."),
    "smaller-room": gettext_noop("The room fits your number: larger ones stay free for others."),
    "nearest-taken": gettext_noop("The nearest room is taken at that hour: this is the next one."),
}


@register.simple_tag
def search_form_or_blank(form: object) -> object:
    """Return `form` if the page has one, else the sentence with nothing filled in."""
    return form if isinstance(form, SlotSearchForm) else SlotSearchForm()


@register.filter
def book_words(rooms: int) -> str:
    """Return « Réserver ces deux salles »."""
    return gettext(_BOOK[min(rooms, len(_BOOK) - 1)])


@register.filter
def held_words(rooms: int) -> str:
    """Return « Ces deux salles vous sont gardées. »."""
    return gettext(_HELD[min(rooms, len(_HELD) - 1)])


@register.filter
def found_words(count: int) -> str:
    """Return « Trois propositions conviennent à tous »."""
    return gettext(_FOUND[min(count, len(_FOUND) - 1)])


@register.filter
def reason_words(code: str) -> str:
    """Return why a slot is proposed, empty for a code this page has no words for."""
    return gettext(_REASONS[code]) if code in _REASONS else ""


@register.filter
def way_words(minutes: int) -> str:
    """Return « à 12 min », or « sur place »."""
    if minutes < 3:
        return _("on the spot")
    return _("%(time)s away") % {"time": minutes_words(minutes)}


@register.filter
def free_hours_words(hours: FreeHours) -> str:
    """Return « lundi, mardi : 12 h 00 – 14 h 00 »."""
    days = ", ".join(str(WEEKDAYS[int(day)]).lower() for day in hours.weekdays)
    start, end = (
        _("%(hour)s:%(minute)s") % {"hour": at.hour, "minute": f"{at.minute:02}"} for at in (hours.start, hours.end)
    )
    return _("%(days)s: %(start)s – %(end)s") % {"days": days, "start": start, "end": end}


@register.filter
def in_address(text: str) -> str:
    """Return `text` ready for the query of a mailto: or sms: address."""
    return quote(str(text), safe="")
