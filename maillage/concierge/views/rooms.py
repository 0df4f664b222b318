"""What is asked of a room's screen."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.concierge.forms import OrderForm, WaiverForm
from maillage.concierge.views.shared import active_station, agent_of, back, for_operators, valid
from maillage.station.models import OrderKind
from maillage.station.services import give_order, waive


@require_POST
@for_operators
def order(request: HttpRequest, station_id: int) -> HttpResponse:
    """Ask something of a room's screen."""
    given = valid(OrderForm(request.POST))
    give_order(
        station=active_station(station_id),
        kind=OrderKind(given["kind"]),
        text=given["text"],
        agent_id=agent_of(request),
        now=timezone.now(),
    )
    return back(request, None, _("The screen does it at once; the room sees and hears it."))


@require_POST
@for_operators
def waive_station(request: HttpRequest, station_id: int) -> HttpResponse:
    """Offer a room for a while whatever its tests say."""
    given = valid(WaiverForm(request.POST))
    now = timezone.now()
    until = now + timedelta(hours=given["hours"])
    waive(station=active_station(station_id), until=until, agent_id=agent_of(request), reason=given["reason"], now=now)
    return back(request, None, _("The room is offered again until then."))
