"""The pages of people away from the desk: rehearse at home, say who looks after one's equipment."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import ValidationError

from maillage.booking.models import Party
from maillage.concierge import services
from maillage.concierge.forms import FarEndForm, TrialIn
from maillage.concierge.models import FarEnd
from maillage.concierge.services.far_ends import PURPOSE
from maillage.concierge.words import trial_texts
from maillage.conference.call_texts import call_texts
from maillage.conference.domain.turn import LIFETIME, IceServer, Relay, ice_servers
from maillage.conference.selectors import guest_by_link
from maillage.core.errors import Invalid
from maillage.core.links import LinkForged, read_link
from maillage.core.throttle import count_act, throttled
from maillage.station.domain.verdict import Level

ECHO_LASTS: Final = timedelta(minutes=3)
"""Of the relay's credentials for somebody without a link: the time of one echo. What was opened goes on."""


def _relays(name: str, *, is_known: bool, now: datetime, lifetime: timedelta = LIFETIME) -> list[IceServer]:
    relay = Relay(settings.STUN_URLS, settings.TURN_URLS if is_known else (), settings.TURN_SECRET)
    return ice_servers(relay, name=name, now=now, lifetime=lifetime)


@require_GET
@never_cache
def rehearse(request: HttpRequest, token: str = "") -> HttpResponse:
    """Rehearse alone, any day: three gestures and an echo. Raises LinkForged, LinkExpired."""
    now = timezone.now()
    guest = guest_by_link(token, now) if token else None
    servers = _relays(f"trial-{guest.party.pk}" if guest else "trial", is_known=guest is not None, now=now)
    asks_line = guest is None and bool(settings.TURN_URLS and settings.TURN_SECRET)
    context = {
        "guest": guest,
        "token": token,
        "texts": {**call_texts(), **trial_texts()},
        "voice_line": f"/ws/aide/{token}" if token else "",
        "trial": {"token": token, "iceServers": servers, "line": reverse("concierge:trial_line") if asks_line else ""},
    }
    return render(request, "concierge/trial.html", context)


@require_POST
@never_cache
def trial_line(request: HttpRequest) -> JsonResponse:
    """Lend the relay to somebody without a link, for the time of one echo. Raises TooMany."""
    count_act(request, "echo", most=6, seconds=600)
    servers = _relays(f"echo-{secrets.token_hex(4)}", is_known=True, now=timezone.now(), lifetime=ECHO_LASTS)
    return JsonResponse({"iceServers": servers})


@require_POST
@never_cache
def trial_result(request: HttpRequest) -> JsonResponse:
    """Keep what a rehearsal found; answer only whether all is well. Raises Invalid, LinkForged, LinkExpired."""
    count_act(request, "trial", most=30, seconds=600)
    try:
        given = TrialIn.model_validate_json(request.body)
    except ValidationError as wrong:
        raise Invalid from wrong
    now = timezone.now()
    party = guest_by_link(given.token, now).party if given.token else None
    trial = services.record_trial(
        party=party, facts=given.facts(), measures={"path": given.path, "rtt_ms": given.rtt_ms}, device=given.device,
        now=now,
    )  # fmt: skip
    return JsonResponse({"well": trial.level != Level.RED, "known": party is not None})


@require_http_methods(["GET", "POST"])
@never_cache
@throttled("far-end", most=20, seconds=600)
def technical(request: HttpRequest, token: str) -> HttpResponse:
    """Say who looks after one's equipment, by a signed link. Raises LinkForged, LinkExpired."""
    party = _party(token)
    known = FarEnd.objects.filter(party=party).first()
    form = FarEndForm(request.POST or None, instance=known or FarEnd(party=party))
    if request.method == "POST" and form.is_valid():
        services.fill_far_end(party=party, answers=dict(form.cleaned_data), now=timezone.now())
        return redirect(f"{request.path}?merci=1")
    context: dict[str, Any] = {
        "form": form,
        "party": party,
        "booking": party.booking,
        "is_thanked": "merci" in request.GET,
        "relays": [*settings.STUN_URLS, *settings.TURN_URLS],
        "sip_address": settings.SIP_ADDRESS,
    }
    return render(request, "concierge/technical.html", context, status=422 if form.errors else 200)


def _party(token: str) -> Party:
    subject = read_link(PURPOSE, token, timezone.now())
    party = Party.objects.select_related("booking", "room__point").filter(pk=int(subject)).first()
    if party is None:
        raise LinkForged
    return party
