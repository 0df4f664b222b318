"""« Passages et appels »: a facilitator notes who came or called, in four taps, on a telephone too."""

from datetime import datetime
from typing import Any, cast
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from maillage.accounts.models import User
from maillage.booking.errors.rooms import NoRoomToLookAfter
from maillage.points.models import Point
from maillage.points.rights import rooms_looked_after
from maillage.usage.forms import VisitForm
from maillage.usage.models import Visit
from maillage.usage.services.visits import note_visit, take_back_visit

PEOPLE = (1, 2, 3, 5, 10)
_SHOWN = 10


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def visits(request: HttpRequest) -> HttpResponse:
    """Show the taps and the last notes; save one. Five queries."""
    now = timezone.now()
    agent = cast("User", request.user)
    points = list(Point.objects.filter(rooms__in=rooms_looked_after(agent).order_by()).distinct().order_by("name"))
    if not points:
        raise NoRoomToLookAfter
    today = timezone.localdate(now)
    initial = {"key": uuid4(), "point": request.GET.get("lieu") or str(points[0].pk)}
    form = VisitForm(request.POST if request.method == "POST" else None, points=points, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        visit = _note(form, now, agent)
        return HttpResponseRedirect(f"{request.path}?note={visit.pk}&lieu={visit.point_id}", status=303)
    return _page(request, form, points, status=422 if form.is_bound else 200)


@login_required
@require_POST
def take_back(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Remove a note of this agent's points."""
    agent = cast("User", request.user)
    take_back_visit(visit_id=visit_id, rooms=rooms_looked_after(agent), agent_id=agent.pk)
    return HttpResponseRedirect(reverse("usage:visits") + "?annule=1", status=303)


def _note(form: VisitForm, now: datetime, agent: User) -> Visit:
    given: dict[str, Any] = dict(form.cleaned_data)
    point = form.points[given.pop("point")]
    return note_visit(point=point, now=now, agent_id=agent.pk, **given)


def _page(request: HttpRequest, form: VisitForm, points: list[Point], *, status: int) -> HttpResponse:
    latest = list(Visit.objects.filter(point__in=points).select_related("point").order_by("-noted_at")[:_SHOWN])
    context = {
        "form": form,
        "people": PEOPLE,
        "latest": latest,
        "noted": next((one for one in latest if str(one.pk) == request.GET.get("note")), None),
        "is_taken_back": "annule" in request.GET,
        "has_points": len(points) > 1,
    }
    return render(request, "usage/visits.html", context, status=status)
