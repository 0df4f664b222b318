"""What a screen asks for people who come without a booking."""

from datetime import datetime
from typing import Any, TypeVar

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from ninja import Schema
from pydantic import ValidationError

from maillage.booking.models import Booking, Party, PartyKind
from maillage.booking.selectors import party_token
from maillage.core.errors import Invalid
from maillage.core.throttle import count_act
from maillage.core.words import hour_words
from maillage.station.domain.keys import MAIN_COOKIE
from maillage.station.forms import ReleaseIn, WalkInIn
from maillage.station.models import Station
from maillage.station.selectors import free_until, reachable_rooms, ringable_ways
from maillage.station.services import call_counterpart, call_room, give_back, identify, use_room

Body = TypeVar("Body", bound=Schema)


@require_http_methods(["GET", "POST"])
@never_cache
def call(request: HttpRequest) -> JsonResponse:
    """Say who can be called now and until when this room is free; by POST, call them or use it.

    Raises NotAStation, RoomSilent, CounterpartNotRung, RoomTakenSoon, and what booking refuses.
    """
    now = timezone.now()
    station = identify(key=request.COOKIES.get(MAIN_COOKIE, ""), now=now)
    if request.method == "GET":
        return JsonResponse(_offer(station, now))
    count_act(request, "walk-in", most=20, seconds=600)
    given = _read(request, WalkInIn)
    language = get_language() or "fr"
    if given.room is not None:
        booking = call_room(
            station=station, room_id=given.room, minutes=given.minutes, request_key=given.key, language=language,
            title=_("Direct call"), now=now,
        )  # fmt: skip
    elif given.way is not None:
        booking = call_counterpart(
            station=station, way_id=given.way, minutes=given.minutes, request_key=given.key, language=language,
            title=_("Direct call"), now=now,
        )  # fmt: skip
    else:
        booking = use_room(
            station=station, minutes=given.minutes, request_key=given.key, language=language,
            title=_("Room in use"), guest=_("a guest"), now=now,
        )  # fmt: skip
    return JsonResponse(_booked(booking, station), status=201)


@require_POST
@never_cache
def release(request: HttpRequest) -> HttpResponse:
    """Give back the rooms of a meeting booked on the screen. Raises NotAStation, UnknownBooking, NotWalkIn."""
    now = timezone.now()
    station = identify(key=request.COOKIES.get(MAIN_COOKIE, ""), now=now)
    give_back(station=station, reference=_read(request, ReleaseIn).reference, now=now)
    return JsonResponse({})


def _offer(station: Station, now: datetime) -> dict[str, Any]:
    room, zone = station.room, station.room.point.time_zone
    until = free_until(room, now)
    if until is None:
        sentence = _("The room is not free now, or the place is closed.")
        return {"sentence": sentence, "lengths": [], "rooms": [], "ways": []}
    sentence = _("The room is free until %(hour)s at least.") % {"hour": hour_words(until, zone)}
    minutes = (until - now).total_seconds() / 60
    return {
        "sentence": sentence,
        "lengths": [length for length in (30, 60) if length <= minutes],
        "rooms": [
            {
                "room": one.room.pk,
                "name": one.room.point.commune.name,
                "place": str(one.room),
                "until": _("free until %(hour)s") % {"hour": hour_words(one.free_until, zone)},
            }
            for one in reachable_rooms(room, now)
        ],
        "ways": [
            {
                "way": way.pk,
                "name": way.organisation.name,
                "place": ", ".join(filter(None, [way.get_kind_display(), way.note])),
            }
            for way in ringable_ways()
        ],
    }


def _booked(booking: Booking, station: Station) -> dict[str, Any]:
    parties = {party.room_id: party for party in Party.objects.filter(booking=booking).select_related("booking")}
    door = f"{reverse('conference:door', args=[party_token(parties[station.room_id])])}?station=1"
    guest = parties.get(None)
    if guest is None or guest.kind in (PartyKind.SIP, PartyKind.PHONE):
        return {"door": door, "guest": None}
    address = f"{settings.BASE_URL}{reverse('conference:door', args=[party_token(guest)])}"
    drawn = segno.make(address, error="m").svg_data_uri(scale=6, border=2, dark="#0f1b26", light="#ffffff")
    return {"door": door, "guest": {"address": address, "code": drawn, "reference": booking.reference}}


def _read(request: HttpRequest, kind: type[Body]) -> Body:
    """Return what the screen sent. Raises Invalid."""
    try:
        return kind.model_validate_json(request.body)
    except ValidationError as wrong:
        raise Invalid from wrong
