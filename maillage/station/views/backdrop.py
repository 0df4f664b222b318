"""What hangs behind a room: its choice by whoever looks after it, and the sheet to print for its wall."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from maillage.accounts.models import User
from maillage.conference.errors import BackdropMissing, BackdropUnreadable
from maillage.conference.gateways.pictures import MOST_BYTES
from maillage.conference.models import Backdrop, BackdropKind
from maillage.conference.selectors.backdrops import backdrop_address, network_backdrop
from maillage.conference.services.backdrops import choose_backdrop
from maillage.core.http import takes_up_to
from maillage.core.throttle import throttled
from maillage.points.models import Room
from maillage.station.errors import RoomNotYours
from maillage.station.forms import BackdropForm
from maillage.station.rights import rooms_looked_after

_AROUND = 64 * 1024


@takes_up_to(MOST_BYTES + _AROUND)
@login_required
@require_http_methods(["GET", "POST"])
@never_cache
@throttled("backdrop", most=30, seconds=600)
def backdrop(request: HttpRequest, room_id: int) -> HttpResponse:
    """See what others see around a room's picture, and change it. Raises RoomNotYours."""
    agent = cast("User", request.user)
    room = _room(agent, room_id)
    present = Backdrop.objects.filter(room=room).first()
    form = BackdropForm(request.POST or None, request.FILES or None, present=present)
    if request.method == "POST" and form.is_valid():
        try:
            _choose(form, room, agent)
        except (BackdropMissing, BackdropUnreadable) as refusal:
            form.add_error("picture", f"{refusal.sentence()} {refusal.advice()}")
        else:
            return redirect(f"{request.path}?enregistre=1")
    shown = {"room": room, "form": form, "address": backdrop_address(present), "has_network": bool(network_backdrop())}
    context: dict[str, Any] = {**shown, "is_saved": "enregistre" in request.GET}
    return render(request, "station/backdrop.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def backdrop_print(request: HttpRequest, room_id: int) -> HttpResponse:
    """The backdrop as a sheet to print large and hang behind the chairs. Raises RoomNotYours."""
    room = _room(cast("User", request.user), room_id)
    address = backdrop_address(Backdrop.objects.filter(room=room).first()) or network_backdrop()
    return render(request, "station/backdrop_print.html", {"room": room, "address": address})


def _choose(form: BackdropForm, room: Room, agent: User) -> None:
    given = form.cleaned_data["picture"]
    kind = BackdropKind.OWN if given else BackdropKind(form.cleaned_data["kind"])
    choose_backdrop(
        room_id=room.pk, kind=kind, content=given.read() if given else None, agent_id=agent.pk, now=timezone.now()
    )


def _room(agent: User, room_id: int) -> Room:
    room = rooms_looked_after(agent).filter(pk=room_id).first()
    if room is None:
        raise RoomNotYours
    return room
