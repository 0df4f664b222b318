"""What a room costs, as its host wrote it: a grid by user group and origin, free hours, packages.

Money is whole cents, never a float. Nothing here knows who books: see `quotes` for the price of one meeting.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from itertools import pairwise

from maillage.booking.domain.openings import OpeningHour
from maillage.booking.errors.tariffs import (
    PackageAbsurd,
    TariffAbsurd,
    TariffAmbiguous,
    TariffIncoherent,
    TariffNegative,
)

MOST_CENTS = 200_000
"""Ten times the dearest private room of the field study (200 euros a day): more is a slip of the keyboard."""
MOST_PACKAGE_QUARTERS = 31 * 96


class Unit(StrEnum):
    """What a price is for. A meeting takes the cheapest set of units that covers it."""

    HOUR = "hour"
    TWO_HOURS = "two-hours"
    HALF_DAY = "half-day"
    DAY = "day"
    USE = "use"


COVERS = {Unit.HOUR: 4, Unit.TWO_HOURS: 8, Unit.HALF_DAY: 16, Unit.DAY: 48, Unit.USE: 10_000}
"""Quarters that a unit covers. A day covers the longest booking; a use, any length (one price for all)."""


class Group(StrEnum):
    """Whom a price is for (requirements B8, B9). EVERYONE is who has no price of their own."""

    EVERYONE = "everyone"
    COMPANY = "company"
    ASSOCIATION = "association"
    INSTITUTION = "institution"
    INDIVIDUAL = "individual"
    MEMBER_TOWN_HALL = "member-town-hall"
    TWINNING = "twinning"
    PARTNER = "partner"
    TENANT = "tenant"
    STAFF = "staff"


class Origin(StrEnum):
    """Where the users come from: the host's territory, outside, or no difference."""

    ANY = "any"
    TERRITORY = "territory"
    OUTSIDE = "outside"


GROUP_OF_CATEGORY = {
    "large-company": Group.COMPANY,
    "small-company": Group.COMPANY,
    "craft": Group.COMPANY,
    "consultancy": Group.COMPANY,
    "recruiter": Group.COMPANY,
    "farmer": Group.COMPANY,
    "association": Group.ASSOCIATION,
    "insertion": Group.ASSOCIATION,
    "institution": Group.INSTITUTION,
    "elected": Group.INSTITUTION,
    "school": Group.INSTITUTION,
    "health": Group.INSTITUTION,
    "own-staff": Group.STAFF,
    "student": Group.INDIVIDUAL,
    "job-seeker": Group.INDIVIDUAL,
    "project-holder": Group.INDIVIDUAL,
    "individual": Group.INDIVIDUAL,
}


def group_of(category: str) -> Group:
    """Return the group of a booking's category; EVERYONE without one."""
    return GROUP_OF_CATEGORY.get(category, Group.EVERYONE)


@dataclass(frozen=True, slots=True)
class Price:
    """One cell of the grid. `practice_cents` is what is asked in fact, where it differs from what is written."""

    unit: Unit
    cents: int
    group: Group = Group.EVERYONE
    origin: Origin = Origin.ANY
    practice_cents: int | None = None

    @property
    def asked_cents(self) -> int:
        """What is asked in fact."""
        return self.cents if self.practice_cents is None else self.practice_cents

    def __str__(self) -> str:
        return f"{self.unit}, {self.group}, {self.origin}"


@dataclass(frozen=True, slots=True)
class FreeWindow:
    """Hours that cost nothing, on local week days (0 is Monday). `end` before `start` runs over midnight."""

    weekdays: frozenset[int]
    start: time
    end: time

    def covers(self, weekday: int, at: time) -> bool:
        """Tell whether the local time `at` of that week day is free. Start included, end not; 00:00 ends a day."""
        end_of_day = self.end == time()
        if self.start < self.end or end_of_day:
            return weekday in self.weekdays and at >= self.start and (end_of_day or at < self.end)
        late = weekday in self.weekdays and at >= self.start
        early = (weekday - 1) % 7 in self.weekdays and at < self.end
        return late or early


@dataclass(frozen=True, slots=True)
class Package:
    """Free time included each month (requirement B10), then `overage`; without one, then the grid."""

    name: str
    monthly_quarters: int
    overage: tuple[Price, ...] = ()


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a host asks. Without prices it is undefined; `is_free` says that nothing is ever asked."""

    prices: tuple[Price, ...] = ()
    is_free: bool = False
    free_windows: tuple[FreeWindow, ...] = ()
    first_uses_free: int = 0
    evening_opening_cents: int = 0
    weekend_opening_cents: int = 0

    def opening_cents(self, opening: OpeningHour | None) -> int:
        """Return what opening outside the hours costs, on top of the rest and for everybody alike."""
        fees = {OpeningHour.EVENING: self.evening_opening_cents, OpeningHour.WEEKEND: self.weekend_opening_cents}
        return fees[opening] if opening else 0

    def prices_for(self, group: Group, origin: Origin) -> tuple[Price, ...]:
        """Return the prices of these people: those written for them most precisely, none if none fits."""
        for wanted in (
            (group, origin),
            (group, Origin.ANY),
            (Group.EVERYONE, origin),
            (Group.EVERYONE, Origin.ANY),
        ):
            if found := tuple(price for price in self.prices if (price.group, price.origin) == wanted):
                return found
        return ()


def check_tariff(tariff: Tariff) -> None:
    """Refuse a tariff that cannot be meant.

    Raises TariffNegative, TariffAbsurd (above MOST_CENTS), TariffAmbiguous (two prices in one cell),
    TariffIncoherent (a longer unit cheaper than a shorter one, or practice above the written price).
    """
    _check_amounts(tariff.prices)
    for cents in (tariff.evening_opening_cents, tariff.weekend_opening_cents):
        if cents < 0:
            raise TariffNegative(label="opening")
        if cents > MOST_CENTS:
            raise TariffAbsurd(label="opening", most_euros=MOST_CENTS // 100)
    cells = Counter((price.group, price.origin, price.unit) for price in tariff.prices)
    for price in tariff.prices:
        if cells[price.group, price.origin, price.unit] > 1:
            raise TariffAmbiguous(label=str(price))
    for rows in {(price.group, price.origin) for price in tariff.prices}:
        _check_order([price for price in tariff.prices if (price.group, price.origin) == rows])


def check_package(package: Package) -> None:
    """Refuse impossible free hours (PackageAbsurd) and impossible overage prices, as `check_tariff` does."""
    if not 0 <= package.monthly_quarters <= MOST_PACKAGE_QUARTERS:
        raise PackageAbsurd(hours=package.monthly_quarters / 4)
    check_tariff(Tariff(prices=package.overage))


def _check_amounts(prices: Sequence[Price]) -> None:
    for price in prices:
        if min(price.cents, price.asked_cents) < 0:
            raise TariffNegative(label=str(price))
        if price.cents > MOST_CENTS:
            raise TariffAbsurd(label=str(price), most_euros=MOST_CENTS // 100)
        if price.asked_cents > price.cents:
            raise TariffIncoherent(label=str(price))


def _check_order(row: Sequence[Price]) -> None:
    shorter_first = sorted(row, key=lambda price: COVERS[price.unit])
    for shorter, longer in pairwise(shorter_first):
        if longer.cents < shorter.cents or longer.asked_cents < shorter.asked_cents:
            raise TariffIncoherent(label=f"{shorter} / {longer}")
