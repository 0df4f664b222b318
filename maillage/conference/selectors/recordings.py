"""Where the recording of a meeting is, who accepted it, and what may be listened to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maillage.booking.models import Booking
from maillage.conference.domain.recording import RUNNING, Step
from maillage.conference.models import Attendance, Recording, RecordingConsent


def running_recording(conference_id: int) -> Recording | None:
    """Return the recording that is asked, on or paused. One query."""
    return Recording.objects.filter(conference_id=conference_id, step__in=RUNNING).first()


def answers_to(recording: Recording) -> dict[int, bool]:
    """Return who answered what. One query."""
    return dict(RecordingConsent.objects.filter(recording=recording).values_list("party_id", "accepts"))


def present_in(conference_id: int) -> list[int]:
    """Return the parties that are in. One query."""
    stays = Attendance.objects.filter(conference_id=conference_id, left_at=None)
    return list(stays.order_by("joined_at", "pk").values_list("party_id", flat=True))


def recording_told(conference_id: int) -> Mapping[str, Any]:
    """Return what the pages are told. At most three queries."""
    recording = running_recording(conference_id)
    if recording is None:
        return {"type": "recording", "step": "off", "by": None, "waiting": [], "refused": []}
    answers, present = answers_to(recording), present_in(conference_id)
    return {
        "type": "recording",
        "step": str(recording.step),
        "by": recording.asked_by_id,
        "waiting": [party for party in present if party not in answers],
        "refused": [party for party in present if answers.get(party) is False],
    }


@dataclass(frozen=True, slots=True)
class RecordingFact:
    """That a meeting was recorded, and how long. Nothing of what was said."""

    asked_at: datetime
    seconds: int
    step: str


def recordings_of(booking: Booking) -> list[RecordingFact]:
    """Return the recordings of the meeting of `booking`. One query."""
    found = Recording.objects.filter(conference__booking=booking)
    return [RecordingFact(one.asked_at, one.seconds, str(one.step)) for one in found]


def films_of(conference_id: int) -> list[Recording]:
    """Return the recordings that may be listened to, or will be soon. One query."""
    kept = Recording.objects.filter(conference_id=conference_id, removed_at=None)
    return list(kept.filter(step__in=[Step.STOPPED, Step.READY]))
