"""Days, hours, durations and quantities as people of each language say them. No clock, no database.

Every function takes the language as its last argument, the active one if it is empty. Spaces that must not break
a line are narrow no-break spaces, as French typography asks.
"""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from maillage.core.quarters import MINUTES, moment_of

NARROW = "\u202f"
WIDE = "\u00a0"
Moment = int | datetime


def _is_french(language: str) -> bool:
    return (language or get_language() or "fr").startswith("fr")


def local_moment(when: Moment, zone: str | ZoneInfo) -> datetime:
    """Return `when`, a quarter or an aware datetime, as read on a clock of `zone`."""
    moment = moment_of(when) if isinstance(when, int) else when
    return moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


def date_words(day: date, language: str = "", *, year: bool = False) -> str:
    """Return « mardi 24 novembre », « dimanche 1er mars », with the year if asked."""
    french = _is_french(language)
    with override(language or get_language()):
        weekday, month = str(WEEKDAYS[day.weekday()]), str(MONTHS[day.month])
    number = "1er" if french and day.day == 1 else str(day.day)
    said = f"{weekday} {number}{WIDE}{month}"
    return f"{said} {day.year}" if year else said


def day_words(when: Moment, zone: str | ZoneInfo, language: str = "", *, year: bool = False) -> str:
    """Return the day of `when` in `zone`: « mardi 24 novembre »."""
    return date_words(local_moment(when, zone).date(), language, year=year)


def hour_words(when: Moment, zone: str | ZoneInfo, language: str = "") -> str:
    """Return the time of `when` in `zone`: « 14 h 00 », or 14:00 in English."""
    moment = local_moment(when, zone)
    if _is_french(language):
        return f"{moment.hour}{NARROW}h{NARROW}{moment.minute:02}"
    return f"{moment.hour}:{moment.minute:02}"


def minutes_words(minutes: float, language: str = "") -> str:
    """Return « 35 min », « 2 h 05 », « 3 h ». Rounded to the minute."""
    hours, rest = divmod(round(minutes), 60)
    if not hours:
        return f"{rest}{NARROW}min"
    if not rest:
        return f"{hours}{NARROW}h"
    said = f"{hours}{NARROW}h{NARROW}{rest:02}"
    return said if _is_french(language) else f"{said}{NARROW}min"


def duration_words(quarters: int, language: str = "") -> str:
    """Return how long a number of quarters lasts: « 1 h 30 »."""
    return minutes_words(quarters * MINUTES, language)


def number_words(value: float, language: str = "", digits: int = 0) -> str:
    """Return « 9 400 » or « 3,4 »: thousands apart, the decimal mark of the language, a true minus sign."""
    figures = f"{abs(value):,.{digits}f}"
    if _is_french(language):
        figures = figures.replace(",", NARROW).replace(".", ",")
    negative = value < 0 and any(figure in "123456789" for figure in figures)
    return f"−{figures}" if negative else figures


def _measured(value: float, unit: str, language: str) -> str:
    """One decimal below ten unless it is a round number: a finer figure would claim more than we know."""
    digits = 1 if abs(value) < 10 and abs(value - round(value)) >= 0.05 else 0
    return f"{number_words(value, language, digits)}{WIDE}{unit}"


def km_words(km: float, language: str = "") -> str:
    """Return « 32 km », « 3,4 km », « 9 400 km »."""
    return _measured(km, "km", language)


def kg_words(kg: float, language: str = "") -> str:
    """Return « 12 kg », « 3,4 kg », and tonnes from a thousand on: « 1,2 t »."""
    if abs(kg) >= 1000:
        return _measured(kg / 1000, "t", language)
    return _measured(kg, "kg", language)


def people_words(count: int, language: str = "") -> str:
    """Return « 1 personne », « 3 personnes »."""
    with override(language or get_language()):
        said = _("person") if count == 1 else _("people")
    return f"{number_words(count, language)}{WIDE}{said}"


def typography(text: str, language: str = "") -> str:
    """Return `text` with the spaces of French typography made unbreakable; other languages are left alone.

    A colon keeps a full no-break space, the other double marks a narrow one. Addresses such as https: are untouched.
    """
    if not _is_french(language):
        return text
    text = re.sub(r"[ \u00a0]([;!?»])", NARROW + r"\1", text)
    text = re.sub(r"«[ \u00a0]", "«" + NARROW, text)
    text = re.sub(r" (:)(?=\s|$)", WIDE + r"\1", text)
    return re.sub(r"(\d) (?=(?:h|min|km|kg|t|€|%)(?:\W|$))", r"\1" + NARROW, text)


def phone_words(number: str) -> str:
    """Return a French number by pairs, « 02 96 00 00 00 »; any other is left as written."""
    digits = re.sub(r"[\s.]", "", number)
    if re.fullmatch(r"0\d{9}", digits):
        return WIDE.join(digits[index : index + 2] for index in range(0, 10, 2))
    return number
