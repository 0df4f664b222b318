"""What the live meetings show to those who watch the servers: how many, who, and how they are heard. Four queries."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from django.db.models import Avg, Count, Max, QuerySet
from django.utils import timezone
from prometheus_client.core import Metric

from maillage.conference.gateways.configured import configured_pool
from maillage.conference.models import Attendance, BridgeRoom, Failure, QualitySample
from maillage.core.metrics import gauge, gauges, measured

LATELY: Final = timedelta(minutes=1)
LAST_HOUR: Final = timedelta(hours=1)


@measured
def meeting_figures() -> Iterable[Metric]:
    """Meetings and sides in them now, the share of sound missed lately, what failed in the last hour."""
    inside = Attendance.objects.filter(left_at=None)
    yield gauge("meetings_live", "Meetings with someone in", inside.values("conference").distinct().count())
    sides = _counted(inside, "party__kind")
    yield gauges("sides_in", "Sides in a meeting, by how they take part", "kind", sides)
    heard = QualitySample.objects.filter(at__gte=timezone.now() - LATELY, concealed_in__isnull=False)
    missed = heard.aggregate(mean=Avg("concealed_in"), most=Max("concealed_in"), delay=Max("rtt_ms"))
    yield gauge("sound_missed_share", "Share of the sound made up by browsers, mean of a minute", missed["mean"] or 0)
    yield gauge("sound_missed_share_worst", "The same, of the worst line", missed["most"] or 0)
    yield gauge("round_trip_ms_worst", "Longest round trip of a line in the last minute", missed["delay"] or 0)
    failures = Failure.objects.filter(at__gte=timezone.now() - LAST_HOUR)
    yield gauges("failures_last_hour", "What pages could not do, by code", "code", _counted(failures, "code"))


@measured
def bridge_figures() -> Iterable[Metric]:
    """Which bridge servers answer, how many participants each has, how many rooms are in use."""
    states = configured_pool().states()
    yield gauges(
        "bridge_up", "1 if the bridge server answers", "server", {one.name: float(one.is_alive) for one in states}
    )
    yield gauges("bridge_load", "Participants of a bridge server", "server", {one.name: one.load for one in states})
    yield gauge(
        "bridge_rooms", "Meetings that pass through a bridge", BridgeRoom.objects.filter(is_in_use=True).count()
    )


def _counted(rows: QuerySet[Any], field: str) -> dict[str, float]:
    return dict(rows.order_by().values_list(field).annotate(Count("pk")))
