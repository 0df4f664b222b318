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
from maillage.booking.models import Booking, BookingStatus, CancelCause, LossStatus, Party, Turnout
from maillage.booking.rights import can_confirm, can_move
from maillage.booking.selectors.openings import check_given_by_themselves, openings_needed
from maillage.booking.selectors.rooms import check_rooms_open, notice_missed_by_help, offers_in, offers_of, terms_of
from maillage.booking.services.contacts import check_contact, sign_booking, sign_party, support_fee
from maillage.booking.services.endings import ATTEMPTS, locked_booking, make_way, settle_losses
from maillage.booking.services.house_rules import accept_house_rules
from maillage.booking.services.occupancies import shift_rooms
from maillage.booking.services.openings import ask_openings
from maillage.booking.services.tariffs import keep_price
from maillage.core.events import publish
from maillage.core.journal import Door, record
from maillage.core.quarters import quarter_of
from maillage.core.words import hour_words
from maillage.points.domain.catalogue import RoomOffer


@transaction.atomic
def confirm_booking(*, booking_id: UUID, contact: Contact, now: datetime, through: Door = "link") -> Booking:
    """Confirm a hold with the organiser's answers; confirmed already, return it as it is.

    When points have to answer first, it is asked of them instead, and confirmed by their answers.
    Raises UnknownBooking, ContactIncomplete, HoldExpired, BookingIsCancelled, BookingOver, HelpTooSoon, NobodyToHelp,
    OpeningTooSoon.
    """
    check_contact(contact)
    booking = locked_booking(booking_id)
    if booking.status in {BookingStatus.CONFIRMED, BookingStatus.ASKED}:
        return booking
    if not can_confirm(booking, now=now):
        raise _why_not_confirmed(booking)
    if contact.wants_help and not booking.wants_help and (notice := notice_missed_by_help(booking, now=now)):
        raise HelpTooSoon(notice_minutes=notice)
    sign_booking(booking, contact)
    parties = list(booking.parties.all())
    offers = offers_in(party.room_id for party in parties)
    needed = openings_needed(offers, booking.first_quarter, booking.length, now=now)
    booking.status, booking.held_until = BookingStatus.ASKED if needed else BookingStatus.CONFIRMED, None
    booking.confirmed_at = None if needed else now
    booking.save()
    for party in parties:
        sign_party(party, contact)
    Party.objects.bulk_update(parties, ["email", "travel_mode"])
    accept_house_rules(booking)
    keep_price(booking, now=now)
    if needed:
        ask_openings(booking, needed, now=now, through=through)
        return booking
    record("booking.confirmed", f"booking:{booking.reference}", through=through)
    publish(BookingConfirmed(booking_id=booking.pk))
    return booking


def move_booking(
    *, booking_id: UUID, first_quarter: int, length: int, now: datetime, through: Door = "link"
) -> Booking:
    """Move a confirmed meeting, in the same rooms; refused, it keeps its old time. The same time again is harmless.

    Raises UnknownBooking, AlreadyStarted, BookingIsCancelled, BookingOver, NotConfirmed, SlotTaken, RoomClosed,
    TooSoon, KeptForOthers, UnknownRoom, NobodyToHelp, AnsweredOneByOne if a point would have to say yes again, and
    what `domain.wishes.check_time` refuses.
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
    check_given_by_themselves(offers, first_quarter, length)
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
    booking = locked_booking(booking_id)
    if not can_move(booking, now=now):
        raise _why_not_moved(booking)
    shift_rooms(booking, offers, first_quarter, length)
    before = booking.first_quarter
    booking.first_quarter, booking.length, booking.sequence = first_quarter, length, booking.sequence + 1
    booking.support_cents = support_fee(booking)
    booking.save(update_fields=["first_quarter", "length", "sequence", "support_cents"])
    keep_price(booking, now=now, points={offer.point_id for offer in offers})
    settle_losses(booking, LossStatus.MOVED, now)
    Turnout.objects.filter(booking=booking).delete()  # who came early is expected anew
    record("booking.moved", f"booking:{booking.reference}", through=through, before=before, after=first_quarter)
    publish(BookingChanged(booking_id=booking.pk))
    return booking


def _why_not_confirmed(booking: Booking) -> Exception:
    if booking.status == BookingStatus.DONE:
        return BookingOver()
    if booking.status == BookingStatus.CANCELLED and booking.cancel_cause != CancelCause.HOLD_EXPIRED:
        return BookingIsCancelled()
    return HoldExpired(until=hour_words(booking.held_until or booking.created_at, booking.time_zone))


def _why_not_moved(booking: Booking) -> Exception:
    match booking.status:
        case BookingStatus.CANCELLED:
            return BookingIsCancelled()
        case BookingStatus.DONE:
            return BookingOver()
        case BookingStatus.HELD | BookingStatus.ASKED:
            return NotConfirmed()
    return AlreadyStarted()
