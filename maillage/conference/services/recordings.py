"""Recording a meeting: accepted by every party that is in, paused as soon as one has not, stopped by any of them."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from maillage.conference.domain.recording import Step, step_after
from maillage.conference.errors import MeetingOver, RecordingUnavailable, RecordingUnknown
from maillage.conference.gateways.configured import configured_pool
from maillage.conference.gateways.errors import BridgeDown, BridgeRefused, NoBridge
from maillage.conference.gateways.pool import BridgePool
from maillage.conference.models import BridgeRoom, Conference, Recording, RecordingConsent, RecordingSpan
from maillage.conference.selectors.recordings import answers_to, present_in, recording_told, running_recording
from maillage.conference.services.bridge import put_on_bridge
from maillage.conference.services.routes import settle_route
from maillage.conference.services.telling import tell_inside, tell_routes
from maillage.core.journal import record

logger = logging.getLogger(__name__)


def can_record() -> bool:
    """Tell whether this network records at all: it is off unless an operator decided it."""
    return bool(settings.RECORDING and settings.JANUS_RECORDINGS and len(configured_pool()))


def _locked(conference_id: int) -> Conference:
    return Conference.objects.select_for_update().select_related("booking").get(pk=conference_id)


@transaction.atomic
def ask_recording(
    *, conference_id: int, now: datetime, party_id: int | None = None, agent_id: int | None = None
) -> Recording:
    """Ask for the meeting to be recorded; a party that asks accepts. Asked again while it runs, changes nothing.

    Raises RecordingUnavailable, MeetingOver.
    """
    if not can_record():
        raise RecordingUnavailable
    conference = _locked(conference_id)
    if conference.ended_at is not None:
        raise MeetingOver
    running = running_recording(conference_id)
    if running:
        return running
    asked = Recording.objects.create(
        conference=conference, asked_at=now, asked_by_id=party_id, asked_by_agent_id=agent_id
    )
    door = "agent" if agent_id else "link"
    subject = f"booking:{conference.booking.reference}"
    record("recording.asked", subject, through=door, agent_id=agent_id, party=party_id)  # type: ignore[arg-type]
    if party_id is not None:
        _keep_answer(asked, conference, party_id, accepts=True, now=now)
    follow_recording(conference_id, now)
    return asked


@transaction.atomic
def answer_recording(*, conference_id: int, party_id: int, accepts: bool, now: datetime) -> None:
    """Keep what a party answers. Refusing pauses at once, or keeps it from starting. Raises RecordingUnknown."""
    conference = _locked(conference_id)
    running = running_recording(conference_id)
    if running is None:
        raise RecordingUnknown
    _keep_answer(running, conference, party_id, accepts=accepts, now=now)
    follow_recording(conference_id, now)


def _keep_answer(recording: Recording, conference: Conference, party_id: int, *, accepts: bool, now: datetime) -> None:
    RecordingConsent.objects.update_or_create(
        recording=recording, party_id=party_id, defaults={"accepts": accepts, "at": now}
    )
    verb = "recording.accepted" if accepts else "recording.refused"
    record(verb, f"booking:{conference.booking.reference}", through="link", party=party_id)


@transaction.atomic
def stop_recording(
    *, conference_id: int, now: datetime, party_id: int | None = None, agent_id: int | None = None
) -> None:
    """End the recording, whoever asked for it. Stopping twice is harmless."""
    conference = _locked(conference_id)
    running = running_recording(conference_id)
    if running is None:
        return
    _close_span(running, now)
    running.stopped_at = now
    running.step = Step.STOPPED if running.spans.exists() else Step.FAILED
    running.seconds = _recorded_seconds(running)
    running.save(update_fields=["stopped_at", "step", "seconds"])
    door = "agent" if agent_id else "link"
    subject = f"booking:{conference.booking.reference}"
    record("recording.stopped", subject, through=door, agent_id=agent_id, party=party_id, seconds=running.seconds)  # type: ignore[arg-type]
    _changed(conference_id)


def follow_recording(conference_id: int, now: datetime) -> None:
    """Start, pause or go on, as those who are in accepted. In the caller's transaction, at each coming and going."""
    running = running_recording(conference_id)
    if running is None:
        return
    before = Step(running.step)
    after = step_after(before, present_in(conference_id), answers_to(running))
    if before is not after:
        if after is Step.ON:
            RecordingSpan.objects.create(recording=running, started_at=now)
        else:
            _close_span(running, now)
        running.step = after
        running.save(update_fields=["step"])
    _changed(conference_id, is_new=before is not after)


def _changed(conference_id: int, *, is_new: bool = True) -> None:
    tell_inside(conference_id, dict(recording_told(conference_id)))
    if is_new:
        transaction.on_commit(lambda: apply_recording(conference_id, configured_pool()))


def _close_span(recording: Recording, now: datetime) -> None:
    for span in recording.spans.filter(ended_at=None):
        span.ended_at = max(now, span.started_at)
        span.save(update_fields=["ended_at"])


def _recorded_seconds(recording: Recording) -> int:
    spans = recording.spans.exclude(ended_at=None)
    return round(sum((span.ended_at - span.started_at).total_seconds() for span in spans if span.ended_at))


def apply_recording(conference_id: int, pool: BridgePool) -> bool:
    """Make the bridge do what was decided; tell whether it answered. Asked again at beats: nothing stays half done.

    A recording takes the meeting to the bridge, even with two sites; once it is stopped, the usual rule holds again.
    """
    running = running_recording(conference_id)
    step = Step(running.step) if running else Step.STOPPED
    try:
        if step in (Step.ON, Step.PAUSED):
            put_on_bridge(conference_id=conference_id, pool=pool)
        rooms = BridgeRoom.objects.filter(conference_id=conference_id)
        rooms.update(is_recorded=step in (Step.ON, Step.PAUSED))
        if settle_route(conference_id=conference_id, pool=pool, now=timezone.now()).is_new:
            tell_routes(conference_id)
        room = rooms.exclude(server="").first()
        if room:
            pool.bridge(room.server).record(room.room, recording=step is Step.ON)
    except (BridgeDown, BridgeRefused, NoBridge) as failure:
        logger.warning("conference %s: the bridge did not follow its recording: %s", conference_id, failure.code)
        return False
    return True
