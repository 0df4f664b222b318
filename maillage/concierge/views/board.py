"""The day, the rooms' screens, the incidents, and the note for the next shift."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from maillage.concierge import services
from maillage.concierge.forms import HandoverForm, OrderForm, PeriodForm, WaiverForm
from maillage.concierge.selectors import (
    day_board,
    desks_over_time,
    incident_log,
    last_calls,
    prevention,
    rooms_without_screen,
    wall_of,
)
from maillage.concierge.views.shared import agent_of, back, desk_words, for_operators, valid
from maillage.concierge.words import quality_words
from maillage.core.http import render_page

MONTH = timedelta(days=30)


@require_GET
@for_operators
def board(request: HttpRequest) -> HttpResponse:
    """Show the meetings of a day, trouble first; the page asks again every five seconds."""
    now = timezone.now()
    zone = ZoneInfo(settings.TIME_ZONE)
    today = now.astimezone(zone).date()
    day = _day(request.GET.get("jour", ""), today)
    grouping = request.GET.get("epci", "")[:9]
    context = {
        **desk_words(),
        "board": day_board(day=day, zone=zone, now=now, grouping=grouping),
        "prevention": prevention(now),
        "now": now,
        "grouping": grouping,
        "is_today": day == today,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "handover_form": HandoverForm(),
        "calls": last_calls,
    }
    return render_page(request, "concierge/board.html", "concierge/_board.html", context)


@require_GET
@for_operators
def wall(request: HttpRequest) -> HttpResponse:
    """Show all meetings of this moment to a whole room; the page asks again by itself."""
    now = timezone.now()
    context = {**desk_words(), "qualities": quality_words(), "wall": wall_of(now), "now": now}
    return render_page(request, "concierge/wall.html", "concierge/_wall.html", context)


@require_GET
@for_operators
def stations(request: HttpRequest) -> HttpResponse:
    """Show what may fail tomorrow."""
    found = {"prevention": prevention(timezone.now()), "unwatched": rooms_without_screen()}
    context = {**desk_words(), **found, "waiver": WaiverForm(), "order": OrderForm()}
    return render(request, "concierge/stations.html", context)


@require_POST
@for_operators
def hand_over(request: HttpRequest) -> HttpResponse:
    """Leave a note for the next shift."""
    given = valid(HandoverForm(request.POST))
    services.hand_over(text=given["text"], agent_id=agent_of(request), now=timezone.now())
    return back(request, None, _("The next shift will read it."))


def _day(text: str, today: date) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return today


@require_GET
@for_operators
def incidents(request: HttpRequest) -> HttpResponse:
    """Show the problems of a period, by place and by supplier; the last month unless another is asked."""
    now = timezone.now()
    zone = ZoneInfo(settings.TIME_ZONE)
    today = now.astimezone(zone).date()
    form = PeriodForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    until = asked.get("until") or today
    since = min(asked.get("since") or until - MONTH, until)
    site = asked.get("site", "")
    log = incident_log(since=since, until=until, zone=zone, now=now, site=site)
    context = {**desk_words(), "log": log, "form": form, "site": site, "now": now, "desks": desks_over_time(today)}
    return render(request, "concierge/incidents.html", context)
