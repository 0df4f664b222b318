"""Filters over core.words: `{{ quarter|day_words:zone }}`, `{{ quarters|duration_words }}`, `{{ value|km_words }}`…"""

from datetime import date

from django import template

from maillage.core import words

register = template.Library()


@register.filter
def day_words(when: words.Moment, zone: str) -> str:
    """Return « mardi 24 novembre »."""
    return words.day_words(when, zone)


@register.filter
def full_day_words(when: words.Moment, zone: str) -> str:
    """Return « mardi 24 novembre 2026 »."""
    return words.day_words(when, zone, year=True)


@register.filter
def date_words(day: date) -> str:
    """Return « mardi 24 novembre » of a date."""
    return words.date_words(day)


@register.filter
def hour_words(when: words.Moment, zone: str) -> str:
    """Return « 14 h 00 »."""
    return words.hour_words(when, zone)


@register.filter
def duration_words(quarters: int) -> str:
    """Return « 1 h 30 » of a number of quarters."""
    return words.duration_words(quarters)


@register.filter
def minutes_words(minutes: float) -> str:
    """Return « 2 h 05 »."""
    return words.minutes_words(minutes)


@register.filter
def number_words(value: float, digits: int = 0) -> str:
    """Return « 9 400 »."""
    return words.number_words(value, digits=digits)


@register.filter
def km_words(km: float) -> str:
    """Return « 32 km »."""
    return words.km_words(km)


@register.filter
def kg_words(kg: float) -> str:
    """Return « 12 kg »."""
    return words.kg_words(kg)


@register.filter
def people_words(count: int) -> str:
    """Return « 3 personnes »."""
    return words.people_words(count)


@register.filter
def phone_words(number: str) -> str:
    """Return « 02 96 00 00 00 »."""
    return words.phone_words(number)


@register.filter
def typography(text: str) -> str:
    """Return the text with unbreakable spaces where French asks for them."""
    return words.typography(str(text))
