"""The second screen of a room: another window of the main screen's browser, or a machine of its own with its key."""

from typing import Any, Final

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST

from maillage.conference.selectors.documents import page_picture
from maillage.conference.selectors.guests import guest_of
from maillage.conference.selectors.presence import check_inside
from maillage.core.errors import DomainError
from maillage.station.domain.keys import MAIN_COOKIE, SECOND_COOKIE
from maillage.station.models import ScreenKind
from maillage.station.selectors import party_looking_at
from maillage.station.services import change_key, identify, identify_second
from maillage.station.texts import second_texts
from maillage.station.views.screen import keep_key

CODE: Final[dict[str, Any]] = {"kind": ScreenKind.SECOND, "cookie": SECOND_COOKIE}
"""What asks for a second screen's code by the door that gives a main screen's."""


@require_GET
@never_cache
def second(request: HttpRequest) -> HttpResponse:
    """What is shown in the room's meeting, else the hour. It holds no data: a script asks whose second screen it is."""
    named = {"start": "second_start", "code": "second_code", "pair": "pair", "watch": "service_worker"}
    addresses = {key: reverse(f"station:{name}") for key, name in named.items()}
    return render(request, "station/second.html", {"texts": second_texts(), "addresses": addresses})


@require_POST
@never_cache
def start(request: HttpRequest) -> JsonResponse:
    """Say whether this screen has its own wire: not beside the main screen, which feeds it inside the machine.

    A machine of its own changes its key. Raises as `identify_second`.
    """
    now = timezone.now()
    try:
        identify(key=request.COOKIES.get(MAIN_COOKIE, ""), now=now)
    except DomainError:
        screen = identify_second(key=request.COOKIES.get(SECOND_COOKIE, ""), now=now)
        return keep_key(JsonResponse({"wire": True}), change_key(screen=screen, now=now), SECOND_COOKIE)
    return JsonResponse({"wire": False})


@require_GET
@cache_control(private=True, max_age=3600, immutable=True)
def second_page(request: HttpRequest, document_id: int, page: int) -> HttpResponseBase:
    """The picture of a page, for the second screen of a room that is in the meeting where the document lies.

    Raises as `identify_second`, DocumentUnknown, NotIn, MeetingOver, DoorClosed.
    """
    now = timezone.now()
    screen = identify_second(key=request.COOKIES.get(SECOND_COOKIE, ""), now=now)
    guest = guest_of(party_looking_at(screen.room, document_id), now)
    check_inside(guest)
    return FileResponse(page_picture(guest, document_id, page).open("rb"), content_type="image/webp")
