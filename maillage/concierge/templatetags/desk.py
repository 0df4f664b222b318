"""`{{ words|word:key }}`: an entry of a dictionary of words."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django import template
from django.utils.translation import ngettext

from maillage.booking.models import Booking, Party
from maillage.concierge.models import Ticket
from maillage.concierge.services import technical_link
from maillage.core.words import minutes_words

register = template.Library()


@register.filter
def word(words: Mapping[str, str], key: str) -> str:
    """Return the words of `key`, or the key itself so that a missing one is seen."""
    return words.get(key, key)


@register.filter
def span_words(length: timedelta) -> str:
    """Return « 35 min », « 2 h 05 », « 3 jours »."""
    if length >= timedelta(days=2):
        return ngettext("%(count)s day", "%(count)s days", length.days) % {"count": length.days}
    return minutes_words(length.total_seconds() / 60)


@register.filter
def lasted(ticket: Ticket, now: datetime) -> str:
    """Return how long a ticket lasted."""
    return span_words(ticket.lasted(now))


@register.filter
def technical_page(party: Party, booking: Booking) -> str:
    """Return where the far end of `party` says who looks after its equipment."""
    party.booking = booking
    return technical_link(party)
