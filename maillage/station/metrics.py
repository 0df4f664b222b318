"""What the rooms' screens show to those who watch the servers. Two queries."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db.models import Count
from django.utils import timezone
from prometheus_client.core import Metric

from maillage.core.metrics import gauge, gauges, measured
from maillage.station.models import Station, StationState

HEARD: Final = timedelta(seconds=45)
"""Three signs of life missed: the same limit as on the desk."""


@measured
def station_figures() -> Iterable[Metric]:
    """Screens by the result of their last test, and those that are silent."""
    active = Station.objects.filter(state=StationState.ACTIVE)
    levels = dict(active.order_by().values_list("level").annotate(Count("pk")))
    yield gauges("stations", "Active screens, by the result of their last test", "level", levels)
    silent = active.exclude(last_seen_at__gte=timezone.now() - HEARD).count()
    yield gauge("stations_silent", "Active screens that gave no sign of life for 45 seconds", silent)
