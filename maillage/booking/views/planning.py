"""The facilitator's planning: a day or a week of their rooms; a room blocked, a block released."""

from datetime import datetime, time
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from maillage.accounts.models import User
from maillage.actors.rights import runs_an_organisation
from maillage.booking.domain.planning import week_of
from maillage.booking.errors.calendars import NotYourRoom
from maillage.booking.errors.rooms import NoRoomToLookAfter, UnknownBlock
from maillage.booking.forms.planning import BlockForm, PlanningForm, Wanted
from maillage.booking.models import Span, SpanKind
from maillage.booking.selectors.bounces import count_unreachable
from maillage.booking.selectors.losses import count_waiting_losses
from maillage.booking.selectors.openings import count_to_answer
from maillage.booking.selectors.planning import planning_of
from maillage.booking.services.blocks import block_room, unblock_room
from maillage.booking.views.search import zone
from maillage.core.errors import DomainError
from maillage.points.models import Room
from maillage.points.rights import rooms_looked_after


@require_GET
@login_required
@never_cache
def planning(request: HttpRequest) -> HttpResponse:
    """Show the rooms of an agent, hour by hour or day by day. At most 15 queries, whatever the number of rooms."""
    now = timezone.now()
    return _page(request, _wanted(request.GET, now), now)


@require_POST
@login_required
def block(request: HttpRequest) -> HttpResponse:
    """Block a room. What is refused is said above the same planning, with all that was typed."""
    now = timezone.now()
    wanted = _wanted(request.POST, now)
    agent = agent_of(request)
    form = BlockForm(request.POST, rooms=rooms_looked_after(agent).filter(pk=_number(request.POST.get("room"))))
    if not form.is_valid():
        return _page(request, wanted, now, form, status=422)
    given = form.cleaned_data
    try:
        block_room(
            room_id=int(given["room"]),
            first_quarter=given["first_quarter"],
            end_quarter=given["end_quarter"],
            note=given["note"],
            now=now,
            agent_id=agent.pk,
        )
    except DomainError as refusal:
        return _page(request, wanted, now, form, refusal=refusal, status=refusal.status)
    return _back(Wanted(given["day"], wanted.is_week, wanted.host_id, wanted.page))


@require_POST
@login_required
def release(request: HttpRequest, span_id: int) -> HttpResponse:
    """Free a blocked room of this agent."""
    agent = agent_of(request)
    room_id = Span.objects.filter(pk=span_id, kind=SpanKind.BLOCK).values_list("room_id", flat=True).first()
    if room_id is None:
        raise UnknownBlock
    if not rooms_looked_after(agent).filter(pk=room_id).exists():
        raise NotYourRoom
    unblock_room(span_id=span_id, agent_id=agent.pk)
    return _back(_wanted(request.POST, timezone.now()))


def agent_of(request: HttpRequest) -> User:
    """Return who signed in. Call it behind `login_required`."""
    return cast("User", request.user)


def _wanted(data: Any, now: datetime) -> Wanted:
    shown = {name.removeprefix("shown-"): value for name, value in data.items() if name.startswith("shown-")}
    return PlanningForm(shown or data).wanted(now.astimezone(zone()).date())


def _back(wanted: Wanted) -> HttpResponse:
    return HttpResponseRedirect(reverse("booking:planning") + wanted.query(), status=303)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0


def _page(
    request: HttpRequest,
    wanted: Wanted,
    now: datetime,
    form: BlockForm | None = None,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    rooms = rooms_looked_after(agent_of(request))
    days = week_of(wanted.day) if wanted.is_week else (wanted.day,)
    found = planning_of(rooms, days, now=now, host_id=wanted.host_id, page=wanted.page)
    if not found.hosts:
        raise NoRoomToLookAfter
    shown = [row.room for row in found.rows]
    today = now.astimezone(zone()).date()
    context = {
        "planning": found,
        "wanted": wanted,
        "today": today,
        "today_link": wanted.query(jour=today.isoformat()),
        "previous_page": wanted.query(page=found.page - 1) if found.page > 1 else "",
        "next_page": wanted.query(page=found.page + 1) if found.page < found.pages else "",
        "form": _with_rooms(form, shown) if form else BlockForm(rooms=shown, initial=_initial(wanted)),
        "refusal": refusal,
        "waiting": count_to_answer(rooms),
        "lost": count_waiting_losses(rooms),
        "to_call": count_unreachable(rooms, now=now),
        "runs_organisations": runs_an_organisation(agent_of(request)),
    }
    return render(request, "booking/planning.html", context, status=status)


def _initial(wanted: Wanted) -> dict[str, Any]:
    return {"day": wanted.day, "start": time(9), "end": time(12)}


def _with_rooms(form: BlockForm, rooms: list[Room]) -> BlockForm:
    """Return a refused form whose list of rooms is that of the page; its errors stay."""
    known = {**{str(room.pk): room for room in rooms}, **form.rooms}
    form.fields["room"].choices = [  # type: ignore[attr-defined]
        (key, f"{room.point.name}, {room.name}") for key, room in known.items()
    ]
    return form
