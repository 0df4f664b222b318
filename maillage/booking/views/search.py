"""From the sentence to the cards, and from a card to rooms held for some minutes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from maillage.booking.domain.windows import other_windows, window_of
from maillage.booking.domain.wishes import MeetingWish, Proposal
from maillage.booking.errors import NoSuitableRoom
from maillage.booking.forms import SlotSearchForm
from maillage.booking.forms.choices import PART, WHEN
from maillage.booking.models import UnmetReason
from maillage.booking.selectors import Meeting, propose_slots
from maillage.booking.services.demand import count_unmet
from maillage.booking.views.cards import cards_of, day_strip
from maillage.booking.views.links import book_url, kept_hold
from maillage.core.errors import DomainError
from maillage.core.http import render_page
from maillage.core.quarters import moment_of
from maillage.core.throttle import throttled

_Try = tuple[str | Promise, dict[str, str], MeetingWish]
PAGE, FRAGMENT = "booking/slot_search.html", "booking/_slot_answer.html"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another question that has an answer, when the one asked has none."""

    words: str | Promise
    address: str
    proposal: Proposal
    time_zone: str


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
    wish = form.wish(now, zone())
    try:
        proposals = _propose(wish, now)
    except NoSuitableRoom as refusal:
        count_unmet(wish, UnmetReason.NO_ROOM, now=now)
        return context | {"refusal": refusal}, refusal.status
    except DomainError as refusal:
        return context | {"refusal": refusal}, refusal.status
    cards = cards_of(wish, proposals, now)
    context |= {"is_answered": True, "wish": wish, "cards": cards, "strip": day_strip(wish, cards)}
    if not cards:
        count_unmet(wish, UnmetReason.NO_SLOT, now=now)
        context["alternatives"] = _alternatives(form, wish, data, now)
    return context, 200


def _propose(wish: MeetingWish, now: datetime, limit: int = 5) -> list[Proposal]:
    """Ask the engine, unless what is left of the window is shorter than the meeting."""
    if wish.end_quarter - wish.first_quarter < wish.length:
        return []
    return propose_slots(wish, now=now, limit=limit)


def same_search(found: Meeting, days: int = 0) -> str:
    """Return the address of a search for the same people, rooms and length, `days` later."""
    day = moment_of(found.booking.first_quarter).astimezone(found.zone).date() + timedelta(days=days)
    query = {"duration": str(found.booking.length * 15), "when": day.isoformat() if days else "fortnight"}
    for number, side in enumerate(found.sides, start=1):
        query[f"place_{number}"] = side.party.origin.label if side.party.origin else ""
        if side.room is None:
            query[f"address_{number}"], query[f"name_{number}"] = side.party.address, side.party.name
        query[f"people_{number}"] = str(side.party.head_count)
        query[f"kind_{number}"] = side.party.kind
        if days and side.room:
            query[f"room_{number}"] = str(side.room.pk)
    return f"{reverse('booking:slot_search')}?{urlencode(query)}"


def _alternatives(form: SlotSearchForm, wish: MeetingWish, data: QueryDict, now: datetime) -> list[Alternative]:
    """Return at most three nearby questions that do have an answer, each tried before it is offered."""
    found = []
    for words, change, other in _tries(form, wish, now):
        proposals = _propose(other, now, limit=1)
        if proposals:
            found.append(Alternative(words, _address(data, change), proposals[0], wish.time_zone))
        if len(found) == 3:
            break
    return found


def _tries(form: SlotSearchForm, wish: MeetingWish, now: datetime) -> list[_Try]:
    """Return what changes least first: the part of the day, the days, the length, then all of them together."""
    tries: list[_Try] = []
    if wish.part_of_day != "any":
        tries.append((dict(PART)["any"], {"part": "any"}, replace(wish, part_of_day="any")))
    for when in other_windows(form.when_words()):
        first, end = window_of(when, now, zone())
        tries.append((dict(WHEN)[when], {"when": when}, replace(wish, first_quarter=first, end_quarter=end)))
    shorter = max(2, wish.length // 2)
    if wish.length > 2:
        tries.append((_("a shorter meeting"), {"duration": str(shorter * 15)}, replace(wish, length=shorter)))
    first, end = window_of("fortnight", now, zone())
    freely = replace(wish, first_quarter=first, end_quarter=end, part_of_day="any")
    tries.append((_("within a fortnight, at any hour"), {"when": "fortnight", "part": "any"}, freely))
    change = {"when": "fortnight", "part": "any", "duration": str(shorter * 15)}
    tries.append((_("within a fortnight, for a shorter time"), change, replace(freely, length=shorter)))
    return tries


def _address(data: QueryDict, change: dict[str, str]) -> str:
    query = data.copy()
    for name, value in change.items():
        query[name] = value
        if name == "when":
            query.pop("day", None)
    return f"{reverse('booking:slot_search')}?{query.urlencode()}"
