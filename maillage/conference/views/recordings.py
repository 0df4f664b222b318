"""The film of a recorded meeting, for its parties, for a time."""

import re
from datetime import timedelta

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from maillage.conference.domain.recording import Step
from maillage.conference.errors import RecordingUnknown
from maillage.conference.gateways.recorder import film_path
from maillage.conference.models import Recording
from maillage.conference.selectors import guest_by_link
from maillage.conference.selectors.recordings import films_of

RANGE = re.compile(r"^bytes=(\d+)-(\d*)$")
LARGEST_PART = 4 * 1024 * 1024


def _films(token: str) -> list[Recording]:
    guest = guest_by_link(token, timezone.now())
    return films_of(guest.conference.pk) if guest.conference else []


@never_cache
@require_GET
def recording(request: HttpRequest, token: str) -> HttpResponse:
    """What was recorded of the meeting, and until when it is kept. Raises RecordingUnknown."""
    films = _films(token)
    if not films:
        raise RecordingUnknown
    kept = timedelta(days=settings.RECORDINGS_KEPT_DAYS)
    until = [(film, (film.stopped_at or film.asked_at) + kept) for film in films]
    guest = guest_by_link(token, timezone.now())
    context = {"films": until, "token": token, "booking": guest.booking}
    return render(request, "conference/recording.html", context)


@never_cache
@require_GET
def film(request: HttpRequest, token: str, recording_id: int) -> HttpResponseBase:
    """The film itself, whole or the part a player asks for. Raises RecordingUnknown."""
    found = next((one for one in _films(token) if one.pk == recording_id and one.step == Step.READY), None)
    if found is None:
        raise RecordingUnknown
    path = film_path(found.folder)
    if not path.exists():
        raise RecordingUnknown
    size = path.stat().st_size
    asked = RANGE.match(request.headers.get("Range", ""))
    if not asked:
        whole = FileResponse(path.open("rb"), content_type="video/mp4")
        whole["Accept-Ranges"] = "bytes"
        return whole
    first = int(asked[1])
    last = min(int(asked[2]) if asked[2] else size - 1, first + LARGEST_PART - 1, size - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with path.open("rb") as file:
        file.seek(first)
        part = HttpResponse(file.read(last - first + 1), status=206, content_type="video/mp4")
    part["Content-Range"], part["Accept-Ranges"] = f"bytes {first}-{last}/{size}", "bytes"
    return part
