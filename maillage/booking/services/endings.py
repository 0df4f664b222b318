"""How a booking ends: cancelled with its cause, its hold over, or done."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from maillage.booking.errors import BookingIsCancelled, BookingOver, NotConfirmed, SlotTaken, UnknownBooking
from maillage.booking.events import BookingCancelled, BookingDone, RoomLossSettled
from maillage.booking.models import (
    Booking,
    BookingStatus,
    CancelCause,
    LossStatus,
    OpeningRequest,
    OpeningStatus,
    RoomLoss,
    Span,
)
from maillage.booking.rights import can_cancel, is_hold_over
from maillage.booking.selectors.rooms import blockers
from maillage.booking.services.occupancies import free_from, free_rooms
from maillage.core.events import publish
from maillage.core.journal import Door, record
from maillage.core.quarters import next_quarter
from maillage.points.domain.catalogue import RoomOffer

ATTEMPTS: Final = 4
"""How often rooms are asked for when what stood in the way has just left."""


def locked_booking(booking_id: UUID) -> Booking:
    """Return the booking, locked until the transaction ends. Raises UnknownBooking.

    Its key is not locked: writing a row that refers to it, as an import notes a conflict, does not wait.
    """
    booking = Booking.objects.select_for_update(no_key=True).filter(pk=booking_id).first()
    if booking is None:
        raise UnknownBooking
    return booking


@transaction.atomic
def cancel_booking(*, booking_id: UUID, cause: str, through: Door, now: datetime) -> Booking:
    """Cancel with its cause and free the rooms; cancelled already, return it as it is.

    Raises UnknownBooking, BookingOver once its planned end is past, ValueError for a cause that is not a CancelCause.
    """
    reason = CancelCause(cause)
    booking = locked_booking(booking_id)
    if booking.status == BookingStatus.CANCELLED:
        return booking
    if not can_cancel(booking, now=now):
        raise BookingOver
    free_rooms(booking)
    withdraw_openings(booking)
    settle_losses(booking, LossStatus.CANCELLED, now)
    end_booking(booking, BookingStatus.CANCELLED, now, cause=reason)
    record("booking.cancelled", f"booking:{booking.reference}", through=through, cause=reason.value)
    publish(BookingCancelled(booking_id=booking.pk, cause=reason.value))
    return booking


@transaction.atomic
def complete_booking(*, booking_id: UUID, now: datetime, through: Door = "task") -> Booking:
    """End a confirmed meeting: what remains of its rooms is free again. Done already, return it as it is.

    Raises UnknownBooking, BookingIsCancelled, NotConfirmed.
    """
    booking = locked_booking(booking_id)
    if booking.status == BookingStatus.DONE:
        return booking
    if booking.status == BookingStatus.CANCELLED:
        raise BookingIsCancelled
    if booking.status != BookingStatus.CONFIRMED:
        raise NotConfirmed
    free_from(booking, next_quarter(now))
    end_booking(booking, BookingStatus.DONE, now)
    record("booking.done", f"booking:{booking.reference}", through=through)
    publish(BookingDone(booking_id=booking.pk))
    return booking


def release_expired_holds(now: datetime | None = None) -> int:
    """Cancel the holds nobody confirmed in time; return how many. Harmless to run twice or at once."""
    at = now or timezone.now()
    over = Booking.objects.filter(status=BookingStatus.HELD, held_until__lte=at).values_list("pk", flat=True)
    return release_holds(list(over), now=at)


@transaction.atomic
def release_holds(booking_ids: Collection[UUID], *, now: datetime) -> int:
    """Cancel those of `booking_ids` that are still held and over; return how many. Nobody was told: no event."""
    held = Booking.objects.select_for_update(no_key=True).filter(
        pk__in=booking_ids, status=BookingStatus.HELD, held_until__lte=now
    )
    over = list(held.order_by("pk"))
    Span.objects.filter(booking__in=over).delete()
    for booking in over:
        end_booking(booking, BookingStatus.CANCELLED, now, cause=CancelCause.HOLD_EXPIRED)
        record("booking.released", f"booking:{booking.reference}", through="task")
    return len(over)


def make_way(
    offers: Sequence[RoomOffer],
    first_quarter: int,
    length: int,
    *,
    now: datetime,
    clash: SlotTaken,
    but: UUID | None = None,
) -> None:
    """Release the holds whose time is over, if they are all that is in the way of a meeting (booking `but` apart).

    Raises SlotTaken, naming the points, otherwise. Called outside the transaction that takes the rooms: one that
    waits for rooms while it frees others could deadlock.
    """
    others = [taken for taken in blockers(offers, first_quarter, length) if taken.span.booking_id != but or not but]
    standing = {
        taken.room.point.name
        for taken in others
        if taken.span.booking is None or not is_hold_over(taken.span.booking, now=now)
    }
    if standing:
        raise SlotTaken(rooms=", ".join(sorted(standing))) from clash
    release_holds([taken.span.booking_id for taken in others if taken.span.booking_id], now=now)


def settle_losses(booking: Booking, status: LossStatus, now: datetime, *, agent_id: int | None = None) -> int:
    """Note what became of the rooms that a locked booking had lost; return how many waited."""
    waiting = list(RoomLoss.objects.filter(booking=booking, status=LossStatus.WAITING))
    for loss in waiting:
        loss.status, loss.settled_at, loss.agent_id = status, now, agent_id
        loss.save(update_fields=["status", "settled_at", "agent"])
        publish(RoomLossSettled(loss.pk, booking.pk, loss.party_id, status.value))
    return len(waiting)


def withdraw_openings(booking: Booking) -> None:
    """Take back what was asked of points for a locked booking, those that had said yes included."""
    standing = [OpeningStatus.ASKED, OpeningStatus.PROPOSED, OpeningStatus.ACCEPTED]
    OpeningRequest.objects.filter(booking=booking, status__in=standing).update(status=OpeningStatus.WITHDRAWN)


def end_booking(booking: Booking, status: BookingStatus, now: datetime, *, cause: str = "") -> None:
    """Write the end of a locked booking. Its rooms are the caller's business."""
    booking.status, booking.ended_at, booking.cancel_cause = status, now, cause
    booking.save(update_fields=["status", "ended_at", "cancel_cause"])
