"""Who waits on the voice line, how the desk answers now, and who a caller is."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from maillage.concierge.domain.line import DeskTimes, Standing, standing_at
from maillage.concierge.models import CallState, DeskHours, HelpCall
from maillage.core.quarters import quarter_of


def desk_standing(now: datetime) -> Standing:
    """Return how the desk answers now, from the desks in charge today. One query."""
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    present = DeskHours.objects.filter(since__lte=today).filter(Q(until=None) | Q(until__gte=today))
    times = [
        DeskTimes(desk.hours, desk.time_zone, desk.on_call_hours, desk.on_call_fee_cents, desk.phone)
        for desk in present
    ]
    return standing_at(times, quarter_of(now), phone=help_phone())


def help_phone() -> str:
    """Return the number that every page shows for help, "" without one."""
    return str(settings.HELP_PHONE or settings.NETWORK.get("help_phone", ""))


def calls_waiting() -> Sequence[HelpCall]:
    """Return who waits, the longest first. One query."""
    return list(HelpCall.objects.filter(state=CallState.WAITING).select_related("booking"))


def calls_held_by(agent_id: int) -> Sequence[HelpCall]:
    """Return the calls that an operator holds, on whichever page. One query."""
    held = HelpCall.objects.filter(state=CallState.ANSWERED, answered_by=agent_id)
    return list(held.select_related("booking"))


def last_calls(count: int = 12) -> Sequence[HelpCall]:
    """Return the last calls that are over, the latest first. One query."""
    over = HelpCall.objects.filter(state__in=(CallState.ENDED, CallState.MISSED))
    return list(over.select_related("booking", "answered_by", "ticket").order_by("-rang_at")[:count])
