"""Counts of the past, by site, and where they disagree."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Max, Min

from maillage.points.models import Point
from maillage.usage.models import Disagreement, HistoricalCount


@dataclass(frozen=True, slots=True)
class Past:
    """The years that the counts of the past begin in, and how many they are."""

    first_year: int
    last_year: int
    count: int


@dataclass(frozen=True, slots=True)
class Site:
    """The counts of one site, with its point if it is one of ours and is shown to everybody."""

    name: str
    point_slug: str
    counts: list[HistoricalCount]


def past() -> Past | None:
    """Return the extent of the past counts; None if none is loaded. One query."""
    ends = HistoricalCount.objects.aggregate(first=Min("first_day"), last=Max("first_day"), count=Count("pk"))
    if not ends["count"]:
        return None
    first, last = ends["first"], ends["last"]
    return Past(first.year if first else 0, last.year if last else 0, ends["count"])


def past_sites() -> list[Site]:
    """Return all past counts by site, those of the whole network last. Two queries."""
    listed = dict(Point.objects.listed().values_list("pk", "slug"))
    counts = HistoricalCount.objects.order_by("site_number", "site", "code")
    sites = [
        Site(name, next((listed.get(count.point_id or 0, "") for count in theirs), ""), theirs)
        for (_number, name), group in groupby(counts, key=lambda count: (count.site_number, count.site))
        for theirs in [list(group)]
    ]
    return sorted(sites, key=lambda site: site.counts[0].site_number == "")


def documents(sites: Iterable[Site]) -> list[tuple[str, str]]:
    """Return the documents that the counts of `sites` come from: short name and title, in order. No query."""
    return sorted({(count.source, count.source_title) for site in sites for count in site.counts})


def disagreements() -> list[Disagreement]:
    """Return the disagreements, each with its counts. Two queries."""
    return list(Disagreement.objects.prefetch_related("counts"))
