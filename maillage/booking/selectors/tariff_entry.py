"""A tariff while a facilitator changes it: what stands, and what visitors would read of what was typed."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from maillage.booking.domain.quotes import Stay, quote_stay
from maillage.booking.domain.tariffs import Group, Origin, Tariff
from maillage.booking.models import TariffGroup, TariffOrigin, TariffSheet
from maillage.booking.selectors.prices import ShownPrice, shown_price
from maillage.core.quarters import quarter_at
from maillage.points.models import Point, Room

EXAMPLE_LENGTHS: Final = (4, 8, 16, 32)
"""Meetings that visitors ask most: one, two, four and eight hours, in quarters."""
_NO_FIRST_USE: Final = 1_000


@dataclass(frozen=True, slots=True)
class StandingTariffs:
    """The sheets of a whole point, or of one of its rooms, that hold today or will hold.

    shown: the sheet in force, for a room without its own that of its point; None if there is none.
    own: those of this very place alone, the earliest first.
    """

    shown: TariffSheet | None
    own: tuple[TariffSheet, ...]
    today: date

    @property
    def token(self) -> str:
        """What changes whenever somebody writes a tariff for this very place."""
        return "-".join(str(sheet.pk) for sheet in self.own)

    @property
    def is_borrowed(self) -> bool:
        """The sheet shown is the point's: the room has none of its own yet."""
        return self.shown is not None and self.shown not in self.own

    @property
    def later(self) -> list[date]:
        """The days from which other tariffs are written already."""
        return [sheet.valid_from for sheet in self.own if sheet.valid_from > self.today]


@dataclass(frozen=True, slots=True)
class Example:
    """What some people would read, by length of the meeting in quarters."""

    people: str
    prices: tuple[tuple[int, ShownPrice], ...]


def standing_tariffs(point: Point, room: Room | None, *, today: date) -> StandingTariffs:
    """Return what stands for a point, or for one of its rooms. Three queries."""
    rows = TariffSheet.objects.filter(point=point).exclude(valid_until__lt=today).order_by("valid_from")
    sheets = list(rows.prefetch_related("prices", "free_hours"))
    own = [sheet for sheet in sheets if sheet.room_id == (room.pk if room else None)]
    whole = [sheet for sheet in sheets if sheet.room_id is None]
    in_force = [sheet for sheet in own if sheet.valid_from <= today] or [s for s in whole if s.valid_from <= today]
    return StandingTariffs(in_force[-1] if in_force else None, tuple(own), today)


def tariff_examples(tariff: Tariff, point: Point, day: date) -> list[Example]:
    """Return what visitors would read of a tariff, outside the hours that are free. No query.

    Each row of the grid is an example; those whom no row concerns come last.
    """
    plain = replace(tariff, free_windows=())
    people = list(dict.fromkeys((price.group, price.origin) for price in tariff.prices))
    examples = [_example(plain, group, origin, point, day) for group, origin in people]
    if not tariff.prices_for(Group.EVERYONE, Origin.OUTSIDE):
        others = _example(plain, Group.EVERYONE, Origin.OUTSIDE, point, day)
        examples.append(replace(others, people=_("everyone else") if people else _("everyone")))
    return examples


def people_words(group: Group, origin: Origin) -> str:
    """Return « associations, from the territory »."""
    who = TariffGroup(group.value).label
    return str(who) if origin is Origin.ANY else f"{who}, {TariffOrigin(origin.value).label}"


def _example(tariff: Tariff, group: Group, origin: Origin, point: Point, day: date) -> Example:
    zone = ZoneInfo(point.time_zone)
    noon = quarter_at(datetime.combine(day, time(12), zone))

    def price(length: int) -> ShownPrice:
        stay = Stay(0, noon, length, zone, group, origin, past_uses=_NO_FIRST_USE)
        return shown_price(quote_stay(tariff, stay), {0: point.name})

    return Example(people_words(group, origin), tuple((length, price(length)) for length in EXAMPLE_LENGTHS))
