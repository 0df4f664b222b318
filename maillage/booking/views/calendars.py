"""Our calendars, published: read by other software, so that a refusal is a status and a line, never a page."""

from datetime import UTC, datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import require_GET, require_safe

from maillage.booking.gateways.mail import sender_address
from maillage.booking.gateways.publishing import BusyTimes, free_busy_file
from maillage.booking.selectors.busy import FreeBusy, free_busy
from maillage.booking.selectors.calendars import domain, door_by_token, person_calendar, room_calendar
from maillage.core.errors import DomainError
from maillage.core.quarters import moment_of
from maillage.core.throttle import throttled

_SEEN_FOR = 90 * 86_400


@require_GET
def published_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Give the calendar behind a secret address."""
    now = timezone.now()
    try:
        door = door_by_token(token, now)
    except DomainError as refusal:
        return HttpResponse(refusal.sentence(), status=refusal.status, content_type="text/plain; charset=utf-8")
    content = person_calendar(door, now) if door.room_id is None else room_calendar(door, now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="maillage.ics"'
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, max_age=300)
    return response


@require_safe
@throttled("busy", most=600, seconds=600)
def room_busy(request: HttpRequest, room_id: int) -> HttpResponse:
    """Give when a public room is taken, to software that reads free/busy; nothing is sent again if nothing changed."""
    now = timezone.now()
    try:
        found = free_busy(room_id, now=now)
    except DomainError as refusal:
        return HttpResponse(refusal.sentence(), status=refusal.status, content_type="text/plain; charset=utf-8")
    changed_at = _changed_at(found, now)
    response = HttpResponse(_busy_file(found, changed_at), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="salle-{room_id}.ifb"'
    response["ETag"] = f'"{found.version}"'
    response["Last-Modified"] = http_date(changed_at.timestamp())
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, max_age=60, must_revalidate=True)
    told = get_conditional_response(request, response["ETag"], int(changed_at.timestamp()), response)
    return told or response


def _changed_at(found: FreeBusy, now: datetime) -> datetime:
    """Return when these times were first seen to be so: a second at least after those that were shown before."""
    key = f"room-busy:{found.room.pk}"
    version, seen_at = cache.get(key, ("", 0))
    if version != found.version:
        seen_at = max(int(now.timestamp()), seen_at + 1)
        cache.set(key, (found.version, seen_at), _SEEN_FOR)
    return datetime.fromtimestamp(seen_at, UTC)


def _busy_file(found: FreeBusy, changed_at: datetime) -> bytes:
    def spans(quarters: tuple[tuple[int, int], ...]) -> tuple[tuple[datetime, datetime], ...]:
        return tuple((moment_of(first), moment_of(end)) for first, end in quarters)

    room = found.room
    return free_busy_file(
        BusyTimes(
            uid=f"room-{room.pk}-busy@{domain()}",
            organiser=f"mailto:{sender_address()}",
            url=settings.BASE_URL + reverse("booking:room_busy", args=[room.pk]),
            stamp=changed_at,
            start=moment_of(found.first),
            end=moment_of(found.end),
            taken=spans(found.taken),
            shut=spans(found.shut),
        )
    )
