"""The desk's pages: the day, one meeting, the stations to look at; and its acts. For operators only."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from maillage.accounts.models import User
from maillage.concierge import services
from maillage.concierge.errors import NotAnOperator
from maillage.concierge.forms import ClosingForm, HandoverForm, NoteForm, OrderForm, TicketForm, WaiverForm
from maillage.concierge.models import Cause, Owner
from maillage.concierge.rights import is_operator
from maillage.concierge.selectors import day_board, followed_meeting, meeting_sheet, prevention
from maillage.concierge.services.fallback import addresses_of
from maillage.concierge.services.tickets import About
from maillage.concierge.words import cause_words, reason_words, state_words, step_words
from maillage.conference.services import ask_side
from maillage.core.errors import Invalid, Missing
from maillage.core.http import render_page
from maillage.station.models import OrderKind, Station, StationState
from maillage.station.services import give_order, waive

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_operators(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let operators in; others sign in, or are told what to ask for. Never cached. Raises NotAnOperator."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not is_operator(cast("User", request.user)):
            raise NotAnOperator
        return view(request, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", never_cache(login_required(guarded)))


def _agent(request: HttpRequest) -> int:
    return int(cast("User", request.user).pk)


def _words() -> dict[str, Any]:
    return {
        "states": state_words(),
        "reasons": reason_words(),
        "steps": step_words(),
        "causes": cause_words(),
        "zone": settings.TIME_ZONE,
    }


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
        **_words(),
        "board": day_board(day=day, zone=zone, now=now, grouping=grouping),
        "prevention": prevention(now),
        "now": now,
        "grouping": grouping,
        "is_today": day == today,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "handover_form": HandoverForm(),
    }
    return render_page(request, "concierge/board.html", "concierge/_board.html", context)


@require_GET
@for_operators
def meeting(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Show one meeting: its sides, its steps, what can be done, what happened."""
    return _meeting_page(request, booking_id)


@require_GET
@for_operators
def stations(request: HttpRequest) -> HttpResponse:
    """Show what may fail tomorrow."""
    context = {**_words(), "prevention": prevention(timezone.now()), "waiver": WaiverForm(), "order": OrderForm()}
    return render(request, "concierge/stations.html", context)


@require_POST
@for_operators
def open_ticket(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Open a ticket about a meeting or one of its sides."""
    booking = followed_meeting(booking_id)
    form = TicketForm(request.POST)
    if not form.is_valid():
        return _meeting_page(request, booking_id, ticket_form=form)
    given = form.cleaned_data
    sides = {party.pk for party in booking.parties.all()}
    about = About(booking_id=booking.pk, party_id=given["party"] if given["party"] in sides else None)
    services.open_ticket(
        about=about, cause=Cause(given["cause"]), owner=Owner(given["owner"]), note=given["note"],
        now=timezone.now(), agent_id=_agent(request),
    )  # fmt: skip
    return _back(request, booking_id, _("The ticket is open."))


@require_POST
@for_operators
def close_ticket(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Close a ticket, with whose problem it was."""
    given = _valid(ClosingForm(request.POST))
    services.close_ticket(
        ticket_id=ticket_id, note=given["note"], owner=given["owner"], now=timezone.now(), agent_id=_agent(request)
    )
    return _back(request, None, _("The ticket is closed."))


@require_POST
@for_operators
def note_ticket(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Add a line to a ticket."""
    given = _valid(NoteForm(request.POST))
    services.note_ticket(ticket_id=ticket_id, note=given["note"], now=timezone.now(), agent_id=_agent(request))
    return _back(request, None, _("The note is kept."))


@require_POST
@for_operators
def tick(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Note that a step was done by a person."""
    booking = followed_meeting(booking_id)
    services.tick_step(
        booking=booking,
        step=request.POST.get("step", ""),
        note=request.POST.get("note", ""),
        agent_id=_agent(request),
        now=timezone.now(),
    )
    return _back(request, booking_id, _("It is noted."))


@require_POST
@for_operators
def fallback(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Move everyone elsewhere by mail: the first press shows to whom, the second writes. Raises NoFallback."""
    booking = followed_meeting(booking_id)
    if request.POST.get("sure") != "1":
        address = services.fallback_address(booking)
        context = {"booking": booking, "address": address, "recipients": addresses_of(booking)}
        return render(request, "concierge/fallback.html", context)
    count = services.move_to_fallback(booking=booking, agent_id=_agent(request))
    told = ngettext("%(count)s mail leaves now.", "%(count)s mails leave now.", count) % {"count": count}
    return _back(request, booking_id, told)


@require_POST
@for_operators
def order(request: HttpRequest, station_id: int) -> HttpResponse:
    """Ask something of a room's screen."""
    given = _valid(OrderForm(request.POST))
    give_order(
        station=_station(station_id),
        kind=OrderKind(given["kind"]),
        text=given["text"],
        agent_id=_agent(request),
        now=timezone.now(),
    )
    return _back(request, None, _("The screen does it within twenty seconds; the room sees and hears it."))


@require_POST
@for_operators
def ask(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Ask a side to cut its sound or its images. Raises AskUnknown, NotIn."""
    booking = followed_meeting(booking_id)
    party = next((one for one in booking.parties.all() if str(one.pk) == request.POST.get("party")), None)
    if party is None:
        raise Missing
    party.booking = booking
    ask_side(party=party, what=request.POST.get("what", ""), agent_id=_agent(request), now=timezone.now())
    return _back(request, booking_id, _("It is done, and its people are told."))


@require_POST
@for_operators
def waive_station(request: HttpRequest, station_id: int) -> HttpResponse:
    """Offer a room for a while whatever its tests say."""
    given = _valid(WaiverForm(request.POST))
    now = timezone.now()
    until = now + timedelta(hours=given["hours"])
    waive(station=_station(station_id), until=until, agent_id=_agent(request), reason=given["reason"], now=now)
    return _back(request, None, _("The room is offered again until then."))


@require_POST
@for_operators
def hand_over(request: HttpRequest) -> HttpResponse:
    """Leave a note for the next shift."""
    given = _valid(HandoverForm(request.POST))
    services.hand_over(text=given["text"], agent_id=_agent(request), now=timezone.now())
    return _back(request, None, _("The next shift will read it."))


def _meeting_page(request: HttpRequest, booking_id: UUID, ticket_form: forms.Form | None = None) -> HttpResponse:
    now = timezone.now()
    context = {
        **_words(),
        "sheet": meeting_sheet(booking_id, now),
        "now": now,
        "ticket_form": ticket_form or TicketForm(),
        "owners": Owner.choices,
    }
    status = 422 if ticket_form else 200
    return render_page(request, "concierge/meeting.html", "concierge/_meeting.html", context, status=status)


def _valid(form: forms.Form) -> dict[str, Any]:
    """Return what the form holds. Raises Invalid."""
    if not form.is_valid():
        raise Invalid
    return form.cleaned_data


def _station(station_id: int) -> Station:
    station = Station.objects.filter(pk=station_id, state=StationState.ACTIVE).first()
    if station is None:
        raise Missing
    return station


def _back(request: HttpRequest, booking_id: UUID | None, told: str) -> HttpResponse:
    """Say what was done, on the meeting's page or the desk's."""
    messages.success(request, told)
    asked = booking_id or _uuid(request.POST.get("meeting", ""))
    if asked:
        return redirect("concierge:meeting", booking_id=asked)
    return redirect(reverse("concierge:stations" if request.POST.get("from") == "stations" else "concierge:board"))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str, today: date) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return today
