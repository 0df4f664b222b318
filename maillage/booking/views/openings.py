"""Answering a request: from a mail, without signing in, or from the planning. Opening a page never answers anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from maillage.accounts.models import User
from maillage.booking.errors.rooms import NoRoomToLookAfter
from maillage.booking.forms.openings import OtherTimesForm, RefuseForm
from maillage.booking.models import OpeningRequest, OpeningStatus
from maillage.booking.selectors import Meeting, meeting_of
from maillage.booking.selectors.notices import deadline_words, host_facts
from maillage.booking.selectors.openings import Answerer, agent_address, asked_with, opening_by_link, openings_to_answer
from maillage.booking.services import accept_opening, choose_other_time, propose_other_times, refuse_opening
from maillage.booking.services.openings import check_answerable
from maillage.booking.views.meeting import meeting_by_link, page_context
from maillage.booking.views.planning import agent_of
from maillage.core.errors import DomainError
from maillage.core.throttle import throttled
from maillage.points.rights import rooms_looked_after

_PAGE = "booking/opening.html"
_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request reached by a link, and who answers by it."""

    token: str
    opening: OpeningRequest
    meeting: Meeting
    by: Answerer
    round: int
    now: datetime

    def act(self) -> dict[str, Any]:
        """Return what each answer's service wants."""
        return {"opening_id": self.opening.pk, "round_": self.round, "by": self.by, "now": self.now}


@require_GET
@never_cache
def opening(request: HttpRequest, token: str) -> HttpResponse:
    """Show a request and its three answers, or what was answered."""
    asked = _asked(request, token)
    is_open = asked.opening.status == OpeningStatus.ASKED and asked.opening.round == asked.round
    if is_open:
        _check(asked)
    return render(request, _PAGE, _context(asked) | {"act": "" if is_open else "told"})


@require_http_methods(_METHODS)
@never_cache
@throttled("answer", most=60, seconds=600)
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more, then say yes."""
    asked = _asked(request, token)
    if request.method != "POST":
        _check(asked)
        return render(request, _PAGE, _context(asked) | {"act": "accept"})
    accept_opening(**asked.act(), for_series="series" in request.POST)
    return _told(token)


@require_http_methods(_METHODS)
@never_cache
@throttled("answer", most=60, seconds=600)
def refuse(request: HttpRequest, token: str) -> HttpResponse:
    """Ask why, then say no."""
    asked = _asked(request, token)
    form = RefuseForm(request.POST if request.method == "POST" else None)
    for_series = "series" in request.POST
    return _with_form(
        request, asked, "refuse", form, lambda given: refuse_opening(**asked.act(), **given, for_series=for_series)
    )


@require_http_methods(_METHODS)
@never_cache
@throttled("answer", most=60, seconds=600)
def propose(request: HttpRequest, token: str) -> HttpResponse:
    """Ask which other times, then propose them."""
    asked = _asked(request, token)
    data = request.POST if request.method == "POST" else None
    form = OtherTimesForm(data, zone=asked.meeting.zone, asked=asked.meeting.start)

    def send(given: dict[str, Any]) -> object:
        return propose_other_times(**asked.act(), times=given["times"], note=given["note"])

    return _with_form(request, asked, "propose", form, send)


@require_http_methods(_METHODS)
@never_cache
@throttled("answer", most=60, seconds=600)
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """Let the organiser take one of the times that a point proposed."""
    now = timezone.now()
    found = meeting_by_link(token, now)
    page = reverse("booking:meeting", args=[token])
    opening = found.booking.openings.filter(status=OpeningStatus.PROPOSED).select_related("point").first()
    if opening is None:
        return HttpResponseRedirect(page, status=303)
    refusal = None
    if request.method == "POST":
        try:
            choose_other_time(opening_id=opening.pk, first_quarter=_quarter(request.POST.get("time")), now=now)
            return HttpResponseRedirect(page, status=303)
        except DomainError as refused:
            refusal = refused
    context = page_context(found, now) | {
        "opening": opening,
        "times": list(opening.other_times.all()),
        "until": deadline_words(opening, found.booking.time_zone),
        "refusal": refusal,
    }
    return render(request, "booking/other_times.html", context, status=refusal.status if refusal else 200)


@require_GET
@login_required
@never_cache
def to_answer(request: HttpRequest) -> HttpResponse:
    """« Demandes à traiter »: what waits for the points of an agent. Seven queries, whatever their number."""
    agent = agent_of(request)
    rooms = rooms_looked_after(agent)
    if not rooms.exists():
        raise NoRoomToLookAfter
    waiting = [(one, agent_address(one, agent)) for one in openings_to_answer(rooms)]
    return render(request, "booking/openings.html", {"waiting": waiting})


def _asked(request: HttpRequest, token: str) -> _Asked:
    now = timezone.now()
    reader = request.user if isinstance(request.user, User) else None
    opening, by, round_ = opening_by_link(token, now, reader)
    return _Asked(token, opening, meeting_of(opening.booking_id), by, round_, now)


def _check(asked: _Asked) -> None:
    check_answerable(asked.opening, asked.meeting.booking, asked.round, asked.now)


def _with_form(
    request: HttpRequest, asked: _Asked, act: str, form: forms.Form, send: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """Show the form of an answer; send it once it is right, its refusals said above what was typed."""
    if request.method != "POST":
        _check(asked)
        return render(request, _PAGE, _context(asked) | {"act": act, "form": form})
    if not form.is_valid():
        return render(request, _PAGE, _context(asked) | {"act": act, "form": form}, status=422)
    try:
        send(form.cleaned_data)
    except DomainError as refusal:
        context = _context(asked) | {"act": act, "form": form, "refusal": refusal}
        return render(request, _PAGE, context, status=refusal.status)
    return _told(asked.token)


def _context(asked: _Asked) -> dict[str, Any]:
    booking = asked.meeting.booking
    words = {
        OpeningStatus.ACCEPTED: _("It is accepted. The organiser and their guests are told."),
        OpeningStatus.REFUSED: _("It is refused. The organiser is told, with the hours that are free elsewhere."),
        OpeningStatus.PROPOSED: _("Your other times were sent. The organiser chooses among them."),
        OpeningStatus.EXPIRED: _("Nobody answered in time. The organiser was told, and the room is free again."),
        OpeningStatus.WITHDRAWN: _("The organiser cancelled this request. There is nothing to do."),
        OpeningStatus.ASKED: _("This request was asked anew since. A newer message holds it."),
    }
    return {
        "opening": asked.opening,
        "booking": booking,
        "zone": booking.time_zone,
        "meeting": asked.meeting,
        "facts": host_facts(asked.opening, asked.meeting),
        "until": deadline_words(asked.opening, booking.time_zone),
        "told": words[OpeningStatus(asked.opening.status)],
        "token": asked.token,
        "others": [other.booking for other in asked_with(asked.opening)],
    }


def _told(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("booking:opening", args=[token]), status=303)


def _quarter(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
