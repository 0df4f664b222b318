"""Figures for other programs: sums only, as on the page."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from maillage.core.problems import Problem
from maillage.usage.domain.figures import Figures, Totals
from maillage.usage.domain.periods import read_period
from maillage.usage.selectors.figures import counted_point, figures_of

router = Router(tags=["usage"])


class PeriodOut(Schema):
    """Days included at both ends."""

    code: str = Field(description="2026, 2026-S2, 2026-11 or tout")
    first_day: date
    last_day: date


class TotalsOut(Schema):
    """Sums over meetings; km and minutes are those of all the people together."""

    uses: int = Field(description="videoconferences held: two places or more together")
    nobody_came: int
    one_side_came: int
    never_together: int
    failed: int
    people: int
    declared_people: int = Field(description="those who said how they would have come; only they avoid anything")
    minutes: float
    km_avoided: float = Field(description="trips avoided, less the way to the rooms; may be below zero")
    minutes_avoided: float
    co2_avoided_kg: float
    co2_footprint_kg: float = Field(description="of the calls themselves, counted always")
    co2_net_kg: float = Field(description="avoided minus footprint")


class StepOut(TotalsOut):
    """The sums of one month, half-year or year."""

    period: str


class FiguresOut(TotalsOut):
    """Everything published of a period."""

    period: PeriodOut
    point: str | None
    steps: list[StepOut]
    destinations: dict[str, int]
    topologies: dict[str, int]
    categories: dict[str, int] = Field(
        description="uses by the organiser's category; for a point people, by whole years only and no cell below 3"
    )
    worked_well_percent: int | None


@router.get(
    "/uses",
    response={200: FiguresOut, 404: Problem},
    operation_id="read_uses",
    summary="Figures of the network or of a point",
)
def read_uses(
    request: HttpRequest,
    period: Annotated[str, Query(max_length=20, description="2026, 2026-S2, 2026-11; everything if empty")] = "",
    point: Annotated[str, Query(max_length=80, description="slug of a point; the whole network if empty")] = "",
) -> FiguresOut:
    """Sums over the meetings of a period. 404 `unknown-period` or `uncounted-point`."""
    where = counted_point(point) if point else None
    return _out(figures_of(read_period(period), today=timezone.localdate(), point=where), point or None)


def _out(figures: Figures, point: str | None) -> FiguresOut:
    return FiguresOut(
        **_sums(figures.totals),
        period=PeriodOut(
            code=figures.period.code, first_day=figures.period.first_day, last_day=figures.period.last_day
        ),
        point=point,
        steps=[StepOut(period=step.period.code, **_sums(step.totals)) for step in figures.steps],
        destinations=dict(figures.destinations),
        topologies=dict(figures.topologies),
        categories={key or "not-detailed": count for key, count in figures.categories.items()},
        worked_well_percent=figures.answers.well_percent,
    )


def _sums(totals: Totals) -> dict[str, Any]:
    return {
        "uses": totals.held,
        "nobody_came": totals.nobody_came,
        "one_side_came": totals.one_side_came,
        "never_together": totals.never_together,
        "failed": totals.failed,
        "people": totals.people,
        "declared_people": totals.declared_people,
        "minutes": round(totals.minutes, 1),
        "km_avoided": round(totals.km_avoided, 1),
        "minutes_avoided": round(totals.minutes_avoided, 1),
        "co2_avoided_kg": round(totals.co2_avoided_kg, 3),
        "co2_footprint_kg": round(totals.co2_footprint_kg, 3),
        "co2_net_kg": round(totals.co2_net_kg, 3),
    }
