"""The public page of figures, for the network and for a point, the past counts, and the open data."""

import csv
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from maillage.booking.models import Category
from maillage.points.models import Point
from maillage.usage.domain.charts import Share, bars, shares
from maillage.usage.domain.figures import Figures
from maillage.usage.domain.periods import ALL, Period, half, month, read_period, whole_year
from maillage.usage.domain.publishing import MINIMUM_PEOPLE, UNDETAILED
from maillage.usage.models import Destination, Topology
from maillage.usage.selectors.factors import published_factors
from maillage.usage.selectors.figures import by_point, counted_days, counted_point, figures_of
from maillage.usage.selectors.history import disagreements, documents, past, past_sites
from maillage.usage.selectors.manners import COLUMNS as MANNER_COLUMNS
from maillage.usage.selectors.manners import manner_rows, manners_of
from maillage.usage.selectors.open_data import COLUMNS, monthly_rows


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of the whole network, one sentence each."""
    period = read_period(request.GET.get("periode", ""))
    lines = by_point(period)
    used = [line for line in lines if line.held]
    more = {"points": used, "unused_points": lines[len(used) :], "past": past(), "manners": manners_of(period)}
    return _figures_page(request, period, None, more)


@require_GET
def point_figures(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the figures of one point."""
    period = read_period(request.GET.get("periode", ""))
    return _figures_page(request, period, counted_point(slug), {})


@require_GET
def past_counts(request: HttpRequest) -> HttpResponse:
    """Show what was counted before, site by site, and side by side what does not agree."""
    sites = past_sites()
    context = {"past": past(), "sites": sites, "documents": documents(sites), "disagreements": disagreements()}
    return render(request, "usage/past.html", context)


@require_GET
def open_data(request: HttpRequest) -> HttpResponse:
    """Answer the figures by month, of the network and of each point, as a table for other tools."""
    period = read_period(request.GET.get("periode", ""))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="chiffres-{period.code}.csv"'
    table = csv.writer(response)
    table.writerow(COLUMNS)
    table.writerows(monthly_rows(period, today=timezone.localdate()))
    return response


@require_GET
def manners(request: HttpRequest) -> HttpResponse:
    """Answer how meetings were booked, why cancelled, and what was not given, as a table for other tools."""
    period = read_period(request.GET.get("periode", ""))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reservations-{period.code}.csv"'
    table = csv.writer(response)
    table.writerow(MANNER_COLUMNS)
    table.writerows(manner_rows(period))
    return response


def _figures_page(request: HttpRequest, period: Period, point: Point | None, more: dict[str, Any]) -> HttpResponse:
    today = timezone.localdate()
    shown = figures_of(period, today=today, point=point)
    context = {
        "point": point,
        "figures": shown,
        "totals": shown.totals,
        "periods": _periods(period, counted_days(), today),
        "chart": bars([step.totals.held for step in shown.steps]),
        "tallest": max(shown.steps, key=lambda step: step.totals.held, default=None),
        "breakdowns": _breakdowns(shown, point),
        "minimum_people": MINIMUM_PEOPLE,
        "own_staff": shown.categories.get(Category.OWN_STAFF, 0) if point is None else 0,
        "factors": published_factors(today),
        **more,
    }
    return render(request, "usage/figures.html", context)


def _periods(period: Period, days: tuple[date, date] | None, today: date) -> dict[str, Any]:
    """Return the periods to choose from: everything, each year, then the halves and months of the chosen year."""
    if days is None:
        return {}
    first, last = days[0], max(days[1], today)
    years = [whole_year(year) for year in range(first.year, last.year + 1)]
    inside: list[Period] = []
    months: list[Period] = []
    if period.year is not None:
        inside = [half(period.year, number) for number in (1, 2)]
        months = [month(period.year, number) for number in range(1, 13)]
    return {
        "long": [ALL, *years],
        "halves": [part for part in inside if part.last_day >= first and part.first_day <= last],
        "months": [part for part in months if part.last_day >= first and part.first_day <= last],
    }


def _breakdowns(shown: Figures, point: Point | None) -> list[dict[str, Any]]:
    kinds: list[tuple[str, str, Mapping[str, int], type[TextChoices]]] = [
        (_("How far"), _("Videoconferences"), shown.destinations, Destination),
        (_("Two places or more"), _("Videoconferences"), shown.topologies, Topology),
        (_("Who meets"), _("People") if point else _("Videoconferences"), shown.categories, Category),
    ]
    return [
        {"title": title, "unit": unit, "lines": [_line(share, choices) for share in shares(counts)]}
        for title, unit, counts, choices in kinds
        if counts
    ]


def _line(share: Share, choices: type[TextChoices]) -> dict[str, Any]:
    label = _("other categories, not detailed") if share.key == UNDETAILED else choices(share.key).label
    return {"label": label, "count": share.count, "percent": share.percent, "length": share.length}
