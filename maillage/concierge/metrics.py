"""What the desk shows to those who watch the servers. One query."""

from collections.abc import Iterable

from django.db.models import Count
from prometheus_client.core import Metric

from maillage.concierge.models import Ticket
from maillage.core.metrics import gauges, measured


@measured
def ticket_figures() -> Iterable[Metric]:
    """Tickets still open, by cause."""
    waiting = Ticket.objects.filter(closed_at=None).order_by().values_list("cause").annotate(Count("pk"))
    yield gauges("tickets_open", "Problems not yet solved, by cause", "cause", dict(waiting))
