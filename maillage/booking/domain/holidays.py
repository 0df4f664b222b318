"""Public holidays of France, by territory. Pure arithmetic, any year.

Source: Code du travail, articles L3133-1 (the eleven national days) and L3422-2 (abolition of slavery, overseas),
and article L3134-13 (Alsace-Moselle), Légifrance, read 2026-11-21.
"""

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache


class Territory(StrEnum):
    """Where other days are holidays."""

    MAINLAND = "mainland"
    ALSACE_MOSELLE = "alsace-moselle"
    GUADELOUPE = "guadeloupe"
    GUYANE = "guyane"
    MARTINIQUE = "martinique"
    MAYOTTE = "mayotte"
    REUNION = "reunion"


_OF_ZONE = {
    "America/Guadeloupe": Territory.GUADELOUPE,
    "America/Cayenne": Territory.GUYANE,
    "America/Martinique": Territory.MARTINIQUE,
    "Indian/Mayotte": Territory.MAYOTTE,
    "Indian/Reunion": Territory.REUNION,
}
_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_OWN = {
    Territory.ALSACE_MOSELLE: (12, 26),
    Territory.GUADELOUPE: (5, 27),
    Territory.GUYANE: (6, 10),
    Territory.MARTINIQUE: (5, 22),
    Territory.MAYOTTE: (4, 27),
    Territory.REUNION: (12, 20),
}


def territory_of(zone: str) -> Territory:
    """Return the territory whose clocks are those of `zone`, the mainland by default."""
    return _OF_ZONE.get(zone, Territory.MAINLAND)


def easter(year: int) -> date:
    """Return Easter Sunday of a Gregorian year.

    Source: the anonymous computus published in Nature, 20 April 1876, as given by Meeus,
    Astronomical Algorithms, chapter 8.
    """
    golden, century, rest = year % 19, year // 100, year % 100
    shift = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - shift - rest % 4) % 7
    late = (golden + 11 * shift + 22 * weekday) // 451
    month, day = divmod(shift + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def holidays_of(year: int, territory: Territory = Territory.MAINLAND) -> frozenset[date]:
    """Return the public holidays of a year."""
    sunday = easter(year)
    moving = [sunday + timedelta(days=days) for days in (1, 39, 50)]
    days = [date(year, month, day) for month, day in _FIXED] + moving
    if territory in _OWN:
        days.append(date(year, *_OWN[territory]))
    if territory is Territory.ALSACE_MOSELLE:
        days.append(sunday - timedelta(days=2))
    return frozenset(days)


def is_holiday(day: date, territory: Territory = Territory.MAINLAND) -> bool:
    """Tell whether `day` is a public holiday there."""
    return day in holidays_of(day.year, territory)
