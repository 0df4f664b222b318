"""Load counts of the past, with the points they speak of and the disagreements between them."""

from dataclasses import asdict

from django.db import transaction

from maillage.core.journal import record
from maillage.points.models import Point
from maillage.usage.domain.history import HistoryUnreadable, read_counts, read_disagreements, read_sources
from maillage.usage.errors import HistoryRefused
from maillage.usage.models import Disagreement, HistoricalCount


@transaction.atomic
def load_history(text: str, sources: str = "") -> int:
    """Load the counts of a CSV text and return how many it holds; loading the same again changes nothing.

    A count is tied to the point whose reference in its source is the count's site number, if there is one.
    `sources`, a CSV text, gives documents their titles.
    Raises HistoryRefused if the table cannot be read whole.
    """
    try:
        counts = read_counts(text, read_sources(sources) if sources else {})
    except HistoryUnreadable as cause:
        raise HistoryRefused(cause=str(cause)) from cause
    points = dict(Point.objects.exclude(source_reference="").values_list("source_reference", "pk"))
    rows = [HistoricalCount(point_id=points.get(count.site_number), **asdict(count)) for count in counts]
    kept = [field.name for field in HistoricalCount._meta.concrete_fields if not field.primary_key]
    HistoricalCount.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=kept)
    record("usage.history-loaded", "usage:history", through="command", counts=len(rows))
    return len(rows)


@transaction.atomic
def load_disagreements(text: str) -> int:
    """Load which of the loaded counts disagree; return how many disagreements. Raises HistoryRefused."""
    try:
        facts = read_disagreements(text)
    except HistoryUnreadable as cause:
        raise HistoryRefused(cause=str(cause)) from cause
    known = set(HistoricalCount.objects.values_list("code", flat=True))
    for fact in facts:
        if missing := sorted(set(fact.counts) - known):
            raise HistoryRefused(cause=f"{fact.code}: {', '.join(missing)}?")
        words = {"title": fact.title, "explanation": fact.explanation}
        disagreement, _created = Disagreement.objects.update_or_create(code=fact.code, defaults=words)
        disagreement.counts.set(HistoricalCount.objects.filter(code__in=fact.counts))
    return len(facts)
