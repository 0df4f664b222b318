"""What problems lasted, by place and by supplier, beside what the supplier promised. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median


@dataclass(frozen=True, slots=True)
class Incident:
    """One problem: where, whose, from when to when (None while it lasts)."""

    site: str
    supplier: str
    opened_at: datetime
    closed_at: datetime | None
    promised_hours: int | None = None

    def lasted(self, now: datetime) -> timedelta:
        """How long it lasted, or has lasted at `now`."""
        return (self.closed_at or now) - self.opened_at

    def is_late(self, now: datetime) -> bool:
        """It lasted longer than its supplier promised. Without a promise nothing is late."""
        return self.promised_hours is not None and self.lasted(now) > timedelta(hours=self.promised_hours)


@dataclass(frozen=True, slots=True)
class Line:
    """One place, or one supplier, over a period."""

    name: str
    count: int
    open_count: int
    late_count: int
    median: timedelta
    longest: timedelta


def by_site(incidents: Iterable[Incident], now: datetime) -> tuple[Line, ...]:
    """Return the places, those with most problems first."""
    return _lines([(incident.site, incident) for incident in incidents], now)


def by_supplier(incidents: Iterable[Incident], now: datetime) -> tuple[Line, ...]:
    """Return the suppliers that were given a problem, those with most first."""
    return _lines([(incident.supplier, incident) for incident in incidents], now)


def _lines(named: Iterable[tuple[str, Incident]], now: datetime) -> tuple[Line, ...]:
    groups: dict[str, list[Incident]] = {}
    for name, incident in named:
        if name:
            groups.setdefault(name, []).append(incident)
    lines = [_line(name, group, now) for name, group in groups.items()]
    return tuple(sorted(lines, key=lambda line: (-line.count, line.name)))


def _line(name: str, group: list[Incident], now: datetime) -> Line:
    lengths = [incident.lasted(now) for incident in group]
    return Line(
        name=name,
        count=len(group),
        open_count=sum(incident.closed_at is None for incident in group),
        late_count=sum(incident.is_late(now) for incident in group),
        median=timedelta(seconds=median(length.total_seconds() for length in lengths)),
        longest=max(lengths),
    )
