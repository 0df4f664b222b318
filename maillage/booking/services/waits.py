"""Wait for a slot, answer the one that is offered, leave the line. The constraints decide when two acts meet."""

import hashlib
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F

from maillage.booking.domain.contacts import Contact
from maillage.booking.domain.waiting import MOST_WISHES, still_to_come, written_wish
from maillage.booking.domain.wishes import MeetingWish, check_wish
from maillage.booking.errors import HoldExpired, NotChangeable
from maillage.booking.errors.waits import NothingToWaitFor, OfferOver, TooManyWishes
from maillage.booking.events import WaitEnded, WishLeft
from maillage.booking.models import (
    Booking,
    OfferStatus,
    SideLetterKind,
    Wait,
    WaitingLine,
    WaitOffer,
    WaitPlace,
    WaitStatus,
)
from maillage.booking.selectors.waits import IN_LINE, points_hoped_for
from maillage.booking.services.changes import confirm_booking
from maillage.booking.services.contacts import check_contact
from maillage.booking.services.giving_back import give_back_hold
from maillage.booking.services.wait_letters import tell_wait
from maillage.core.events import publish
from maillage.core.journal import record
from maillage.core.quarters import next_quarter
from maillage.core.words import hour_words

LINE: Final = 1
"""The key of the one row of WaitingLine."""


def leave_wish(*, wish: MeetingWish, contact: Contact, until: datetime, language: str, now: datetime) -> Wait:
    """Put somebody in line for `wish`, until `until`; the same wish again returns the place they have.

    Raises what `check_wish` and the search refuse, ContactIncomplete, NothingToWaitFor, TooManyWishes.
    """
    check_contact(contact)
    if now >= until or still_to_come(wish, next_quarter(now)) is None:
        raise NothingToWaitFor
    wish = check_wish(wish, now_quarter=next_quarter(now))
    points = points_hoped_for(wish)
    mark = hashlib.sha256(f"{contact.email or contact.phone}{_essence(wish)}".lower().encode()).hexdigest()[:32]
    mine = Wait.objects.filter(email=contact.email, phone=contact.phone, status__in=IN_LINE)
    if known := mine.filter(mark=mark).first():
        return known
    if mine.count() >= MOST_WISHES:
        raise TooManyWishes(most=MOST_WISHES)
    wait = Wait(
        mark=mark, name=contact.name.strip(), email=contact.email, phone=contact.phone, category=contact.category,
        language=language, wish=written_wish(wish), until=until, asked_at=now, turn_at=now,
    )  # fmt: skip
    try:
        _put_in_line(wait, points, now)
    except IntegrityError:  # pressed twice in the same instant
        return Wait.objects.get(mark=mark, status__in=IN_LINE)
    note_freed()
    return wait


@transaction.atomic
def _put_in_line(wait: Wait, points: set[int], now: datetime) -> None:
    wait.save(force_insert=True)
    WaitPlace.objects.bulk_create(WaitPlace(wait=wait, point_id=point) for point in sorted(points))
    record("wait.begun", f"wait:{wait.pk}", through="link", points=sorted(points))
    tell_wait(wait, SideLetterKind.WAIT_BEGUN, key=f"wait.{wait.pk}.begun", now=now)
    publish(WishLeft(wait_id=wait.pk))


def _essence(wish: MeetingWish) -> tuple[object, ...]:
    """Return what makes two wishes the same: not the minute at which the window was cut."""
    parties = tuple((p.commune_insee, p.head_count, p.kind, p.room_id, tuple(sorted(p.needs))) for p in wish.parties)
    return (parties, wish.length, wish.end_quarter, wish.part_of_day)


@transaction.atomic
def take_offer(*, wait_id: int, now: datetime) -> Booking:
    """Confirm the slot offered to somebody in line, in one press; taken already, return its booking.

    Raises OfferOver, and what confirming refuses.
    """
    wait = _locked(wait_id)
    offer = wait.offers.filter(status__in=[OfferStatus.OPEN, OfferStatus.TAKEN]).select_related("booking").last()
    if offer is None:
        raise OfferOver(until=hour_words(now, "UTC"))
    if offer.status == OfferStatus.TAKEN:
        return offer.booking
    contact = Contact(name=wait.name, email=wait.email, phone=wait.phone, category=wait.category)
    try:
        booking = confirm_booking(booking_id=offer.booking_id, contact=contact, now=now)
    except (HoldExpired, NotChangeable) as over:
        raise OfferOver(until=hour_words(offer.until, offer.booking.time_zone)) from over
    WaitOffer.objects.filter(pk=offer.pk).update(status=OfferStatus.TAKEN)
    _end(wait, WaitStatus.MET)
    return booking


@transaction.atomic
def pass_offer(*, wait_id: int, now: datetime) -> None:
    """Let the offered slot go to the next in line, and keep one's rank for others. Twice is harmless."""
    wait = _locked(wait_id)
    if _give_back(wait, OfferStatus.PASSED, now):
        Wait.objects.filter(pk=wait.pk, status=WaitStatus.OFFERED).update(status=WaitStatus.WAITING)
        record("wait.passed", f"wait:{wait.pk}", through="link")


@transaction.atomic
def leave_line(*, wait_id: int, now: datetime) -> None:
    """Leave the line, an offered slot given back; who they are is forgotten at once. Twice is harmless."""
    wait = _locked(wait_id)
    _give_back(wait, OfferStatus.PASSED, now)
    if wait.status in IN_LINE:
        _end(wait, WaitStatus.LEFT)
        Wait.objects.filter(pk=wait.pk).update(name="", email="", phone="")


def note_freed() -> None:
    """Have the line served at the next run: rooms were freed, or somebody joined it. Never in anybody's way."""
    if not WaitingLine.objects.filter(pk=LINE).update(freed=F("freed") + 1):
        WaitingLine.objects.get_or_create(pk=LINE, defaults={"freed": 1})


def forget_waits(now: datetime) -> int:
    """Delete who waited for a time that is over; return how many. What they booked stays."""
    over = Wait.objects.filter(until__lt=now).exclude(offers__status=OfferStatus.OPEN)
    WaitOffer.objects.filter(wait__in=over).exclude(status=OfferStatus.TAKEN).delete()
    return over.delete()[1].get(Wait._meta.label, 0)


def _locked(wait_id: int) -> Wait:
    wait = Wait.objects.select_for_update(no_key=True).filter(pk=wait_id).first()
    if wait is None:
        raise NothingToWaitFor
    return wait


def _give_back(wait: Wait, status: OfferStatus, now: datetime) -> bool:
    """End the open offer of a locked wait and free its rooms; tell whether there was one."""
    offer = wait.offers.filter(status=OfferStatus.OPEN).first()
    if offer is None:
        return False
    WaitOffer.objects.filter(pk=offer.pk).update(status=status)
    give_back_hold(booking_id=offer.booking_id, now=now)
    transaction.on_commit(note_freed)
    return True


def _end(wait: Wait, status: WaitStatus) -> None:
    Wait.objects.filter(pk=wait.pk).update(status=status)
    record(f"wait.{status.value}", f"wait:{wait.pk}", through="link")
    publish(WaitEnded(wait_id=wait.pk, outcome=status.value))
