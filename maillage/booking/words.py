"""How people take part, in words that cards, pages, letters and calendars share."""

from typing import Final

from django.utils.translation import gettext, gettext_noop

from maillage.booking.models import PartyKind
from maillage.core.words import phone_words

_WAYS: Final = {
    PartyKind.BROWSER.value: gettext_noop("Online, from their own computer"),
    PartyKind.SIP.value: gettext_noop("On their videoconference terminal"),
    PartyKind.PHONE.value: gettext_noop("By telephone"),
}
_CALLED: Final = {
    PartyKind.SIP.value: gettext_noop("On their videoconference terminal, %(address)s"),
    PartyKind.PHONE.value: gettext_noop("By telephone, %(address)s"),
}


def way_of_joining(kind: str, address: str = "") -> str:
    """Return how somebody who comes to no room takes part, with the number or address where they are called."""
    if address and kind in _CALLED:
        shown = phone_words(address) if kind == PartyKind.PHONE else address.removeprefix("sip:")
        return gettext(_CALLED[kind]) % {"address": shown}
    return gettext(_WAYS.get(kind, _WAYS[PartyKind.BROWSER.value]))
