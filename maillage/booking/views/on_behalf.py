"""Booking for somebody on the telephone: one screen, the same engine, in under a minute (requirement B19)."""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from maillage.booking.domain.contacts import Manner
from maillage.booking.domain.wishes import MeetingWish, PartyWish, Proposal
from maillage.booking.errors.support import CannotBookForOthers
from maillage.booking.forms.on_behalf import MOST_ROOMS, OnBehalfForm, next_half_hour
from maillage.booking.selectors import organiser_token, propose_slots
from maillage.booking.selectors.callers import known_callers
from maillage.booking.services import book_slot
from maillage.booking.views.planning import agent_of
from maillage.booking.views.search import zone
from maillage.core.errors import DomainError
from maillage.points.models import Room
from maillage.points.rights import rooms_looked_after

_DAYS_AROUND = 7


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def on_behalf(request: HttpRequest) -> HttpResponse:
    """Ask and book. When the hour does not suit, the nearest ones that do are buttons: nothing is typed again."""
    now = timezone.now()
    rooms = rooms_looked_after(agent_of(request)).order_by("point__name", "name")
    form = _form(request.POST if request.method == "POST" else None, rooms, now, request.GET)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        where = form.rooms[form.cleaned_data["room"]].point.time_zone if form.rooms else zone().key
        parties = form.parties()
        chosen = _number(request.POST.get("at"))
        first = chosen or form.first_quarter(ZoneInfo(where))
        wish = _wish(parties, form.cleaned_data["duration"] // 15, first, where)
        found = propose_slots(wish, now=now, limit=1)
        if not found:
            return _page(request, form, choices=_nearest(wish, now), status=409)
        token = _book(request, form, wish, found[0], rooms, now)
    except DomainError as refusal:
        return _page(request, form, refusal=refusal, status=refusal.status)
    return HttpResponseRedirect(reverse("booking:meeting", args=[token]), status=303)


@login_required
@require_GET
@never_cache
def callers(request: HttpRequest) -> HttpResponse:
    """Answer who the name being typed may be, among those this agent already knows."""
    rooms = rooms_looked_after(agent_of(request))
    found = known_callers(rooms, request.GET.get("caller", "")[:80], now=timezone.now())
    return render(request, "booking/_callers.html", {"callers": found})


def _form(data: QueryDict | None, rooms: QuerySet[Room], now: datetime, given: QueryDict) -> OnBehalfForm:
    listed = list(rooms[: MOST_ROOMS + 1])
    if not listed:
        raise CannotBookForOthers
    soon = next_half_hour(now.astimezone(zone()))
    known = {
        name: given[name][:254] for name in ("caller", "reach", "category", "room", "day", "start") if name in given
    }
    initial = {"day": soon.date(), "start": soon.time(), **known}
    return OnBehalfForm(data, rooms=listed if len(listed) <= MOST_ROOMS else (), initial=initial)


def _wish(parties: tuple[PartyWish, ...], length: int, first_quarter: int, where: str) -> MeetingWish:
    return MeetingWish(
        parties=parties,
        length=length,
        first_quarter=first_quarter,
        end_quarter=first_quarter + length,
        time_zone=where,
    )


def _nearest(wish: MeetingWish, now: datetime) -> list[Proposal]:
    """Return the hours of the week around that suit, the nearest to the one asked first."""
    around = replace(wish, first_quarter=wish.first_quarter - 96, end_quarter=wish.first_quarter + _DAYS_AROUND * 96)
    found = propose_slots(around, now=now, limit=6)
    return sorted(found, key=lambda proposal: abs(proposal.first_quarter - wish.first_quarter))[:3]


def _book(
    request: HttpRequest, form: OnBehalfForm, wish: MeetingWish, found: Proposal, rooms: QuerySet[Room], now: datetime
) -> str:
    """Book what was found and return the organiser's token. One room at least must be the agent's."""
    agent = agent_of(request)
    seated = {seat.position: seat.room.room_id for seat in found.seats if seat.room}
    if not rooms.filter(pk__in=seated.values()).exists():
        raise CannotBookForOthers
    contact = form.contact()
    essence = f"{agent.pk}|{contact.name}|{contact.email}{contact.phone}|{found.first_quarter}|{sorted(seated.items())}"
    booking = book_slot(
        request_key=hashlib.sha256(f"on-behalf|{essence}".encode()).hexdigest(),
        first_quarter=found.first_quarter,
        length=found.length,
        parties=tuple(replace(party, room_id=seated.get(party.position)) for party in wish.parties),
        time_zone=wish.time_zone,
        language="fr",
        contact=contact,
        now=now,
        through="agent",
        manner=Manner(agent_id=agent.pk, starter=form.cleaned_data["starter"]),
    )
    return organiser_token(booking)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _page(
    request: HttpRequest,
    form: OnBehalfForm,
    *,
    choices: list[Proposal] | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "choices": choices,
        "is_full": choices == [],
        "refusal": refusal,
        "zone": zone().key,
    }
    return render(request, "booking/on_behalf.html", context, status=status)
