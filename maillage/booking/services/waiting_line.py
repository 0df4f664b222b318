"""Serve the waiting list: what frees is offered to the first in line whom it suits, then to the next.

One process at a time, by a lease that the database gives: the order of the line holds. The rooms themselves are held
like all others. Stopped between any two statements, nothing is lost: a hold without its offer ends by itself, or is
found again under the same key; the lease runs out.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q

from maillage.booking.domain.waiting import LEAST_ANSWER, MOST_MISSED, offer_until, read_wish, still_to_come
from maillage.booking.domain.wishes import MeetingWish, Proposal
from maillage.booking.events import SlotOffered, WaitEnded
from maillage.booking.models import (
    Booking,
    BookingStatus,
    OfferStatus,
    SideLetterKind,
    Wait,
    WaitingLine,
    WaitOffer,
    WaitStatus,
)
from maillage.booking.selectors.slots import propose_slots
from maillage.booking.selectors.waits import line_to_serve, slots_offered
from maillage.booking.services.giving_back import give_back_hold
from maillage.booking.services.holds import SlotRequest, take_slot
from maillage.booking.services.wait_letters import tell_wait
from maillage.booking.services.waits import LINE, note_freed
from maillage.core.errors import DomainError
from maillage.core.events import publish
from maillage.core.journal import record
from maillage.core.quarters import moment_of, next_quarter

LEASE: Final = timedelta(minutes=5)
AT_LEAST_EVERY: Final = timedelta(minutes=15)
"""Even if nobody said that something was freed: hours change, blocks are lifted, holds run out."""
LOOKED_AT: Final = 8


def serve_line(now: datetime) -> int:
    """End the offers not answered in time, then offer what is free. Return how many slots were offered."""
    end_late_offers(now)
    freed = _begin(now)
    if freed is None:
        return 0
    mine = WaitingLine.objects.filter(pk=LINE)
    try:
        count = sum(_serve(wait, now) for wait in line_to_serve())
        mine.update(served=freed, served_at=now)
    finally:
        mine.update(busy_until=None)
    return count


def end_late_offers(now: datetime) -> int:
    """Give back the slots whose offers were not answered; who missed two is no longer in line. Return how many."""
    late = WaitOffer.objects.filter(status=OfferStatus.OPEN, until__lte=now)
    return sum(_end_late(offer, now) for offer in late.order_by("pk"))


def _begin(now: datetime) -> int | None:
    """Take the lease if there is something to do; return how often rooms were freed, None if not."""
    WaitingLine.objects.get_or_create(pk=LINE)
    is_due = ~Q(freed=F("served")) | Q(served_at=None) | Q(served_at__lt=now - AT_LEAST_EVERY)
    is_free = Q(busy_until=None) | Q(busy_until__lt=now)
    if not WaitingLine.objects.filter(is_due, is_free, pk=LINE).update(busy_until=now + LEASE):
        return None
    return WaitingLine.objects.get(pk=LINE).freed


@transaction.atomic
def _end_late(offer: WaitOffer, now: datetime) -> bool:
    wait = Wait.objects.select_for_update(no_key=True).get(offers=offer)
    if not WaitOffer.objects.filter(pk=offer.pk, status=OfferStatus.OPEN).update(status=OfferStatus.EXPIRED):
        return False
    give_back_hold(booking_id=offer.booking_id, now=now)
    missed = wait.missed + 1
    status = WaitStatus.MISSED if missed >= MOST_MISSED else WaitStatus.WAITING
    Wait.objects.filter(pk=wait.pk, status=WaitStatus.OFFERED).update(status=status, missed=missed, turn_at=now)
    record("wait.unanswered", f"wait:{wait.pk}", through="task", times=missed)
    if status == WaitStatus.MISSED:
        tell_wait(wait, SideLetterKind.WAIT_MISSED, key=f"wait.{wait.pk}.missed", now=now)
        publish(WaitEnded(wait_id=wait.pk, outcome=status.value))
    transaction.on_commit(note_freed)
    return True


def _serve(wait: Wait, now: datetime) -> bool:
    """Offer somebody the best slot that suits and was not offered to them yet; tell whether there was one."""
    wish = still_to_come(read_wish(wait.wish), next_quarter(now))
    if wish is None or now >= wait.until:
        return False
    if left := _left_behind(wait, now):
        return _offer(wait, left, left.held_until or now, now)
    try:
        found = propose_slots(wish, now=now, limit=LOOKED_AT)
    except DomainError:  # a room or a point that is gone: it may come back before they stop waiting
        return False
    offered = slots_offered(wait) if found else set()
    for proposal in found:
        until = offer_until(now, moment_of(proposal.first_quarter), ZoneInfo(wish.time_zone))
        if until is None or _key(proposal) in offered:
            continue
        booking = _hold(wait, wish, proposal, len(offered), until, now)
        if booking is not None:
            return _offer(wait, booking, until, now)
    return False


def _left_behind(wait: Wait, now: datetime) -> Booking | None:
    """Return the rooms held for somebody by a process that stopped before it offered them."""
    held = Booking.objects.filter(request_key__startswith=f"wait.{wait.pk}.", status=BookingStatus.HELD)
    return held.filter(held_until__gt=now + LEAST_ANSWER, wait_offer=None).first()


def _key(proposal: Proposal) -> tuple[int, frozenset[int]]:
    return proposal.first_quarter, frozenset(seat.room.room_id for seat in proposal.seats if seat.room)


def _hold(
    wait: Wait, wish: MeetingWish, proposal: Proposal, number: int, until: datetime, now: datetime
) -> Booking | None:
    """Hold the rooms of a proposal until `until`, None if somebody was faster. Its key makes a second try the same."""
    rooms = {seat.position: seat.room.room_id for seat in proposal.seats if seat.room}
    request = SlotRequest(
        f"wait.{wait.pk}.{number}.{proposal.first_quarter}",
        proposal.first_quarter,
        proposal.length,
        tuple(replace(party, room_id=rooms.get(party.position, party.room_id)) for party in wish.parties),
        wish.time_zone,
        wait.language,
        now,
        "task",
        wants_help=wish.wants_help,
        passes=wish.passes,
        keep_until=until,
    )
    try:
        return take_slot(request)
    except DomainError:
        return None


@transaction.atomic
def _offer(wait: Wait, booking: Booking, until: datetime, now: datetime) -> bool:
    """Write the offer and tell them; if they left the line meanwhile, give the rooms back."""
    if not Wait.objects.filter(pk=wait.pk, status=WaitStatus.WAITING).update(status=WaitStatus.OFFERED):
        if not WaitOffer.objects.filter(booking=booking).exists():
            give_back_hold(booking_id=booking.pk, now=now)
        return False
    offer = WaitOffer.objects.create(wait=wait, booking=booking, offered_at=now, until=until)
    record("wait.offered", f"wait:{wait.pk}", through="task", booking=booking.reference)
    tell_wait(wait, SideLetterKind.WAIT_OFFER, key=f"wait.offer.{offer.pk}", now=now, until=until)
    publish(SlotOffered(wait_id=wait.pk, booking_id=booking.pk))
    return True
