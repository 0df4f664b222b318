"""Days of the planning in words."""

from datetime import date

from django import template
from django.utils.formats import date_format

from maillage.core.words import date_words

register = template.Library()


@register.filter
def date_in_words(day: date) -> str:
    """Return « mardi 24 novembre »."""
    return date_words(day)


@register.filter
def short_day(day: date) -> str:
    """Return « mar. 24 »."""
    return date_format(day, "D j")
