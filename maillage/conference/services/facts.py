"""What was measured, what went wrong, and what people said afterwards."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from maillage.booking.models import Party
from maillage.conference.domain.messages import Sample
from maillage.conference.events import HelpAsked, TravelAnswered
from maillage.conference.models import Conference, Failure, QualitySample, Verdict
from maillage.core.events import publish
from maillage.core.journal import record

MOST_FAILURES = 100
"""For one party in one meeting: a page that fails in a loop fills no table."""


def record_quality(*, stay_id: int, samples: Sequence[Sample], parties: frozenset[int], now: datetime) -> int:
    """Keep the `samples` about `parties`, the meeting's own; return how many."""
    kept = [sample for sample in samples if sample.remote in parties]
    QualitySample.objects.bulk_create(
        QualitySample(attendance_id=stay_id, at=now, remote_id=sample.remote, **sample.model_dump(exclude={"remote"}))
        for sample in kept
    )
    return len(kept)


def record_failure(
    *, conference_id: int, party_id: int, code: str, detail: str, about_id: int | None = None, now: datetime
) -> None:
    """Keep what a party could not do, or what it noticed `about` another side of the meeting, up to MOST_FAILURES."""
    known = Failure.objects.filter(conference_id=conference_id, party_id=party_id)
    if known.count() < MOST_FAILURES:
        about = Party.objects.filter(pk=about_id, booking__conference=conference_id).first() if about_id else None
        Failure.objects.create(
            conference_id=conference_id, party_id=party_id, about=about, at=now, code=code, detail=detail
        )


@transaction.atomic
def ask_help(*, conference: Conference, party: Party) -> None:
    """Tell those who help that this party asks for it."""
    record("conference.help-asked", f"booking:{party.booking.reference}", through="link", party=party.pk)
    publish(HelpAsked(conference.booking_id, party.pk))


@transaction.atomic
def answer_after(*, party: Party, worked: str, travel_mode: str, now: datetime) -> None:
    """Keep what a party says after the meeting. An empty answer changes nothing."""
    if worked:
        Verdict.objects.update_or_create(party=party, defaults={"worked": worked, "at": now})
    if travel_mode and travel_mode != party.travel_mode:
        Party.objects.filter(pk=party.pk).update(travel_mode=travel_mode)
        record("party.travel-answered", f"booking:{party.booking.reference}", through="link", party=party.pk)
        publish(TravelAnswered(party.booking_id, party.pk))
