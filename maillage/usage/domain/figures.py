"""The figures of a period, as plain values: what a page, the API and the open data all show. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from maillage.usage.domain.periods import Period

SHORTEST_SHARE = 3
"""Below this many answers a share is not given: it would look like more than it is."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over meetings. Only `held` ones are videoconferences; km and minutes are those of all people together."""

    held: int = 0
    nobody_came: int = 0
    one_side_came: int = 0
    never_together: int = 0
    failed: int = 0
    people: int = 0
    declared_people: int = 0
    seconds: int = 0
    km_avoided: float = 0.0
    minutes_avoided: float = 0.0
    co2_avoided_kg: float = 0.0
    co2_footprint_kg: float = 0.0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(**{name.name: getattr(self, name.name) + getattr(other, name.name) for name in fields(Totals)})

    @property
    def co2_net_kg(self) -> float:
        """Avoided minus the footprint of the calls."""
        return self.co2_avoided_kg - self.co2_footprint_kg

    @property
    def co2_spent_kg(self) -> float:
        """What the calls cost beyond what they avoided; zero when they avoided more."""
        return max(-self.co2_net_kg, 0.0)

    @property
    def minutes(self) -> float:
        """Time that at least two places spent together."""
        return self.seconds / 60

    @property
    def booked(self) -> int:
        """All the meetings counted, held or not."""
        return self.held + self.not_held

    @property
    def not_held(self) -> int:
        """Meetings that did not take place, counted apart."""
        return self.nobody_came + self.one_side_came + self.never_together + self.failed


@dataclass(frozen=True, slots=True)
class Answers:
    """What people said after the meeting: did it work?"""

    well: int = 0
    half: int = 0
    no: int = 0

    @property
    def count(self) -> int:
        """How many answered."""
        return self.well + self.half + self.no

    @property
    def well_percent(self) -> int | None:
        """Share of those for whom it worked well; None under SHORTEST_SHARE answers."""
        return round(100 * self.well / self.count) if self.count >= SHORTEST_SHARE else None


@dataclass(frozen=True, slots=True)
class Step:
    """The totals of one month, half-year or year."""

    period: Period
    totals: Totals


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is published of a period, for the network or one point."""

    period: Period
    totals: Totals
    steps: tuple[Step, ...] = ()
    held_before: int | None = None
    destinations: Mapping[str, int] = field(default_factory=dict)
    topologies: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)
    answers: Answers = Answers()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all was counted."""
        return self.totals.booked == 0
