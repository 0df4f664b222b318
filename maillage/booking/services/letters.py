"""Write to the people of a meeting: each mail is recorded, then sent by the worker, and tried again if refused.

A mail never leaves from a request. Its record exists before it is sent, so that it leaves once; a server that says
no is tried again six times over a day.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django_tasks import task

from maillage.booking.gateways.mail import Letter, letter_token, send_letter
from maillage.booking.models import Booking, BookingStatus, LetterKind, LetterRecord, LetterStatus, Party
from maillage.booking.selectors.letters import letter_for
from maillage.booking.selectors.meetings import is_told_by_another, meeting_of
from maillage.booking.selectors.notes import COMPANIONS, companions_of
from maillage.booking.selectors.notices import NOTICES, is_pointless_notice, notice_of
from maillage.booking.services.dead_addresses import DEAD, bounce, is_dead, refusal_for_good
from maillage.booking.services.texts import texted, untold_by_text, write_text
from maillage.core.quarters import next_quarter, quarter_of
from maillage.points.models import Point

logger = logging.getLogger(__name__)

TO_PARTIES: Final = tuple(kind for kind in LetterKind if not kind.value.startswith(("seat", "companion", "no-")))
WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 120, 360, 900))
STUCK: Final = timedelta(minutes=15)
DAY_BEFORE: Final = timedelta(hours=24)
HALF_HOUR: Final = timedelta(minutes=30)
ENDINGS: Final = (LetterKind.CANCELLATION, LetterKind.NO_COMPANION, LetterKind.SEAT_OFF)
REMINDERS: Final = (LetterKind.DAY_BEFORE, LetterKind.HALF_HOUR)


def write_letters(booking_id: UUID, kind: LetterKind, *, now: datetime) -> list[LetterRecord]:
    """Record one letter of `kind` to the organiser and to each guest with an address, and give them to the worker.

    A confirmation is an invitation for the guests. Running it twice for one state of the booking writes nothing more.
    """
    booking = Booking.objects.get(pk=booking_id)
    if kind is LetterKind.CONFIRMATION and is_told_by_another(booking):
        return []
    with transaction.atomic():
        records = [
            LetterRecord(
                booking=booking,
                party=party,
                kind=_kind_for(party, kind),
                sequence=booking.sequence,
                recipient=recipient,
                due_at=now,
                status=LetterStatus.WAITING,
            )
            for party, recipient in (companions_of(booking) if kind in COMPANIONS else _readers(booking))
        ]
        known = set(
            LetterRecord.objects.filter(booking=booking, sequence=booking.sequence).values_list("kind", "recipient")
        )
        fresh = [record for record in records if (record.kind, record.recipient) not in known]
        withhold_demonstration(fresh)
        LetterRecord.objects.bulk_create(fresh, ignore_conflicts=True)
        written = LetterRecord.objects.filter(
            booking=booking,
            sequence=booking.sequence,
            kind__in={record.kind for record in fresh},
            status=LetterStatus.WAITING,
        )
        waiting = list(written)
        transaction.on_commit(lambda: hand_over(waiting))
        if kind not in COMPANIONS:
            write_text(booking, kind, now=now)
    return waiting


def deliver(letter_id: int, *, now: datetime) -> LetterStatus:
    """Send one letter if it is still to be sent, and record what the mail server said."""
    claimed = LetterRecord.objects.filter(pk=letter_id, status=LetterStatus.WAITING).update(
        status=LetterStatus.SENDING, tried_at=now
    )
    record = LetterRecord.objects.select_related(
        "party", "opening__point", "loss__room__point", "loss__booking", "loss__party"
    ).get(pk=letter_id)
    if not claimed:
        return LetterStatus(record.status)
    meeting = meeting_of(record.booking_id)
    if _is_pointless(record, meeting.booking):
        return _close(record, LetterStatus.WITHHELD, failure="")
    if is_dead(record.recipient):
        return _close(record, LetterStatus.WITHHELD, failure=DEAD)
    letter = notice_of(record, meeting) if record.kind in NOTICES else letter_for(record, meeting)
    if letter is None:
        return _close(record, LetterStatus.WITHHELD, failure="")
    return _send(record, letter, now)


def _send(record: LetterRecord, letter: Letter, now: datetime) -> LetterStatus:
    """Hand the letter over. An address refused for good is not tried again; anything else is."""
    try:
        send_letter(replace(letter, token=letter_token(record.pk)))
    except SMTPRecipientsRefused as refused:
        said = refusal_for_good(refused)
        return bounce(record, said, now=now) if said else _put_off(record, refused, now)
    except (SMTPException, OSError) as refused:
        return _put_off(record, refused, now)
    return _close(record, LetterStatus.SENT, sent_at=now, failure="")


@task(queue_name="mail")
def deliver_letter(letter_id: int) -> str:
    """Send one letter: the worker's side of `write_letters`."""
    return deliver(letter_id, now=timezone.now()).value


@task(queue_name="mail")
def write_letters_later(booking_id: str, kind: str) -> int:
    """Write the letters of `kind` in the worker, so that no page waits for them. Returns how many."""
    return len(write_letters(UUID(booking_id), LetterKind(kind), now=timezone.now()))


def send_due_letters(now: datetime) -> int:
    """Give the worker the letters that wait for another try, and those a stopped worker left half-way.

    A reminder left half-way may have gone: it is given up rather than sent twice. Returns how many were given.
    """
    stuck = LetterRecord.objects.filter(status=LetterStatus.SENDING, tried_at__lt=now - STUCK)
    stuck.filter(kind__in=REMINDERS).update(status=LetterStatus.FAILED, failure="interrupted")
    stuck.exclude(kind__in=REMINDERS).update(status=LetterStatus.WAITING, due_at=now)
    due = list(LetterRecord.objects.filter(status=LetterStatus.WAITING, due_at__lte=now, attempts__gt=0))
    left = LetterRecord.objects.filter(status=LetterStatus.WAITING, due_at__lt=now - STUCK, attempts=0)
    return hand_over([*due, *left])


def write_missing_letters(now: datetime) -> int:
    """Write what a process that stopped between a booking and its letters left unwritten. Returns how many bookings."""
    told = LetterRecord.objects.filter(booking=OuterRef("pk"), sequence=OuterRef("sequence"), kind__in=TO_PARTIES)
    with_series = LetterRecord.objects.filter(
        booking__series=OuterRef("series"), booking__confirmed_at=OuterRef("confirmed_at")
    )
    untold = Booking.objects.filter(
        ~Exists(told),
        Q(sequence__gt=0) | ~Exists(with_series),
        status=BookingStatus.CONFIRMED,
        first_quarter__gte=quarter_of(now),
        confirmed_at__lt=now - STUCK,
    )
    missed = list(untold.exclude(organiser_email="")[:100]) + untold_by_text(untold, now)
    count = 0
    for booking in missed:
        kind = LetterKind.CHANGE if booking.sequence else LetterKind.CONFIRMATION
        count += _write_any(booking, kind, now)
    return count


def write_reminders(now: datetime) -> int:
    """Write the reminders of the day before and of the half hour before that are due. Returns how many bookings.

    Somebody who booked less than a day, or half an hour, before the meeting has just been written to: no reminder.
    """
    count = 0
    for kind, ahead in ((LetterKind.DAY_BEFORE, DAY_BEFORE), (LetterKind.HALF_HOUR, HALF_HOUR)):
        until = next_quarter(now + ahead)
        since = next_quarter(now + (HALF_HOUR * 4 if kind is LetterKind.DAY_BEFORE else timedelta()))
        soon = Booking.objects.filter(
            status=BookingStatus.CONFIRMED,
            first_quarter__range=(since, until),
            confirmed_at__lt=now - (HALF_HOUR if kind is LetterKind.HALF_HOUR else HALF_HOUR * 12),
        )
        reminded = LetterRecord.objects.filter(kind=kind).values_list("booking_id", "sequence")
        done = set(reminded.filter(booking__in=soon))
        by_text = texted(soon, kind)
        for booking in soon:
            if (booking.pk, booking.sequence) not in done and booking not in by_text:
                count += _write_any(booking, kind, now)
    return count


def _write_any(booking: Booking, kind: LetterKind, now: datetime) -> bool:
    """Write what is due, letters or text message; return whether there was anything to write."""
    return bool(write_letters(booking.pk, kind, now=now)) or bool(texted([booking], kind))


def _kind_for(party: Party, kind: LetterKind) -> LetterKind:
    return LetterKind.INVITATION if kind is LetterKind.CONFIRMATION and party.position else kind


def _readers(booking: Booking) -> list[tuple[Party, str]]:
    """Return who is written to, each address once: the organiser's letter already holds every link."""
    readers: list[tuple[Party, str]] = []
    seen: set[str] = set()
    for party in booking.parties.order_by("position"):
        address = party.email if party.position else booking.organiser_email
        if address and address.lower() not in seen:
            seen.add(address.lower())
            readers.append((party, address))
    return readers


def withhold_demonstration(records: list[LetterRecord]) -> None:
    """Never write to a real place whose data serves the demonstration."""
    addresses = {record.recipient.lower() for record in records}
    points = Point.objects.filter(is_demonstration=True).annotate(folded_email=Lower("email"))
    real = set(points.filter(folded_email__in=addresses).values_list("folded_email", flat=True))
    for record in records:
        if record.recipient.lower() in real:
            record.status = LetterStatus.WITHHELD
            record.failure = "address of a demonstration point"


def hand_over(records: list[LetterRecord]) -> int:
    """Give the worker letters to send; return how many."""
    for record in records:
        deliver_letter.enqueue(record.pk)
    return len(records)


def _is_pointless(record: LetterRecord, booking: Booking) -> bool:
    """A reminder or an invitation of a meeting that moved or was cancelled meanwhile would only mislead."""
    if record.kind in NOTICES:
        return is_pointless_notice(record, booking)
    if record.kind in ENDINGS:
        return False
    return booking.status != BookingStatus.CONFIRMED or record.sequence != booking.sequence


def _put_off(record: LetterRecord, refused: Exception, now: datetime) -> LetterStatus:
    attempts = record.attempts + 1
    failure = f"{type(refused).__name__}: {refused}"[:200]
    logger.warning("letter %s not sent (try %s): %s", record.pk, attempts, failure)
    if attempts > len(WAITS):
        return _close(record, LetterStatus.FAILED, attempts=attempts, failure=failure)
    return _close(record, LetterStatus.WAITING, attempts=attempts, due_at=now + WAITS[attempts - 1], failure=failure)


def _close(record: LetterRecord, status: LetterStatus, **fields: object) -> LetterStatus:
    LetterRecord.objects.filter(pk=record.pk).update(status=status, **fields)
    return status
