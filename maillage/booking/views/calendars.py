"""Our calendars, published: read by other software, so that a refusal is a status and a line, never a page."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from maillage.booking.selectors.calendars import door_by_token, person_calendar, room_calendar
from maillage.core.errors import DomainError


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
