"""Words of the figures: periods, ranges of past counts, units; and the one sentence of the home page."""

from django import template
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from maillage.core.words import WIDE, kg_words, number_words
from maillage.usage.domain.figures import Totals
from maillage.usage.domain.periods import Period
from maillage.usage.models import HistoricalCount
from maillage.usage.selectors.figures import headline

register = template.Library()


@register.filter
def period_words(period: Period) -> str:
    """Return « novembre 2026 », « premier semestre 2026 », « 2026 », « depuis le début »."""
    day = period.first_day
    if period.kind == "month":
        return f"{MONTHS[day.month]} {day.year}"
    if period.kind == "half":
        said = _("first half of %(year)s") if day.month == 1 else _("second half of %(year)s")
        return said % {"year": day.year}
    return str(day.year) if period.kind == "year" else _("since the beginning")


@register.filter
def month_words(period: Period) -> str:
    """Return the month alone: « novembre »."""
    return str(MONTHS[period.first_day.month])


@register.filter
def range_words(count: HistoricalCount) -> str:
    """Return « 69 », « de 2 à 3 », « plus de 350 »."""
    low = _plain(count.low)
    if count.high is None:
        return _("more than %(low)s") % {"low": low}
    return low if count.high == count.low else _("%(low)s to %(high)s") % {"low": low, "high": _plain(count.high)}


@register.filter
def factor_words(value: float) -> str:
    """Return a factor with the digits it was published with, at most four: « 0,2276 », « 2,25 », « 200 »."""
    digits = next((digits for digits in range(4) if round(value, digits) == value), 4)
    return number_words(value, digits=digits)


@register.filter
def unit_words(unit: str) -> str:
    """Return a factor's unit in words."""
    return {
        "kgCO2e/vehicle.km": _("kg of CO2 per vehicle and kilometre"),
        "kgCO2e/passenger.km": _("kg of CO2 per passenger and kilometre"),
        "kgCO2e/device.hour": _("kg of CO2 per device and hour"),
        "people/vehicle": _("people per car"),
        "km": _("kilometres"),
        "km/h": _("kilometres per hour"),
        "h": _("hours"),
    }.get(unit, unit)


@register.filter
def unlocalised(value: float) -> str:
    """Return a number as SVG writes it, whatever the language."""
    return f"{value:g}"


@register.filter
def small_kg_words(kg: float) -> str:
    """Return a footprint, often under a kilo: « 283 g », « 1,4 kg »."""
    if 0 < abs(kg) < 1:
        return f"{number_words(kg * 1000)}{WIDE}g"
    return kg_words(kg)


@register.simple_tag
def usage_headline() -> Totals:
    """Return the totals of everything since the beginning. One query."""
    return headline()


def _plain(value: float) -> str:
    return number_words(value, digits=0 if value == int(value) else 1)
