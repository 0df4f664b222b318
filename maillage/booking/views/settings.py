"""The settings of a point: one page, several short forms, each saved on its own."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.booking.errors.calendars import UnknownFeed
from maillage.booking.forms.keys import WayInForm
from maillage.booking.forms.point_life import AnsweringForm, EntryForm, HouseRulesForm
from maillage.booking.forms.settings import FeedForm, FreeHoursForm, HoursForm, PracticeForm, RoomForm
from maillage.booking.models import FeedKind
from maillage.booking.selectors.passes import pass_links, room_links
from maillage.booking.selectors.settings import PointSettings
from maillage.booking.selectors.settings import point_settings as read_settings
from maillage.booking.services.calendars import follow_calendar, stop_following
from maillage.booking.services.closing import find_lost_rooms
from maillage.booking.views.planning import agent_of
from maillage.booking.views.settings_life import save_answering, save_entry, save_house_rules, save_way_in
from maillage.booking.views.settings_prices import add_free_hours, end_free_hours, save_practice
from maillage.core.errors import DomainError
from maillage.points.rights import rooms_looked_after
from maillage.points.services import change_hours, change_room_rules, lift_closure

Forms = dict[str, Any]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def point_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what may be changed of a point; save the form that was sent."""
    now = timezone.now()
    agent = agent_of(request)
    rooms = rooms_looked_after(agent)
    found = read_settings(slug, rooms, now=now, today=now.date())
    if request.method != "POST":
        return _page(request, found, _forms(found, now), now)
    act = request.POST.get("act", "")
    given = _forms(found, now, act, request.POST)
    try:
        saved = _save(act, found, given, request.POST, now, agent.pk)
    except DomainError as refusal:
        return _page(request, found, given, now, refusal=refusal, status=refusal.status)
    if not saved:
        return _page(request, found, given, now, status=422)
    return HttpResponseRedirect(f"{request.path}?enregistre=1", status=303)


def _forms(found: PointSettings, now: datetime, act: str = "", data: QueryDict | None = None) -> Forms:
    """Return the forms of the page, the one of `act` filled with what was sent."""

    def sent(name: str) -> QueryDict | None:
        return data if act == name else None

    return {
        "hours": HoursForm(sent("hours"), initial={"hours": found.point.hours}),
        "ways": [WayInForm(sent(f"way{room.pk}"), room=room) for room in found.rooms],
        "rooms": [RoomForm(sent(f"room{room.pk}"), room=room) for room in found.rooms],
        "feed": FeedForm(sent("feed"), rooms=found.rooms),
        "practice": PracticeForm(sent("practice"), prices=found.prices) if found.prices else None,
        "free": FreeHoursForm(sent("free")),
        "answering": AnsweringForm(sent("answering"), point=found.point, rooms=found.rooms),
        "entry": EntryForm(sent("entry"), point=found.point),
        "rules": HouseRulesForm(sent("rules"), point=found.point),
    }


def _save(act: str, found: PointSettings, given: Forms, data: QueryDict, now: datetime, agent_id: int) -> bool:
    """Do what was asked; return False if its form is to be corrected. What is not on the page does nothing."""
    room_form: RoomForm | None = next((form for form in given["rooms"] if form.prefix == act), None)
    if room_form is not None:
        return _when_valid(room_form, lambda: _save_room(room_form, found, agent_id))
    way_form: WayInForm | None = next((form for form in given["ways"] if form.prefix == act), None)
    if way_form is not None:
        return _when_valid(way_form, lambda: save_way_in(way_form, now, agent_id))
    saves: dict[str, tuple[forms.Form | None, Callable[[], None]]] = {
        "hours": (given["hours"], lambda: _save_hours(given["hours"], found, agent_id)),
        "feed": (given["feed"], lambda: _save_feed(given["feed"], now, agent_id)),
        "practice": (given["practice"], lambda: save_practice(given["practice"], found, now.date(), agent_id)),
        "free": (given["free"], lambda: add_free_hours(given["free"], found, now.date(), agent_id)),
        "answering": (given["answering"], lambda: save_answering(given["answering"], found, agent_id)),
        "entry": (given["entry"], lambda: save_entry(given["entry"], found, agent_id)),
        "rules": (given["rules"], lambda: save_house_rules(given["rules"], found, now.date(), agent_id)),
    }
    form, save = saves.get(act, (None, lambda: None))
    if form is not None:
        return _when_valid(form, save)
    if act.startswith("leave"):
        _leave(act.removeprefix("leave"), found, agent_id)
    elif act.startswith("lift"):
        _lift(act.removeprefix("lift"), found, agent_id)
    elif act.startswith("charge"):
        end_free_hours(act.removeprefix("charge"), found, now.date(), agent_id)
    return True


def _when_valid(form: forms.Form, save: Callable[[], None]) -> bool:
    if not form.is_valid():
        return False
    save()
    return True


def _save_hours(form: HoursForm, found: PointSettings, agent_id: int) -> None:
    change_hours(point_id=found.point.pk, hours=form.cleaned_data["hours"], through="agent", agent_id=agent_id)


def _save_room(form: RoomForm, found: PointSettings, agent_id: int) -> None:
    hours = form.cleaned_data["hours"]
    if hours != form.room.hours:
        change_hours(point_id=found.point.pk, room_id=form.room.pk, hours=hours, through="agent", agent_id=agent_id)
    change_room_rules(room_id=form.room.pk, rules=form.rules(), through="agent", agent_id=agent_id)


def _save_feed(form: FeedForm, now: datetime, agent_id: int) -> None:
    fields = dict(form.cleaned_data)
    room = form.rooms[fields.pop("room")]
    fields["kind"] = FeedKind(fields["kind"])
    follow_calendar(room=room, now=now, agent_id=agent_id, **fields)


def _leave(feed: str, found: PointSettings, agent_id: int) -> None:
    mine = {str(known.feed.pk): known.feed.pk for known in found.feeds}
    if feed not in mine:
        raise UnknownFeed
    stop_following(feed_id=mine[feed], agent_id=agent_id)


def _lift(closure: str, found: PointSettings, agent_id: int) -> None:
    mine = {str(known.pk): known.pk for known in found.closures}
    if closure in mine:
        lift_closure(closure_id=mine[closure], through="agent", agent_id=agent_id)
        find_lost_rooms(timezone.now())


def _page(
    request: HttpRequest,
    found: PointSettings,
    given: Forms,
    now: datetime,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "found": found,
        "point": found.point,
        "forms": given,
        "refusal": refusal,
        "is_saved": request.method == "GET" and "enregistre" in request.GET,
        "now": now,
        "pass_links": pass_links(found.point, found.rooms, now=now),
        "room_links": room_links(found.point, found.rooms),
        "public_rooms": found.public_rooms,
        "base_url": settings.BASE_URL,
    }
    return render(request, "booking/point_settings.html", context, status=status)
