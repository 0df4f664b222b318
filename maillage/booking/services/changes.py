"""What happens to a booking between its hold and its end: confirmed, moved."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from maillage.booking.domain.contacts import Contact
from maillage.booking.domain.wishes import check_time
from maillage.booking.errors import (
    AlreadyStarted,
    BookingIsCancelled,
    BookingOver,
    HelpTooSoon,
    HoldExpired,
    NotConfirmed,
    SlotTaken,
    UnknownBooking,
)
from maillage.booking.events import BookingChanged, BookingConfirmed
from maillage.booking.models import Booking, BookingStatus, CancelCause, Occupancy, Party, Span
from maillage.booking.rights import can_confirm, can_move
from maillage.booking.selectors.rooms import check_rooms_open, notice_missed_by_help, offers_of, span_of, terms_of
from maillage.booking.services.contacts import check_contact, sign_booking, sign_party, support_fee
from maillage.booking.services.endings import ATTEMPTS, locked_booking, make_way
from maillage.booking.services.occupancies import Quarter, fill
from maillage.booking.services.tariffs import keep_price
from maillage.core.events import publish
from maillage.core.journal import Door, record
from maillage.core.quarters import quarter_of
from maillage.points.domain.catalogue import RoomOffer


@transaction.atomic
def confirm_booking(*, booking_id: UUID, contact: Contact, now: datetime, through: Door = "link") -> Booking:
    """Confirm a hold with the organiser's answers; confirmed already, return it as it is.

    Raises UnknownBooking, ContactIncomplete, HoldExpired, BookingIsCancelled, BookingOver, HelpTooSoon,
    NobodyToHelp.
    """
    check_contact(contact)
    booking = locked_booking(booking_id)
    if booking.status == BookingStatus.CONFIRMED:
        return booking
    if not can_confirm(booking, now=now):
        raise _why_not_confirmed(booking)
    if contact.wants_help and not booking.wants_help and (notice := notice_missed_by_help(booking, now=now)):
        raise HelpTooSoon(notice_minutes=notice)
    sign_booking(booking, contact)
    booking.status, booking.held_until, booking.confirmed_at = BookingStatus.CONFIRMED, None, now
    booking.save()
    parties = list(booking.parties.all())
    for party in parties:
        sign_party(party, contact)
    Party.objects.bulk_update(parties, ["email", "travel_mode"])
    keep_price(booking, now=now)
    record("booking.confirmed", f"booking:{booking.reference}", through=through)
    publish(BookingConfirmed(booking_id=booking.pk))
    return booking


def move_booking(
    *, booking_id: UUID, first_quarter: int, length: int, now: datetime, through: Door = "link"
) -> Booking:
    """Move a confirmed meeting, in the same rooms; refused, it keeps its old time. The same time again is harmless.

    Raises UnknownBooking, AlreadyStarted, BookingIsCancelled, BookingOver, NotConfirmed, SlotTaken, RoomClosed,
    TooSoon, KeptForOthers, UnknownRoom, NobodyToHelp, and what `domain.wishes.check_time` refuses.
    """
    booking = Booking.objects.filter(pk=booking_id).first()
    if booking is None:
        raise UnknownBooking
    if not can_move(booking, now=now):
        raise _why_not_moved(booking)
    if (booking.first_quarter, booking.length) == (first_quarter, length):
        return booking
    check_time(first_quarter, length, now_quarter=quarter_of(now))
    offers = offers_of(booking)
    check_rooms_open(offers, first_quarter, length, terms=terms_of(booking), now=now)
    for _attempt in range(ATTEMPTS):
        try:
            return _move(booking_id, offers, first_quarter, length, now, through)
        except SlotTaken as clash:
            make_way(offers, first_quarter, length, now=now, clash=clash, but=booking_id)
    raise SlotTaken(rooms=", ".join(sorted(offer.point_name for offer in offers)))


@transaction.atomic
def _move(
    booking_id: UUID, offers: Sequence[RoomOffer], first_quarter: int, length: int, now: datetime, through: Door
) -> Booking:
    """Take what is new, then free what is old: never the other way, or two meetings changing places could deadlock."""
    booking = locked_booking(booking_id)
    if not can_move(booking, now=now):
        raise _why_not_moved(booking)
    spans = {span.room_id: span for span in Span.objects.filter(booking=booking)}
    added: list[Quarter] = []
    for offer in offers:
        span, wanted = spans[offer.room_id], span_of(offer, first_quarter, length)
        mine = range(span.first_quarter, span.end_quarter)
        added += [Quarter(offer.room_id, quarter, span.pk) for quarter in wanted if quarter not in mine]
        span.first_quarter, span.end_quarter = wanted.start, wanted.stop
    fill(added)
    Span.objects.bulk_update(spans.values(), ["first_quarter", "end_quarter"])
    for offer in offers:
        wanted = span_of(offer, first_quarter, length)
        taken = Occupancy.objects.filter(span=spans[offer.room_id])
        taken.exclude(quarter__gte=wanted.start, quarter__lt=wanted.stop).delete()
    before = booking.first_quarter
    booking.first_quarter, booking.length, booking.sequence = first_quarter, length, booking.sequence + 1
    booking.support_cents = support_fee(booking)
    booking.save(update_fields=["first_quarter", "length", "sequence", "support_cents"])
    keep_price(booking, now=now)
    record("booking.moved", f"booking:{booking.reference}", through=through, before=before, after=first_quarter)
    publish(BookingChanged(booking_id=booking.pk))
    return booking


def _why_not_confirmed(booking: Booking) -> Exception:
    if booking.status == BookingStatus.DONE:
        return BookingOver()
    if booking.status == BookingStatus.CANCELLED and booking.cancel_cause != CancelCause.HOLD_EXPIRED:
        return BookingIsCancelled()
    return HoldExpired()


def _why_not_moved(booking: Booking) -> Exception:
    match booking.status:
        case BookingStatus.CANCELLED:
            return BookingIsCancelled()
        case BookingStatus.DONE:
            return BookingOver()
        case BookingStatus.HELD:
            return NotConfirmed()
    return AlreadyStarted()
