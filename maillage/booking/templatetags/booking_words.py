"""Words of booking's own pages: what a button books, why a slot is proposed, how far a room is."""

from typing import Final
from urllib.parse import quote

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from maillage.booking.domain.wishes import PartyWish
from maillage.booking.forms import SlotSearchForm
from maillage.booking.models import FreeHours, Party
from maillage.booking.views.cards import Card
from maillage.booking.words import way_of_joining
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
    "no-opening-cost": gettext_noop("Every room is open at that hour: there is no opening to pay for."),
    "smaller-room": gettext_noop("The room fits your number: larger ones stay free for others."),
    "nearest-taken": gettext_noop("The nearest room is taken at that hour: this is the next one."),
}


_WAY_ICONS: Final = {"room": "map-pin", "sip": "monitor", "phone": "phone"}
_WAY_ADVICE: Final = {
    "browser": gettext_noop("A recent browser, a camera and a microphone are enough. There is nothing to install."),
    "sip": gettext_noop("The address that their terminal calls is on their page, with a code."),
    "phone": gettext_noop("The number to call and the code are on their page."),
}
_TIERS: Final = {
    "now": gettext_noop("At once: the rooms are open and ready, there is nobody to wait for."),
    "direct": gettext_noop("By yourselves: one button in the room, and help by telephone if needed."),
    "assisted": gettext_noop("With help: the room is ready, and somebody is there at the start."),
    "silent": gettext_noop("With the host: somebody switches the room on before you come."),
    "multipoint": gettext_noop("Several places together: the network joins them at the hour."),
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
def way_icon(kind: str) -> str:
    """Return the pictogram of a way of taking part."""
    return _WAY_ICONS.get(kind, "laptop")


@register.filter
def joins_words(party: Party | PartyWish) -> str:
    """Return how people who come to no room take part, « Par téléphone, au 02 96 00 00 00 »."""
    return way_of_joining(party.kind, party.address)


@register.filter
def way_advice(kind: str) -> str:
    """Return what that way of taking part needs."""
    return gettext(_WAY_ADVICE.get(kind, _WAY_ADVICE["browser"]))


@register.filter
def tier_icon(tier: str) -> str:
    """Return the pictogram of a kind of meeting."""
    return {"direct": "zap", "assisted": "heart-handshake"}.get(tier, "users")


@register.filter
def tier_words(card: Card) -> str:
    """Return what a proposal implies: taken at once, with somebody to help, or joined by the bridge."""
    if card.tier == "direct" and card.is_soon:
        return gettext(_TIERS["now"])
    if card.tier == "assisted" and not card.wants_help:
        return gettext(_TIERS["silent"])
    return gettext(_TIERS[card.tier])


@register.filter
def in_address(text: str) -> str:
    """Return `text` ready for the query of a mailto: or sms: address."""
    return quote(str(text), safe="")
