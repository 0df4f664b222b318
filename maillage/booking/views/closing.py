"""Closing, joining and moving rooms that are booked: the meetings concerned are shown before anything is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.booking.forms.closing import CloseForm, MergeForm, MoveForm
from maillage.booking.models import Party
from maillage.booking.selectors.losses import digest_of, touched_parties
from maillage.booking.selectors.settings import PointSettings
from maillage.booking.selectors.settings import point_settings as read_settings
from maillage.booking.services.closing import (
    carrying_room,
    close_rooms,
    merge_rooms,
    merge_targets,
    relocate_point,
    touched_by,
)
from maillage.booking.views.planning import agent_of
from maillage.core.errors import DomainError, Missing
from maillage.core.quarters import quarter_of
from maillage.points.models import FOREVER
from maillage.points.rights import rooms_looked_after

_METHODS = ["GET", "HEAD", "POST"]
_MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class _Touched:
    """The sides concerned, with the room that a merge gives each, empty if it has none to give."""

    parties: list[Party]
    rows: list[tuple[Party, str]]
    digest: str
    is_merge: bool = False


@dataclass(frozen=True, slots=True)
class _Act:
    """One of the three acts: its form, what it would touch, and how it is done."""

    name: str
    form: forms.Form
    touched: Callable[[], _Touched]
    do: Callable[[str], object]


@login_required
@require_http_methods(_METHODS)
@never_cache
def closing(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """Ask, show which meetings are concerned, then do it once that was seen."""
    now = timezone.now()
    agent = agent_of(request)
    found = read_settings(slug, rooms_looked_after(agent), now=now, today=now.date())
    wanted = _acts(request, found, now, agent.pk).get(act)
    if wanted is None:
        raise Missing
    chosen = wanted()
    if request.method != "POST":
        return _page(request, found, chosen)
    if not chosen.form.is_valid():
        return _page(request, found, chosen, status=422)
    if "seen" not in request.POST:
        return _preview(request, found, chosen)
    try:
        chosen.do(request.POST["seen"][:32])
    except DomainError as refusal:
        return _preview(request, found, chosen, refusal)
    return HttpResponseRedirect(reverse("booking:losses") + "?fait=1", status=303)


def _acts(request: HttpRequest, found: PointSettings, now: datetime, agent_id: int) -> dict[str, Callable[[], _Act]]:
    data = request.POST if request.method == "POST" else None
    today = now.astimezone(ZoneInfo(found.point.time_zone)).date()
    base: dict[str, Any] = {"point": found.point, "rooms": found.rooms, "today": today}

    def close() -> _Act:
        form = CloseForm(data, **base)
        return _Act(
            "fermer",
            form,
            lambda: _touched(
                touched_parties(
                    form.closing().room_ids, form.closing().first_quarter, form.closing().end_quarter, now=now
                )
            ),
            lambda seen: close_rooms(form.closing(), seen=seen, now=now, agent_id=agent_id),
        )

    def merge() -> _Act:
        others = list(rooms_looked_after(agent_of(request)).order_by("point__name", "name"))
        form = MergeForm(data, **base, others=others)
        return _Act(
            "reunir",
            form,
            lambda: _merge_touched(form, now),
            lambda seen: merge_rooms(form.closing(), form.into_rooms(), seen=seen, now=now, agent_id=agent_id),
        )

    def move() -> _Act:
        form = MoveForm(data, point=found.point)
        ids = [room.pk for room in found.rooms]
        return _Act(
            "demenager",
            form,
            lambda: _touched(touched_parties(ids, quarter_of(now), FOREVER, now=now)),
            lambda seen: relocate_point(
                point_id=found.point.pk, to=form.to(), room_ids=ids, seen=seen, now=now, agent_id=agent_id
            ),
        )

    return {"fermer": close, "reunir": merge, "demenager": move}


def _touched(parties: list[Party]) -> _Touched:
    return _Touched(parties, [(party, "") for party in parties[:_MOST_SHOWN]], digest_of(parties))


def _merge_touched(form: MergeForm, now: datetime) -> _Touched:
    asked = form.closing()
    targets = merge_targets(asked, form.into_rooms())
    parties = touched_by(asked, now=now)
    rows = []
    for party in parties[:_MOST_SHOWN]:
        offer = next(carrying_room(party, targets, now=now), None)
        rows.append((party, f"{offer.room_name}, {offer.point_name}" if offer else ""))
    return _Touched(parties, rows, digest_of(parties), is_merge=True)


def _preview(
    request: HttpRequest, found: PointSettings, chosen: _Act, refusal: DomainError | None = None
) -> HttpResponse:
    try:
        touched = chosen.touched()
    except DomainError as impossible:
        return _page(request, found, chosen, refusal=impossible, status=impossible.status)
    status = refusal.status if refusal else 200
    return _page(request, found, chosen, touched=touched, refusal=refusal, status=status)


def _page(
    request: HttpRequest,
    found: PointSettings,
    chosen: _Act,
    *,
    touched: _Touched | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    count = len(touched.parties) if touched else 0
    words = {
        "fermer": _("Close, or put out of order"),
        "reunir": _("Join to another room"),
        "demenager": _("Move to another address"),
    }
    shown = ngettext("%(count)s meeting is concerned", "%(count)s meetings are concerned", count) % {"count": count}
    context = {
        "point": found.point,
        "act": chosen.name,
        "title": words[chosen.name],
        "others": [(name, said) for name, said in words.items() if name != chosen.name],
        "form": chosen.form,
        "touched": touched,
        "count": count,
        "count_words": shown if count else _("No meeting is concerned"),
        "left": max(0, count - _MOST_SHOWN),
        "refusal": refusal,
        "typed": [(name, value) for name, value in request.POST.items() if name not in {"seen", "csrfmiddlewaretoken"}],
    }
    return render(request, "booking/closing.html", context, status=status)
