"""Tell people of their seat: by letter if they gave an e-mail, by text message if a number; the day before, again."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from maillage.booking.models import Booking, BookingStatus, LetterKind, LetterRecord, LetterStatus, Seat
from maillage.booking.selectors.seat_notes import seat_text
from maillage.booking.services.letters import hand_over, withhold_demonstration
from maillage.core.models import TextMessage
from maillage.core.quarters import moment_of, next_quarter, quarter_of
from maillage.core.texting import text_to

DAY: Final = timedelta(hours=24)
JUST_TOLD: Final = timedelta(hours=6)
"""Who took a seat since has just been written to: no reminder."""


def write_seat_letters(booking_id: UUID, kind: LetterKind, *, now: datetime, seat_id: int | None = None) -> int:
    """Write `kind` to one person, or to all who have or await a seat; return to how many it is new. Twice is once."""
    booking = Booking.objects.get(pk=booking_id)
    seats = Seat.objects.filter(broadcast__booking=booking, cancelled_at=None).select_related(
        "place__party__room__point__commune", "broadcast"
    )
    if seat_id is not None:
        seats = seats.filter(pk=seat_id)
    if kind is LetterKind.SEAT_SOON:
        seats = seats.filter(number__isnull=False, taken_at__lt=now - JUST_TOLD)
    reached = list(seats)
    by_mail = [seat for seat in reached if "@" in seat.reach]
    with transaction.atomic():
        count = _record_letters(booking, kind, by_mail, now)
        for seat in reached:
            if "@" not in seat.reach:
                count += _text(booking, kind, seat, now)
    return count


@task(queue_name="mail")
def write_seat_letters_later(booking_id: str, kind: str, seat_id: int | None = None) -> int:
    """Write them in the worker, so that no page waits."""
    return write_seat_letters(UUID(booking_id), LetterKind(kind), now=timezone.now(), seat_id=seat_id)


def remind_seats(now: datetime) -> int:
    """Write the reminders of the sessions of the coming day that are due. Returns how many letters."""
    soon = Booking.objects.filter(
        broadcast__isnull=False,
        status=BookingStatus.CONFIRMED,
        first_quarter__range=(quarter_of(now), next_quarter(now + DAY)),
    )
    return sum(write_seat_letters(pk, LetterKind.SEAT_SOON, now=now) for pk in soon.values_list("pk", flat=True))


def forget_letters(seat: Seat, booking_id: UUID) -> None:
    """Forget what was written for a seat given back: should they come again, they are told again."""
    kinds = [kind for kind in LetterKind if kind.value.startswith("seat")]
    LetterRecord.objects.filter(booking=booking_id, recipient=seat.reach, kind__in=kinds).delete()


def _record_letters(booking: Booking, kind: LetterKind, seats: list[Seat], now: datetime) -> int:
    known = set(
        LetterRecord.objects.filter(booking=booking, kind=kind, sequence=booking.sequence).values_list(
            "recipient", flat=True
        )
    )
    fresh = [
        LetterRecord(
            booking=booking,
            party_id=seat.place.party_id,
            kind=kind,
            sequence=booking.sequence,
            recipient=seat.reach,
            due_at=now,
        )
        for seat in seats
        if seat.reach not in known
    ]
    withhold_demonstration(fresh)
    LetterRecord.objects.bulk_create(fresh, ignore_conflicts=True)
    addresses = [record.recipient for record in fresh]
    waiting = list(
        LetterRecord.objects.filter(
            booking=booking,
            kind=kind,
            sequence=booking.sequence,
            recipient__in=addresses,
            status=LetterStatus.WAITING,
        )
    )
    transaction.on_commit(lambda: hand_over(waiting))
    return len(fresh)


def _text(booking: Booking, kind: LetterKind, seat: Seat, now: datetime) -> bool:
    key = f"seat.{seat.pk}.{kind.value}.{booking.sequence}"
    if TextMessage.objects.filter(key=key).exists():
        return False
    until = moment_of(booking.first_quarter)
    words = seat_text(kind, seat, booking)
    return text_to(seat.reach, words, key=key, subject=f"seat:{seat.pk}", until=until, now=now)
