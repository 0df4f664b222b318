"""What a point asks, typed by its facilitator: filled in, read as visitors will, then saved."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.booking.forms.tariffs import TariffEntry, with_one_more_row
from maillage.booking.selectors.settings import PointSettings
from maillage.booking.selectors.settings import point_settings as read_settings
from maillage.booking.selectors.tariff_entry import StandingTariffs, standing_tariffs, tariff_examples
from maillage.booking.services.tariff_entry import change_tariff, follow_point
from maillage.booking.views.planning import agent_of
from maillage.core.errors import DomainError
from maillage.core.words import date_words
from maillage.points.errors import UnknownRoom
from maillage.points.models import Room
from maillage.points.rights import rooms_looked_after


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the screen is about: a point, or one of its rooms, on a day there."""

    found: PointSettings
    room: Room | None
    today: date
    standing: StandingTariffs


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def tariffs(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what the point asks; show what visitors will read; save it."""
    agent = agent_of(request)
    now = timezone.now()
    found = read_settings(slug, rooms_looked_after(agent), now=now, today=now.date())
    room = _room(found, request.GET.get("salle", ""))
    today = now.astimezone(ZoneInfo(found.point.time_zone)).date()
    desk = _Desk(found, room, today, standing_tariffs(found.point, room, today=today))
    step = request.POST.get("step", "")
    if step == "follow":
        return _follow(request, desk, agent.pk)
    data = request.POST if request.method == "POST" else None
    grown = with_one_more_row(data) if data is not None and step == "add" else data
    entry = TariffEntry(grown, before=desk.standing.shown, today=today, seen=desk.standing.token)
    if data is None or step in {"add", "edit"}:
        return _page(request, desk, entry, is_grown=step == "add")
    if not entry.is_valid():
        return _page(request, desk, entry, status=422)
    if step != "save":
        return _preview(request, desk, entry)
    try:
        _save(desk, entry, agent.pk)
    except DomainError as refusal:
        return _preview(request, desk, entry, refusal)
    return _saved(request, desk)


def _follow(request: HttpRequest, desk: _Desk, agent_id: int) -> HttpResponse:
    """Have the room ask what its point asks; refused, the screen says why and shows what was written meanwhile."""
    if desk.room is None:
        raise UnknownRoom
    try:
        follow_point(room=desk.room, seen=request.POST.get("seen", ""), today=desk.today, agent_id=agent_id)
    except DomainError as refusal:
        entry = TariffEntry(None, before=desk.standing.shown, today=desk.today, seen=desk.standing.token)
        return _page(request, desk, entry, refusal=refusal, status=refusal.status)
    return _saved(request, desk)


def _saved(request: HttpRequest, desk: _Desk) -> HttpResponse:
    chosen = f"salle={desk.room.pk}&" if desk.room else ""
    return HttpResponseRedirect(f"{request.path}?{chosen}enregistre=1", status=303)


def _room(found: PointSettings, asked: str) -> Room | None:
    """Return the room asked for, None for the whole point. Raises UnknownRoom for one that is not looked after."""
    if not asked:
        return None
    room = next((room for room in found.rooms if str(room.pk) == asked), None)
    if room is None:
        raise UnknownRoom
    return room


def _save(desk: _Desk, entry: TariffEntry, agent_id: int) -> None:
    given = entry.form.cleaned_data
    change_tariff(
        point=desk.found.point,
        room=desk.room,
        tariff=entry.tariff(),
        valid_from=given["valid_from"],
        note=given["note"],
        seen=given["seen"],
        today=desk.today,
        agent_id=agent_id,
    )


def _preview(request: HttpRequest, desk: _Desk, entry: TariffEntry, refusal: DomainError | None = None) -> HttpResponse:
    given = entry.form.cleaned_data
    tariff = entry.tariff()
    kept = {"seen", "step", "csrfmiddlewaretoken"}
    context = {
        "point": desk.found.point,
        "room": desk.room,
        "tariff": tariff,
        "examples": tariff_examples(tariff, desk.found.point, given["valid_from"]),
        "free_hours": desk.standing.shown.free_hours.all() if desk.standing.shown else (),
        "given": given,
        "day": date_words(given["valid_from"], year=True),
        "has_unused_prices": entry.has_unused_prices,
        "seen": desk.standing.token if refusal else given["seen"],
        "typed": [(name, value) for name, value in request.POST.items() if name not in kept],
        "refusal": refusal,
    }
    return render(request, "booking/tariffs_preview.html", context, status=refusal.status if refusal else 200)


def _page(
    request: HttpRequest,
    desk: _Desk,
    entry: TariffEntry,
    *,
    is_grown: bool = False,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    if is_grown:
        entry.rows[-1].fields["group"].widget.attrs["autofocus"] = True
    context = {
        "point": desk.found.point,
        "rooms": desk.found.rooms,
        "room": desk.room,
        "standing": desk.standing,
        "later": [date_words(day, year=True) for day in desk.standing.later],
        "entry": entry,
        "form": entry.form,
        "is_grown": is_grown,
        "refusal": refusal,
        "has_practice": entry.has_practice,
        "is_saved": request.method == "GET" and "enregistre" in request.GET,
    }
    return render(request, "booking/tariffs.html", context, status=status)
