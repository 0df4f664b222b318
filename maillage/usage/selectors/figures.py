"""The figures of the network or of a point over a period. `figures_of` costs 7 queries, whatever the number of uses."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from maillage.conference.models import Verdict
from maillage.points.models import Point
from maillage.usage.domain.figures import Answers, Figures, Totals
from maillage.usage.domain.periods import Period, months_between, neighbours
from maillage.usage.domain.publishing import publishable
from maillage.usage.domain.steps import steps_of
from maillage.usage.errors import UncountedPoint
from maillage.usage.models import Outcome, Use, UsePart

_NAMES = tuple(field.name for field in fields(Totals))
_SUMS = ("km_avoided", "minutes_avoided", "co2_avoided_kg", "co2_footprint_kg")


@dataclass(frozen=True, slots=True)
class PointFigures:
    """One point's line in the list of points."""

    slug: str
    name: str
    held: int
    people: int
    km_avoided: float


def counted_point(slug: str) -> Point:
    """Return the point of `slug`, with its commune. Raises UncountedPoint if unknown or not shown, alike. One query."""
    try:
        return Point.objects.listed().select_related("commune").get(slug=slug)
    except Point.DoesNotExist as missing:
        raise UncountedPoint from missing


def figures_of(period: Period, *, today: date, point: Point | None = None) -> Figures:
    """Return the figures of `period`, of the whole network or of `point`. 7 queries at most."""
    uses = _uses(period, point)
    months = _by_month(uses, period, point)
    totals = sum(months.values(), Totals())
    held = uses.filter(outcome=Outcome.HELD)
    return Figures(
        period=period,
        totals=totals,
        steps=steps_of(months, period, today),
        held_before=_held_before(period, point, today),
        destinations=_counted(held, "destination"),
        topologies=_counted(held, "topology"),
        categories=_categories(held, period, point),
        answers=_answers(period, point),
    )


def by_point(period: Period) -> list[PointFigures]:
    """Return every listed point with its figures, the most used first, those without a meeting too. Two queries."""
    parts = UsePart.objects.filter(
        use__in=_uses(period, None).filter(outcome=Outcome.HELD), attended_seconds__gt=0, point__isnull=False
    )
    rows = parts.values_list("point").annotate(Count("use", distinct=True), Sum("people"), Sum("km_avoided"))
    counted = {pk: (held, people, km) for pk, held, people, km in rows}
    lines = [
        PointFigures(slug, name, *counted.get(pk, (0, 0, 0.0)))
        for pk, slug, name in Point.objects.listed().values_list("pk", "slug", "name")
    ]
    return sorted(lines, key=lambda line: (-line.held, line.name))


def counted_days() -> tuple[date, date] | None:
    """Return the first and last day with a use; None before any. One query."""
    ends = Use.objects.aggregate(first=Min("local_day"), last=Max("local_day"))
    return (ends["first"], ends["last"]) if ends["first"] else None


def network_months(period: Period, today: date) -> dict[date, Totals]:
    """Return the totals of the network by first day of month, none left out up to today's. One query."""
    months = _by_month(_uses(period, None), period, None)
    if not months:
        return {}
    last = max(*months, min(today, period.last_day))
    return {each.first_day: months.get(each.first_day, Totals()) for each in months_between(min(months), last)}


def headline() -> Totals:
    """Return the totals of everything, for one sentence. One query."""
    sums = Use.objects.filter(outcome=Outcome.HELD).aggregate(held=Count("pk"), **_sum("km_avoided", "co2_avoided_kg"))
    return Totals(**{key: value or 0 for key, value in sums.items()})


def _uses(period: Period, point: Point | None) -> QuerySet[Use]:
    uses = Use.objects.filter(local_day__range=(period.first_day, period.last_day))
    if point is None:
        return uses
    there = UsePart.objects.filter(use=OuterRef("pk"), point=point)
    return uses.filter(Q(Exists(there.filter(attended_seconds__gt=0))) | ~Q(outcome=Outcome.HELD) & Exists(there))


def _by_month(uses: QuerySet[Use], period: Period, point: Point | None) -> dict[date, Totals]:
    """One query for the network; two for a point, whose km and people are those of its own parts."""
    held = Q(outcome=Outcome.HELD)
    sums = {
        name: Sum(name, filter=held if name != "co2_footprint_kg" else Q())
        for name in ("people", "declared_people", "seconds", *_SUMS)
    }
    rows = uses.annotate(month=TruncMonth("local_day")).values("month").annotate(**outcome_counts(), **prefixed(sums))
    months = {row["month"]: totals_of(row) for row in rows.order_by("month")}
    return months if point is None else _with_own_parts(months, period, point)


def outcome_counts(prefix: str = "") -> dict[str, Count]:
    """Return the expressions that count uses by outcome, named as in Totals."""
    return {
        outcome.value.replace("-", "_"): Count(
            prefix.removesuffix("__") or "pk", distinct=bool(prefix), filter=Q(**{f"{prefix}outcome": outcome})
        )
        for outcome in Outcome
    }


def _with_own_parts(months: dict[date, Totals], period: Period, point: Point) -> dict[date, Totals]:
    parts = UsePart.objects.filter(
        point=point, use__local_day__range=(period.first_day, period.last_day), attended_seconds__gt=0
    )
    held = Q(use__outcome=Outcome.HELD)
    sums = {name: Sum(name, filter=held if name != "co2_footprint_kg" else Q()) for name in ("people", *_SUMS)}
    sums["declared_people"] = Sum("people", filter=held & ~Q(travel_mode=""))
    rows = parts.annotate(month=TruncMonth("use__local_day")).values("month").annotate(**prefixed(sums))
    own = {row["month"]: row for row in rows.order_by("month")}
    nothing: Mapping[str, Any] = {}
    return {month: totals_of({**_outcomes(totals), **own.get(month, nothing)}) for month, totals in months.items()}


def _outcomes(totals: Totals) -> dict[str, Any]:
    names = ("held", "nobody_came", "one_side_came", "never_together", "failed")
    return {**{name: getattr(totals, name) for name in names}, "sum_seconds": totals.seconds}


def prefixed(sums: Mapping[str, Sum]) -> dict[str, Sum]:
    """Name each sum so that it does not hide the column it adds up."""
    return {f"sum_{name}": expression for name, expression in sums.items()}


def totals_of(row: Mapping[str, Any]) -> Totals:
    """Return the totals of a row named by `outcome_counts` and `prefixed`."""
    named = {key.removeprefix("sum_"): value or 0 for key, value in row.items()}
    return Totals(**{name: named[name] for name in _NAMES if name in named})


def _sum(*names: str) -> dict[str, Sum]:
    return {name: Sum(name) for name in names}


def _held_before(period: Period, point: Point | None, today: date) -> int | None:
    """Return the meetings held in the period before, None if there is none or if `period` is still running."""
    before, _after = neighbours(period)
    if before is None or today <= period.last_day:
        return None
    return _uses(before, point).filter(outcome=Outcome.HELD).count()


def _counted(held: QuerySet[Use], field: str) -> dict[str, int]:
    rows = held.values_list(field).annotate(uses=Count("pk")).order_by("-uses", field)
    return dict(rows)


def _categories(held: QuerySet[Use], period: Period, point: Point | None) -> dict[str, int]:
    """Return uses by the organiser's category for the network; for a point people, and no small cell.

    A point's categories are given by whole years only: two overlapping periods would give a small cell away.
    """
    if point is None:
        return _counted(held.exclude(category=""), "category")
    if period.kind != "year":
        return {}
    rows = held.exclude(category="").values_list("category").annotate(total=Sum("people"))
    return publishable(dict(rows))


def _answers(period: Period, point: Point | None) -> Answers:
    given = Verdict.objects.filter(
        party__booking__use__local_day__range=(period.first_day, period.last_day),
    )
    if point is not None:
        given = given.filter(party__room__point=point)
    return Answers(**dict(given.values_list("worked").annotate(answers=Count("pk")).order_by()))
