"""The screen's own page and what it asks, and the page where a person links a screen to a room."""

import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import ValidationError

from maillage import __version__
from maillage.accounts.models import User
from maillage.booking.models import Booking
from maillage.core.errors import Invalid, Missing
from maillage.core.throttle import count_act, throttled
from maillage.core.words import hour_words
from maillage.station.domain.codes import spell_code
from maillage.station.domain.keys import MAIN_COOKIE
from maillage.station.errors import PairingCodeExpired, PairingCodeUnknown, RoomHasStation, RoomNotYours
from maillage.station.forms import PairingForm, SelfTestIn
from maillage.station.models import ScreenKind, SecondScreen, Station, TestOccasion
from maillage.station.rights import rooms_looked_after
from maillage.station.selectors import MOST_LISTED, StationMeeting, is_offered, next_meetings, rooms_with_screens
from maillage.station.services import (
    change_key,
    hear_stations,
    identify,
    pair_screen,
    record_self_test,
    take_orders,
    unlink_second_screen,
)
from maillage.station.services import request_pairing as ask_pairing
from maillage.station.texts import screen_texts

WIRE_PATH = "/station/fil"
_TEN_YEARS = 315_360_000
PROBE_BYTES = 512 * 1024


@require_GET
@never_cache
def screen(request: HttpRequest) -> HttpResponse:
    """The room's screen. It holds no data: a script asks for them, keeps them, and shows them when the line is cut."""
    context = {"texts": screen_texts(), "addresses": _addresses(), "voice_line": "/station/aide"}
    return render(request, "station/screen.html", context)


@require_POST
@never_cache
def start(request: HttpRequest) -> JsonResponse:
    """A screen starts: it changes its key and learns its room. Raises NotAStation, KeyUsedTwice."""
    now = timezone.now()
    station = identify(key=request.COOKIES.get(MAIN_COOKIE, ""), now=now)
    key = change_key(screen=station, now=now, version=__version__)
    hear_stations({station.pk: now})
    return keep_key(JsonResponse(_state(station, now)), key)


@require_GET
@never_cache
def beat(request: HttpRequest) -> JsonResponse:
    """A sign of life where `consumers.Heartbeat` does not stand in front of Django: ask for the state each time."""
    station = identify(key=request.COOKIES.get(MAIN_COOKIE, ""), now=timezone.now())
    hear_stations({station.pk: timezone.now()})
    return JsonResponse({"ask": True})


@require_GET
@never_cache
def state(request: HttpRequest) -> JsonResponse:
    """What the screen shows now; asking is also its sign of life."""
    now = timezone.now()
    station = identify(key=request.COOKIES.get(MAIN_COOKIE, ""), now=now)
    hear_stations({station.pk: now})
    orders = [{"kind": order.kind, "text": order.text} for order in take_orders(station=station, now=now)]
    return JsonResponse({**_state(station, now), "orders": orders})


@require_POST
@never_cache
def request_pairing(
    request: HttpRequest, kind: ScreenKind = ScreenKind.MAIN, cookie: str = MAIN_COOKIE
) -> JsonResponse:
    """A screen without a room asks for a code to show."""
    count_act(request, "pairing-code", most=30, seconds=600)
    wanted, key = ask_pairing(now=timezone.now(), kind=kind)
    body = {"code": spell_code(wanted.code), "seconds": int((wanted.expires_at - timezone.now()).total_seconds())}
    return keep_key(JsonResponse(body), key, cookie)


@require_POST
@never_cache
def self_test(request: HttpRequest) -> JsonResponse:
    """Keep what the screen measured; answer what it is worth."""
    now = timezone.now()
    station = identify(key=request.COOKIES.get(MAIN_COOKIE, ""), now=now)
    try:
        given = SelfTestIn.model_validate_json(request.body)
    except ValidationError as wrong:
        raise Invalid from wrong
    booking = Booking.objects.filter(reference=given.reference, parties__room=station.room_id).first()
    test = record_self_test(
        station=station,
        occasion=TestOccasion(given.occasion),
        measures=given.measures(),
        booking_id=booking.pk if booking else None,
        now=now,
    )
    return JsonResponse({"level": test.level, "causes": test.causes})


@login_required
@require_http_methods(["GET", "POST"])
@throttled("pairing", most=20, seconds=600)
def pair(request: HttpRequest) -> HttpResponse:
    """Link a screen to a room by the code it shows."""
    agent = cast("User", request.user)  # login_required lets nobody else in
    form = PairingForm(request.POST or None, agent=agent)
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        context = {"form": form, **_just_done(request, agent), **_rooms(agent)}
        return render(request, "station/pair.html", context, status=status)
    given = form.cleaned_data
    try:
        screen = pair_screen(
            agent=agent, typed=given["code"], room=given["room"], replace=given["replace"], now=timezone.now(),
            lasts=given["lasts"],
        )  # fmt: skip
    except (RoomHasStation, PairingCodeUnknown, PairingCodeExpired) as refusal:
        where = "replace" if isinstance(refusal, RoomHasStation) else "code"
        form.add_error(where, f"{refusal.sentence()} {refusal.advice()}")
        return render(request, "station/pair.html", {"form": form, **_rooms(agent)}, status=refusal.status)
    said = "deuxieme" if isinstance(screen, SecondScreen) else "associe"
    return redirect(f"{reverse('station:pair')}?{said}={screen.pk}")


@login_required
@require_POST
def unlink_second(request: HttpRequest, room_id: int) -> HttpResponse:
    """Link the second screen of a room no more. Raises RoomNotYours."""
    agent = cast("User", request.user)
    room = rooms_looked_after(agent).filter(pk=room_id).first()
    if room is None:
        raise RoomNotYours
    unlink_second_screen(agent=agent, room=room)
    return redirect(f"{reverse('station:pair')}?delie={room.pk}")


def _just_done(request: HttpRequest, agent: User) -> dict[str, Any]:
    """Return what the person just linked or unlinked, to say so."""
    asked = request.GET
    return {
        "linked": Station.objects.filter(pk=_number(asked.get("associe")), paired_by=agent).first(),
        "second": SecondScreen.objects.filter(pk=_number(asked.get("deuxieme")), paired_by=agent).first(),
        "unlinked": rooms_looked_after(agent).filter(pk=_number(asked.get("delie"))).first(),
    }


def _rooms(agent: User) -> dict[str, Any]:
    found = rooms_with_screens(rooms_looked_after(agent))
    return {"rooms": found[:MOST_LISTED], "has_more": len(found) > MOST_LISTED}


@login_required
@require_GET
def start_sheet(request: HttpRequest, room_id: int) -> HttpResponse:
    """The page to print and hang in a room, from its record. Raises RoomNotYours."""
    room = rooms_looked_after(cast("User", request.user)).filter(pk=room_id).first()
    if room is None:
        raise RoomNotYours
    address = f"{settings.BASE_URL}{reverse('points:point', args=[room.point.slug])}"
    drawing = segno.make(address, error="m").svg_inline(border=2, lineclass=None, omitsize=True)
    code = mark_safe(drawing)  # noqa: S308  (drawn by segno from our own address)
    return render(request, "station/sheet.html", {"room": room, "address": address, "code": code})


@require_GET
@cache_control(public=True, max_age=300)
def manifest(request: HttpRequest) -> JsonResponse:
    """What lets the screen be installed and started full screen."""
    body = {
        "name": "Maillage",
        "short_name": "Maillage",
        "start_url": reverse("station:screen"),
        "scope": "/",
        "display": "fullscreen",
        "background_color": "#0f1b26",
        "theme_color": "#0f1b26",
        "icons": [{"src": "/static/favicon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(body, content_type="application/manifest+json")


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


def _addresses() -> dict[str, str]:
    named = {
        "start": "start",
        "state": "state",
        "code": "request_pairing",
        "test": "self_test",
        "beat": "beat",
        "line": "line_probe",
        "watch": "service_worker",
        "call": "call",
        "release": "release",
        "pair": "pair",
    }
    addresses = {key: reverse(f"station:{name}") for key, name in named.items()}
    return {**addresses, "wire": WIRE_PATH, "recorder": static("bundles/station/recorder.js")}


def keep_key(response: JsonResponse, key: str, cookie: str = MAIN_COOKIE) -> JsonResponse:
    """Give a screen its key, in a cookie that only the addresses under /station receive."""
    response.set_cookie(
        cookie, key, max_age=_TEN_YEARS, path="/station", httponly=True, samesite="Strict", secure=settings.SECURE
    )
    return response


def _state(station: Station, now: datetime) -> dict[str, Any]:
    room = station.room
    zone = room.point.time_zone
    return {
        "now": now.isoformat(),
        "version": __version__,
        "room": room.name,
        "point": room.point.name,
        "zone": zone,
        "helpPhone": settings.HELP_PHONE,
        "level": station.level,
        "offered": is_offered(station, now),
        "meetings": [_meeting(meeting, zone) for meeting in next_meetings(room, now)],
    }


def _meeting(meeting: StationMeeting, zone: str) -> dict[str, Any]:
    return {
        "reference": meeting.reference,
        "startsAt": meeting.starts_at.isoformat(),
        "endsAt": meeting.ends_at.isoformat(),
        "hour": hour_words(meeting.starts_at, zone),
        "title": meeting.title,
        "others": list(meeting.others),
        "door": reverse("conference:door", args=[meeting.token]),
        "walkIn": meeting.is_walk_in,
    }


@require_http_methods(["GET", "POST"])
@never_cache
def line_probe(request: HttpRequest) -> HttpResponse:
    """Half a megabyte each way, to measure the line: GET gives it, POST takes it. Stations only."""
    identify(key=request.COOKIES.get(MAIN_COOKIE, ""), now=timezone.now())
    if request.method == "POST":
        return HttpResponse(str(len(request.body)), content_type="text/plain")
    return HttpResponse(secrets.token_bytes(PROBE_BYTES), content_type="application/octet-stream")


@require_GET
@cache_control(max_age=0, must_revalidate=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the screen alive without the line, served where its scope is."""
    found = finders.find("bundles/station/watch.js")
    if not isinstance(found, str):
        raise Missing
    listed = [
        static("bundles/station/screen.js"),
        static("bundles/station/second.js"),
        static("bundles/station/second_screen.css"),
        static("bundles/station/station.css"),
        static("bundles/core/base.css"),
    ]
    script = f"self.MAILLAGE={json.dumps({'version': __version__, 'shell': listed})};\n{Path(found).read_text()}"
    response = HttpResponse(script, content_type="text/javascript")
    response.headers["Service-Worker-Allowed"] = "/station"
    return response
