"""Tell the organiser that a room is lost, remind them, and have somebody call them when they do not answer."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from maillage.booking.domain.openings import reminder_times
from maillage.booking.models import (
    Booking,
    BookingStatus,
    LetterKind,
    LetterRecord,
    LetterStatus,
    LossStatus,
    RoomLoss,
)
from maillage.booking.rights import has_started
from maillage.booking.selectors.openings import contacts_of
from maillage.booking.services.letters import hand_over, withhold_demonstration
from maillage.booking.services.losses import escalate, settle
from maillage.booking.services.texts import write_text
from maillage.core.journal import record

_SAYS = {LossStatus.LIFTED: LetterKind.ROOM_BACK, LossStatus.KEPT: LetterKind.ROOM_BACK}


def follow_losses(now: datetime) -> int:
    """Remind, have somebody call, and end what is over; return how many were touched. Harmless to run twice."""
    touched = 0
    waiting = RoomLoss.objects.filter(status=LossStatus.WAITING).select_related("booking", "room__point", "party")
    for loss in waiting.order_by("answer_before", "pk")[:500]:
        touched += _follow(loss, now)
    return touched


def _follow(loss: RoomLoss, now: datetime) -> bool:
    if loss.booking.status != BookingStatus.CONFIRMED:
        return settle(loss, LossStatus.CANCELLED, now)
    if has_started(loss.booking, now=now):
        return settle(loss, LossStatus.MISSED, now)
    remind_at, escalate_at = reminder_times(loss.opened_at, loss.answer_before)
    if loss.escalated_at is None and now >= escalate_at:
        return _escalate(loss, now)
    if loss.reminded_at is None and loss.escalated_at is None and now >= remind_at:
        return _once(loss, "reminded_at", now) and bool(write_to_loser(loss, LetterKind.ROOM_STILL_LOST, now=now))
    return False


def _escalate(loss: RoomLoss, now: datetime) -> bool:
    with transaction.atomic():
        if not _once(loss, "escalated_at", now):
            return False
        record("room.lost-escalated", f"booking:{loss.booking.reference}", through="task", room=loss.room_id)
        escalate(loss)
    readers = [contact.email for contact in contacts_of(loss.room.point)]
    record_loss_letters(loss, LetterKind.HOST_LOST, readers, now=now)
    return True


def _once(loss: RoomLoss, step: str, now: datetime) -> bool:
    """Note a step if no other process has. The update decides which."""
    same = RoomLoss.objects.filter(pk=loss.pk, status=LossStatus.WAITING, **{f"{step}__isnull": True})
    return bool(same.update(**{step: now}))


def write_to_loser(loss: RoomLoss, kind: LetterKind, *, now: datetime) -> list[LetterRecord]:
    """Write to the organiser, and to their telephone if they gave a mobile number."""
    booking: Booking = loss.booking
    write_text(booking, kind, now=now)
    return record_loss_letters(loss, kind, [booking.organiser_email], now=now) if booking.organiser_email else []


@transaction.atomic
def record_loss_letters(
    loss: RoomLoss, kind: LetterKind, readers: Sequence[str], *, now: datetime
) -> list[LetterRecord]:
    """Record one letter about a loss to each reader and give them to the worker; twice writes nothing more."""
    known = set(LetterRecord.objects.filter(loss=loss, kind=kind).values_list("recipient", flat=True))
    fresh = [
        LetterRecord(
            booking=loss.booking, party=loss.party, loss=loss, kind=kind, sequence=loss.booking.sequence,
            recipient=email, due_at=now,
        )
        for email in readers
        if email not in known
    ]  # fmt: skip
    withhold_demonstration(fresh)
    LetterRecord.objects.bulk_create(fresh, ignore_conflicts=True)
    waiting = list(
        LetterRecord.objects.filter(
            loss=loss, kind=kind, status=LetterStatus.WAITING, recipient__in=[one.recipient for one in fresh]
        )
    )
    transaction.on_commit(lambda: hand_over(waiting))
    return waiting


@task(queue_name="mail")
def tell_loss_later(loss_id: int) -> int:
    """Tell the organiser that a room is lost, in the worker."""
    loss = RoomLoss.objects.select_related("booking", "party").get(pk=loss_id)
    if loss.status != LossStatus.WAITING:
        return 0
    return len(write_to_loser(loss, LetterKind.ROOM_LOST, now=timezone.now()))


@task(queue_name="mail")
def tell_settled_later(loss_id: int, status: str) -> int:
    """Tell the organiser who was told of a loss that the room is theirs after all, in the worker."""
    kind = _SAYS.get(LossStatus(status))
    loss = RoomLoss.objects.select_related("booking", "party").get(pk=loss_id)
    if kind is None or not LetterRecord.objects.filter(loss=loss, kind=LetterKind.ROOM_LOST).exists():
        return 0
    return len(write_to_loser(loss, kind, now=timezone.now()))
