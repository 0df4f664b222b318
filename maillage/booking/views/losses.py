"""A meeting whose room closed: its organiser chooses by a link, or an agent does for them."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from maillage.booking.errors.losses import LossUnknown
from maillage.booking.errors.rooms import NoRoomToLookAfter
from maillage.booking.models import CancelCause, LossStatus, RoomLoss
from maillage.booking.selectors import Meeting, meeting_of
from maillage.booking.selectors.loss_notices import replacement_words, room_words, why_words
from maillage.booking.selectors.losses import losses_of, replacements_of, waiting_losses
from maillage.booking.services import cancel_booking
from maillage.booking.services.losses import accept_room, keep_room
from maillage.booking.views.meeting import meeting_by_link, page_context
from maillage.booking.views.planning import agent_of
from maillage.core.errors import DomainError
from maillage.core.journal import Door
from maillage.core.throttle import throttled
from maillage.points.models import Room
from maillage.points.rights import all_rooms_looked_after

_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
@never_cache
@throttled("answer", most=60, seconds=600)
def other_room(request: HttpRequest, token: str) -> HttpResponse:
    """Let the organiser take another room, the best one first, or cancel because theirs closed."""
    now = timezone.now()
    found = meeting_by_link(token, now)
    page = reverse("booking:meeting", args=[token])
    waiting = losses_of(found.booking)
    if not waiting or now >= found.start:
        return HttpResponseRedirect(page, status=303)
    if request.method == "POST" and request.POST.get("act") == "cancel":
        return _cancelled(request, found, page, now)
    return _choose(request, found, waiting[0], page, now, through="link")


@login_required
@require_http_methods(_METHODS)
@never_cache
def choose_for(request: HttpRequest, loss_id: int) -> HttpResponse:
    """Let an agent choose for an organiser who was called."""
    now = timezone.now()
    mine = RoomLoss.objects.filter(room__in=_rooms(request).order_by(), status=LossStatus.WAITING)
    loss = mine.select_related("booking", "party", "room__point").filter(pk=loss_id).first()
    if loss is None:
        raise LossUnknown
    page = reverse("booking:losses")
    found = meeting_of(loss.booking_id)
    if request.method == "POST" and request.POST.get("act") == "keep":
        return _then(
            request, found, loss, page, now, lambda: keep_room(loss_id=loss.pk, now=now, agent_id=_me(request))
        )
    return _choose(request, found, loss, page, now, through="agent", agent_id=_me(request))


@login_required
@require_GET
@never_cache
def losses(request: HttpRequest) -> HttpResponse:
    """« Réunions sans salle »: what waits for an organiser's answer at an agent's points. Six queries."""
    rooms = _rooms(request)
    if not rooms.exists():
        raise NoRoomToLookAfter
    waiting = [(loss, why_words(loss)) for loss in waiting_losses(rooms)]
    return render(request, "booking/losses.html", {"waiting": waiting, "is_done": "fait" in request.GET})


def _choose(
    request: HttpRequest,
    found: Meeting,
    loss: RoomLoss,
    page: str,
    now: datetime,
    *,
    through: Door,
    agent_id: int | None = None,
) -> HttpResponse:
    if request.method != "POST":
        return _page(request, found, loss, now)
    room_id, first_quarter = _choice(request.POST.get("choice", ""))

    def take() -> object:
        return accept_room(
            loss_id=loss.pk, room_id=room_id, first_quarter=first_quarter, now=now, through=through, agent_id=agent_id
        )

    return _then(request, found, loss, page, now, take)


def _then(
    request: HttpRequest, found: Meeting, loss: RoomLoss, page: str, now: datetime, act: Callable[[], object]
) -> HttpResponse:
    try:
        act()
    except DomainError as refusal:
        return _page(request, found, loss, now, refusal)
    return HttpResponseRedirect(page, status=303)


def _cancelled(request: HttpRequest, found: Meeting, page: str, now: datetime) -> HttpResponse:
    cancel_booking(booking_id=found.booking.pk, cause=CancelCause.ROOM_CLOSED, through="link", now=now)
    return HttpResponseRedirect(page, status=303)


def _page(
    request: HttpRequest, found: Meeting, loss: RoomLoss, now: datetime, refusal: DomainError | None = None
) -> HttpResponse:
    choices = [(one, replacement_words(loss, one)) for one in replacements_of(loss, now=now)]
    context = page_context(found, now) | {
        "loss": loss,
        "room": room_words(loss),
        "why": why_words(loss),
        "choices": choices,
        "is_same_hour": bool(choices) and choices[0][0].is_same_hour,
        "is_agent": request.resolver_match is not None and request.resolver_match.url_name == "choose_for",
        "refusal": refusal,
    }
    return render(request, "booking/other_room.html", context, status=refusal.status if refusal else 200)


def _choice(text: str) -> tuple[int, int]:
    """Return (room, first quarter) of a button; (0, 0), which no room has, for anything else."""
    room, _dash, quarter = text[:30].partition("-")
    both = room.isascii() and room.isdigit() and quarter.isascii() and quarter.isdigit()
    return (int(room), int(quarter)) if both and len(quarter) < 10 else (0, 0)


def _rooms(request: HttpRequest) -> "QuerySet[Room]":
    return all_rooms_looked_after(agent_of(request))


def _me(request: HttpRequest) -> int:
    return agent_of(request).pk
