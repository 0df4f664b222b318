"""What the desks of the network can promise for a meeting."""

from django.db.models import Q

from maillage.booking.domain.support import Desk, Support, support_during
from maillage.booking.models import DeskHours
from maillage.core.quarters import moment_of


def support_for(first_quarter: int, length: int) -> Support:
    """Return whether help can be promised for a meeting, and its fee. One query."""
    day = moment_of(first_quarter).date()
    rows = DeskHours.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day)
    desks = [Desk(row.hours, row.on_call_hours, row.on_call_fee_cents, row.time_zone) for row in rows]
    return support_during(desks, first_quarter, length)
