"""Letters about requests to points: recorded in the act's own transaction, sent by the worker like all others."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from maillage.booking.models import (
    Booking,
    CancelCause,
    LetterKind,
    LetterRecord,
    LetterStatus,
    OpeningRequest,
    OpeningStatus,
    Party,
    UnmetReason,
)
from maillage.booking.selectors.alternatives import wish_of
from maillage.booking.selectors.meetings import is_told_by_another
from maillage.booking.selectors.openings import HostContact, contacts_of, first_asked
from maillage.booking.services.demand import count_unmet
from maillage.booking.services.letters import hand_over, withhold_demonstration
from maillage.booking.services.texts import write_text

_TELLS: Final = {
    LetterKind.OTHER_TIMES: OpeningStatus.PROPOSED,
    LetterKind.DECLINED: OpeningStatus.REFUSED,
    LetterKind.UNANSWERED: OpeningStatus.EXPIRED,
}


def write_to_hosts(
    opening: OpeningRequest, kind: LetterKind, contacts: Sequence[HostContact], *, now: datetime
) -> list[LetterRecord]:
    """Write to people who answer for the point of `opening`; running it twice writes nothing more."""
    party = _party_at(opening)
    if party is None:
        return []
    return record_notices(
        opening.booking, [(party, contact.email) for contact in contacts], kind, now=now, opening=opening
    )


def _party_at(opening: OpeningRequest) -> Party | None:
    """Return the first side of the meeting that would sit at the point."""
    sides = Party.objects.filter(booking=opening.booking_id, room__point=opening.point_id)
    return sides.order_by("position").first()


def write_to_organiser(
    booking: Booking, kind: LetterKind, *, now: datetime, opening: OpeningRequest | None = None
) -> list[LetterRecord]:
    """Write to the organiser about what points answered; by text message, which is no letter, without an e-mail."""
    write_text(booking, kind, now=now)
    party = booking.parties.order_by("position").first()
    if party is None or not booking.organiser_email:
        return []
    return record_notices(booking, [(party, booking.organiser_email)], kind, now=now, opening=opening)


@transaction.atomic
def record_notices(
    booking: Booking,
    readers: Sequence[tuple[Party, str]],
    kind: LetterKind,
    *,
    now: datetime,
    opening: OpeningRequest | None = None,
) -> list[LetterRecord]:
    """Record one letter of `kind` to each reader and give them to the worker, those already written left out."""
    known = set(LetterRecord.objects.filter(booking=booking, kind=kind).values_list("party", "sequence", "recipient"))
    fresh = [
        LetterRecord(
            booking=booking,
            party=party,
            opening=opening,
            kind=kind,
            sequence=booking.sequence,
            recipient=email,
            due_at=now,
        )
        for party, email in readers
        if (party.pk, booking.sequence, email) not in known
    ]
    withhold_demonstration(fresh)
    LetterRecord.objects.bulk_create(fresh, ignore_conflicts=True)
    written = LetterRecord.objects.filter(booking=booking, kind=kind, sequence=booking.sequence)
    waiting = list(written.filter(status=LetterStatus.WAITING, recipient__in=[one.recipient for one in fresh]))
    transaction.on_commit(lambda: hand_over(waiting))
    return waiting


@task(queue_name="mail")
def write_requests_later(booking_id: str) -> int:
    """Ask the points of a booking, in the worker."""
    return write_requests(UUID(booking_id), now=timezone.now())


@task(queue_name="mail")
def tell_answer_later(booking_id: str, kind: str) -> int:
    """Tell the organiser what a point answered, in the worker."""
    booking = Booking.objects.get(pk=booking_id)
    opening = _openings(booking, _TELLS[LetterKind(kind)])[:1]
    return len(write_to_organiser(booking, LetterKind(kind), now=timezone.now(), opening=opening[0])) if opening else 0


@task(queue_name="mail")
def tell_end_later(booking_id: str, cause: str) -> int:
    """Tell everybody concerned that a booking for which points were asked has ended, in the worker."""
    return tell_end(UUID(booking_id), cause, now=timezone.now())


def tell_end(booking_id: UUID, cause: str, *, now: datetime) -> int:
    """Tell the organiser of a request that failed, and the points that said or were to say yes. Returns how many."""
    booking = Booking.objects.get(pk=booking_id)
    is_told = is_told_by_another(booking)
    count = 0 if is_told else write_withdrawals(booking, now=now)
    kinds = {CancelCause.DECLINED: LetterKind.DECLINED, CancelCause.UNANSWERED: LetterKind.UNANSWERED}
    kind = kinds.get(CancelCause(cause))
    if kind is None:
        return count
    reason = UnmetReason.DECLINED if kind is LetterKind.DECLINED else UnmetReason.UNANSWERED
    wish = wish_of(booking, first_quarter=booking.first_quarter, end_quarter=booking.end_quarter)
    count_unmet(wish, reason, now=now)
    if is_told:
        return count
    opening = _openings(booking, _TELLS[kind])[0]
    return count + len(write_to_organiser(booking, kind, now=now, opening=opening))


def write_requests(booking_id: UUID, *, now: datetime) -> int:
    """Tell the organiser that points are asked, and ask them. Returns how many letters."""
    booking = Booking.objects.get(pk=booking_id)
    if is_told_by_another(booking):
        return 0
    openings = _openings(booking, OpeningStatus.ASKED)
    letters = write_to_organiser(booking, LetterKind.REQUEST_SENT, now=now)
    for opening in openings:
        letters += write_to_hosts(opening, LetterKind.HOST_ASKED, first_asked(contacts_of(opening.point)), now=now)
    return len(letters)


def write_withdrawals(booking: Booking, *, now: datetime) -> int:
    """Tell those who were written to for a point that nobody comes after all. Returns how many letters.

    The letter that asked may have been that of another date of its series.
    """
    letters: list[LetterRecord] = []
    for opening in _openings(booking, OpeningStatus.WITHDRAWN):
        theirs = Q(opening=opening)
        if booking.series_id is not None:
            theirs |= Q(opening__booking__series=booking.series_id, opening__point=opening.point_id)
        asked = LetterRecord.objects.filter(theirs, kind__startswith="host-", status=LetterStatus.SENT)
        party = _party_at(opening)
        told = [(party, email) for email in asked.values_list("recipient", flat=True).distinct()] if party else []
        letters += record_notices(booking, told, LetterKind.HOST_CANCELLED, now=now, opening=opening)
    return len(letters)


def _openings(booking: Booking, status: OpeningStatus) -> list[OpeningRequest]:
    return list(booking.openings.filter(status=status).select_related("point", "booking"))
