"""The film of a recording: made by the worker once it is stopped, announced to the parties, removed on its date."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from maillage.booking.models import Booking
from maillage.conference.domain.recording import Step, Timeline
from maillage.conference.gateways import recorder
from maillage.conference.gateways.recorder import FilmFailed
from maillage.conference.models import BridgeRoom, NoticeKind, Recording
from maillage.conference.services.notices import write_notices
from maillage.core.journal import record

logger = logging.getLogger(__name__)
SETTLES = timedelta(seconds=10)
"""The bridge closes its files meanwhile."""


@task
def make_film(recording_id: int) -> str:
    """Make the film of a recording: the worker's side of `make_waiting_films`."""
    return film(recording_id, now=timezone.now())


def make_waiting_films(now: datetime) -> int:
    """Give the worker the recordings that were stopped; return how many. Making one twice is harmless."""
    stopped = Recording.objects.filter(step=Step.STOPPED, stopped_at__lte=now - SETTLES)
    waiting = list(stopped.values_list("pk", flat=True))
    for pk in waiting:
        make_film.enqueue(pk)
    return len(waiting)


def film(recording_id: int, *, now: datetime) -> str:
    """Make the film of a stopped recording and tell the parties; return where the recording is then."""
    recording = Recording.objects.filter(pk=recording_id, step=Step.STOPPED).first()
    if recording is None:
        return "made already"
    spans = recording.spans.exclude(ended_at=None).values_list("started_at", "ended_at")
    timeline = Timeline([(start.timestamp(), end.timestamp()) for start, end in spans if end])
    room = BridgeRoom.objects.filter(conference=recording.conference_id).values_list("room", flat=True).first()
    target = recorder.film_path(recording.folder)
    tracks = recorder.tracks_of(room or "", timeline) if room else []
    try:
        recorder.make_film(tracks, timeline, target)
    except FilmFailed as failure:
        logger.warning("recording %s gave no film: %s", recording.pk, failure)
        Recording.objects.filter(pk=recording.pk).update(step=Step.FAILED)
        return Step.FAILED.value
    _ready(recording, target.stat().st_size, now)
    recorder.forget_tracks(tracks)
    return Step.READY.value


@transaction.atomic
def _ready(recording: Recording, size: int, now: datetime) -> None:
    made = Recording.objects.filter(pk=recording.pk, step=Step.STOPPED).update(step=Step.READY, size=size)
    if not made:
        return
    booking = Booking.objects.get(conference=recording.conference_id)
    record("recording.ready", f"booking:{booking.reference}", through="task", seconds=recording.seconds, size=size)
    write_notices(booking=booking, kind=NoticeKind.RECORDING, version=recording.pk, now=now)


def remove_old_films(now: datetime) -> int:
    """Remove the films whose time is over; return how many. The fact that there was one stays."""
    until = now - timedelta(days=settings.RECORDINGS_KEPT_DAYS)
    old = Recording.objects.filter(removed_at=None, stopped_at__lt=until).select_related("conference__booking")
    for recording in old:
        recorder.film_path(recording.folder).unlink(missing_ok=True)
        with transaction.atomic():
            Recording.objects.filter(pk=recording.pk).update(removed_at=now)
            record("recording.removed", f"booking:{recording.conference.booking.reference}", through="task")
    return len(old)
