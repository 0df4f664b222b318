"""`{{ cents|cents_words }}`: an amount in words."""

from django import template

from maillage.booking.domain import money

register = template.Library()


@register.filter
def cents_words(cents: int) -> str:
    """Return « 12,50 € »."""
    return money.cents_words(cents)
