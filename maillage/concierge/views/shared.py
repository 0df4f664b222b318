"""What every page and act of the desk shares: who may be there, its words, the way back."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from maillage.accounts.models import User
from maillage.concierge.errors import NotAnOperator
from maillage.concierge.journal_words import journal_words
from maillage.concierge.rights import is_operator
from maillage.concierge.words import cause_words, line_texts, reason_words, state_words, step_words, trial_cause_words
from maillage.core.errors import Invalid, Missing
from maillage.station.models import Station, StationState

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


def agent_of(request: HttpRequest) -> int:
    """Return who acts."""
    return int(cast("User", request.user).pk)


def desk_words() -> dict[str, Any]:
    """Return what every page of the desk words."""
    return {
        "states": state_words(),
        "reasons": reason_words(),
        "steps": step_words(),
        "causes": cause_words(),
        "verbs": journal_words(),
        "trial_causes": trial_cause_words(),
        "line_texts": line_texts(),
        "zone": settings.TIME_ZONE,
    }


def valid(form: forms.Form) -> dict[str, Any]:
    """Return what the form holds. Raises Invalid."""
    if not form.is_valid():
        raise Invalid
    return form.cleaned_data


def active_station(station_id: int) -> Station:
    """Return a screen in service. Raises Missing."""
    station = Station.objects.filter(pk=station_id, state=StationState.ACTIVE).first()
    if station is None:
        raise Missing
    return station


def back(request: HttpRequest, booking_id: UUID | None, told: str) -> HttpResponse:
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
