"""The figures as an open table: one line a month for the network, and for each point that met. Two queries."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth

from maillage.usage.domain.figures import Totals
from maillage.usage.domain.periods import Period
from maillage.usage.models import Outcome, UsePart
from maillage.usage.selectors.figures import network_months, outcome_counts, prefixed, totals_of

COLUMNS = (
    "mois",
    "portee",
    "point",
    "point_nom",
    "visioconferences",
    "non_tenues",
    "personnes",
    "minutes",
    "km_evites",
    "minutes_evitees",
    "co2_evite_kg",
    "co2_visio_kg",
    "co2_net_kg",
)
_SUMS = ("km_avoided", "minutes_avoided", "co2_avoided_kg", "co2_footprint_kg")
Row = tuple[str | int | float, ...]


def monthly_rows(period: Period, *, today: date) -> Iterator[Row]:
    """Return the lines of the table, by month; a month without a meeting is there, as zeros, for the network."""
    months = network_months(period, today)
    points = _points_by_month(period)
    for month in sorted(months):
        yield _row(month, "réseau", "", "", months[month])
        for slug, name, totals in points.get(month, []):
            yield _row(month, "point", slug, _plain_text(name), totals)


def _points_by_month(period: Period) -> dict[date, list[tuple[str, str, Totals]]]:
    held = Q(use__outcome=Outcome.HELD, attended_seconds__gt=0)
    sums = {
        name: Sum(column, filter=held)
        for name, column in (("people", "people"), ("seconds", "attended_seconds"), *((name, name) for name in _SUMS))
    }
    parts = UsePart.objects.filter(point__is_listed=True, use__local_day__range=(period.first_day, period.last_day))
    there = parts.exclude(use__outcome=Outcome.HELD, attended_seconds=0).annotate(month=TruncMonth("use__local_day"))
    rows = there.values("month", "point__slug", "point__name").annotate(**outcome_counts("use__"), **prefixed(sums))
    months: dict[date, list[tuple[str, str, Totals]]] = {}
    for row in rows.order_by("month", "point__slug"):
        months.setdefault(row["month"], []).append((row["point__slug"], row["point__name"], totals_of(row)))
    return months


def _plain_text(name: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@")) else name


def _row(month: date, scope: str, slug: str, name: str, totals: Totals) -> Row:
    return (
        f"{month:%Y-%m}",
        scope,
        slug,
        name,
        totals.held,
        totals.not_held,
        totals.people,
        round(totals.minutes),
        round(totals.km_avoided, 1),
        round(totals.minutes_avoided),
        round(totals.co2_avoided_kg, 2),
        round(totals.co2_footprint_kg, 3),
        round(totals.co2_net_kg, 2),
    )
