"""From the sentence to the cards, and from a card to rooms held for some minutes."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_GET

from maillage.booking.domain.wishes import MeetingWish, Proposal, check_linkable
from maillage.booking.errors import NoSuitableRoom
from maillage.booking.forms import SlotSearchForm
from maillage.booking.models import UnmetReason
from maillage.booking.selectors import propose_slots
from maillage.booking.services.demand import count_unmet
from maillage.booking.views.cards import cards_of, day_strip
from maillage.booking.views.links import book_url, kept_hold
from maillage.booking.views.misses import alternatives
from maillage.core.errors import DomainError
from maillage.core.http import render_page
from maillage.core.throttle import throttled

PAGE, FRAGMENT = "booking/slot_search.html", "booking/_slot_answer.html"


@require_GET
@throttled("search", most=120, seconds=60, methods=("GET",))
def slot_search(request: HttpRequest) -> HttpResponse:
    """Answer the sentence with three to five hours; « + un lieu » answers the sentence with one more place."""
    now = timezone.now()
    form = search_form(request.GET, now)
    context, status = search_context(form, request.GET, now)
    if kept := kept_hold(request, now):
        context |= {"kept": kept, "kept_page": book_url(kept)}
    response = render_page(request, PAGE, FRAGMENT, context, status=status)
    if form.is_reshaped:
        response["HX-Push-Url"] = "false"
    return response


def search_form(data: QueryDict | None, now: datetime) -> SlotSearchForm:
    """Return the sentence filled with `data`."""
    return SlotSearchForm(data, today=now.astimezone(zone()).date())


def zone() -> ZoneInfo:
    """The time zone in which visitors say hours."""
    return ZoneInfo(settings.TIME_ZONE)


def search_context(form: SlotSearchForm, data: QueryDict, now: datetime) -> tuple[dict[str, Any], int]:
    """Return what the page shows for `form`, and its status: 422 when something in the sentence is to be corrected."""
    context: dict[str, Any] = {"form": form, "search": data.urlencode()}
    if not form.is_bound:
        return context, 200
    if not form.is_valid():
        return context, 422
    try:
        return _answer(form, data, now, context)
    except DomainError as refusal:
        return context | {"refusal": refusal}, refusal.status


def _answer(
    form: SlotSearchForm, data: QueryDict, now: datetime, context: dict[str, Any]
) -> tuple[dict[str, Any], int]:
    wish = form.wish(now, zone())
    try:
        proposals = _propose(wish, now)
    except NoSuitableRoom as refusal:
        count_unmet(wish, UnmetReason.NO_ROOM, now=now)
        return context | {"refusal": refusal, **_nearly(form, wish, data, now)}, refusal.status
    cards = cards_of(wish, proposals, now)
    context |= {"is_answered": True, "wish": wish, "cards": cards, "strip": day_strip(wish, cards)}
    if not cards:
        count_unmet(wish, UnmetReason.NO_SLOT, now=now)
        context |= _nearly(form, wish, data, now)
    return context, 200


def _nearly(form: SlotSearchForm, wish: MeetingWish, data: QueryDict, now: datetime) -> dict[str, Any]:
    """Return what the page shows of a search that found nothing. What is left of today may be too short to look at."""
    asked = replace(wish, end_quarter=max(wish.end_quarter, wish.first_quarter + wish.length))
    found = alternatives(form.when_words(), asked, data, now, zone())
    return {"is_answered": True, "wish": wish, "alternatives": found}


def _propose(wish: MeetingWish, now: datetime, limit: int = 5) -> list[Proposal]:
    """Ask the engine, unless what is left of the window is shorter than the meeting."""
    if wish.end_quarter - wish.first_quarter < wish.length:
        return []
    check_linkable(wish.parties, has_bridge=bool(settings.BRIDGES_FILE))
    return propose_slots(wish, now=now, limit=limit)
