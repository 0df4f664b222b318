"""The price of one meeting, room by room, with its reasons. Pure: tariffs and facts come as arguments.

The rules, in this order: a free host; no price known; a group that is free; first uses free; free hours taken off;
a package's free time taken off, then its overage; the grid. Opening outside the hours comes on top. The written price
stands beside what is asked in fact.
The price is for the meeting's own time: settling in and putting back in order are the host's.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from maillage.booking.domain.openings import OpeningHour
from maillage.booking.domain.tariffs import COVERS, FreeWindow, Group, Origin, Package, Price, Tariff, Unit
from maillage.core.quarters import moment_of

_STEP = 4  # the shortest unit, in quarters: all units are multiples of it


class Reason(StrEnum):
    """Why an amount is what it is. Stable codes, worded by the screens."""

    FREE_HOST = "free-host"
    UNDEFINED = "undefined"
    FREE_GROUP = "free-group"
    FIRST_USE = "first-use"
    FREE_WINDOW = "free-window"
    PACKAGE = "package"
    OVERAGE = "overage"
    GRID = "grid"
    PRACTICE = "practice"
    OPENING = "opening"


@dataclass(frozen=True, slots=True)
class Stay:
    """One party in one room: what its price depends on.

    package_left: quarters of the package still free this month. past_uses: this payer's earlier meetings there.
    opening: the kind of hour, if the point opens for it outside its own hours.
    """

    room_id: int
    first_quarter: int
    length: int
    zone: ZoneInfo
    group: Group = Group.EVERYONE
    origin: Origin = Origin.OUTSIDE
    past_uses: int = 0
    package: Package | None = None
    package_left: int = 0
    opening: OpeningHour | None = None


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One amount of a quote. `count` units at `unit_cents`; `quarters` is the time it is for."""

    room_id: int
    reason: Reason
    quarters: int
    unit: Unit | None = None
    count: int = 0
    unit_cents: int = 0

    @property
    def cents(self) -> int:
        """What this line asks."""
        return self.count * self.unit_cents


@dataclass(frozen=True, slots=True)
class Quote:
    """What a meeting costs. `written_cents` is what the grids say, `total_cents` what is asked.

    is_complete: False when a room's price is not defined, so that the total is only a part.
    """

    lines: tuple[QuoteLine, ...] = ()
    written_cents: int = 0
    is_complete: bool = True

    @property
    def total_cents(self) -> int:
        """What is asked for the whole meeting, as far as it is known."""
        return sum(line.cents for line in self.lines)

    def __add__(self, other: "Quote") -> "Quote":
        return Quote(
            self.lines + other.lines,
            self.written_cents + other.written_cents,
            self.is_complete and other.is_complete,
        )


def quote_stay(tariff: Tariff, stay: Stay) -> Quote:
    """Return the price of one stay. Never negative; never less for a longer stay with the same start."""
    quote = _quote_time(tariff, stay)
    if fee := tariff.opening_cents(stay.opening):
        quote += Quote((QuoteLine(stay.room_id, Reason.OPENING, stay.length, Unit.USE, 1, fee),), fee)
    return quote


def _quote_time(tariff: Tariff, stay: Stay) -> Quote:
    if tariff.is_free:
        return _free(stay, Reason.FREE_HOST)
    prices = tariff.prices_for(stay.group, stay.origin)
    if not prices:
        return _undefined(tariff, stay)
    written = sum(count * price.cents for price, count in cheapest_cover(stay.length, prices))
    if not any(price.cents for price in prices):
        return _free(stay, Reason.FREE_GROUP)
    if stay.past_uses < tariff.first_uses_free:
        return _free(stay, Reason.FIRST_USE, written)
    return Quote(tuple(_charged_lines(tariff, stay, prices)), written)


def _free(stay: Stay, reason: Reason, written_cents: int = 0) -> Quote:
    return Quote((QuoteLine(stay.room_id, reason, stay.length),), written_cents)


def _undefined(tariff: Tariff, stay: Stay) -> Quote:
    if not _charged_quarters(tariff.free_windows, stay):
        return _free(stay, Reason.FREE_WINDOW)
    return Quote((QuoteLine(stay.room_id, Reason.UNDEFINED, stay.length),), is_complete=False)


def _charged_lines(tariff: Tariff, stay: Stay, prices: Sequence[Price]) -> list[QuoteLine]:
    charged = _charged_quarters(tariff.free_windows, stay)
    lines = []
    if free := stay.length - charged:
        lines.append(QuoteLine(stay.room_id, Reason.FREE_WINDOW, free))
    reason = Reason.GRID
    if stay.package and charged:
        included = min(charged, stay.package_left)
        if included:
            lines.append(QuoteLine(stay.room_id, Reason.PACKAGE, included))
        charged -= included
        prices = stay.package.overage or prices
        reason = Reason.OVERAGE
    return lines + _priced_lines(stay.room_id, reason, charged, prices)


def _priced_lines(room_id: int, reason: Reason, quarters: int, prices: Sequence[Price]) -> list[QuoteLine]:
    """Return a line per unit, the units that ask the least."""
    lines = []
    left = quarters
    for price, count in cheapest_cover(quarters, prices, written=False):
        covered = min(left, count * COVERS[price.unit])
        left -= covered
        told = Reason.PRACTICE if price.asked_cents < price.cents else reason
        lines.append(QuoteLine(room_id, told, covered, price.unit, count, price.asked_cents))
    return lines


def _charged_quarters(windows: Sequence[FreeWindow], stay: Stay) -> int:
    """Return how many quarters of the stay fall outside the free windows, on the clocks of its zone."""
    charged = 0
    for quarter in range(stay.first_quarter, stay.first_quarter + stay.length):
        local = moment_of(quarter).astimezone(stay.zone)
        charged += not any(window.covers(local.weekday(), local.time()) for window in windows)
    return charged


def cheapest_cover(length: int, prices: Sequence[Price], *, written: bool = True) -> list[tuple[Price, int]]:
    """Return the units, with their counts, that cover `length` quarters for the least, longest units first.

    The least by the written price, or by what is asked in fact. Ties take fewer units, then longer ones.
    Raises ValueError without prices.
    """
    if not prices:
        raise ValueError("no price to cover a stay with")
    ranked = sorted(prices, key=lambda price: -COVERS[price.unit])
    best = [_Cover(0, 0, None)]
    for step in range(1, -(-length // _STEP) + 1):
        covers = [_with_one_more(best, step, price, price.cents if written else price.asked_cents) for price in ranked]
        best.append(min(covers, key=lambda cover: (cover.cents, cover.units)))
    counts: Counter[Price] = Counter()
    step = len(best) - 1
    while step > 0 and (taken := best[step].last):
        counts[taken] += 1
        step -= COVERS[taken.unit] // _STEP
    return [(price, counts[price]) for price in ranked if price in counts]


class _Cover(NamedTuple):
    """The cheapest way to cover a time: what it costs, in how many units, the last of which is `last`."""

    cents: int
    units: int
    last: Price | None


def _with_one_more(best: Sequence[_Cover], step: int, price: Price, cents: int) -> _Cover:
    before = best[max(0, step - COVERS[price.unit] // _STEP)]
    return _Cover(before.cents + cents, before.units + 1, price)
