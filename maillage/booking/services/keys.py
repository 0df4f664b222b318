"""Lend the keys of rooms and take them back. The database decides who has a key: it is lent once at a time."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import override

from maillage.booking.errors.keys import KeyAlreadyLent, KeyLabelTaken, LoanWrong, UnknownKey
from maillage.booking.events import KeyLent, KeyReturned
from maillage.booking.models import KeyLoan, RoomKey, SideLetterKind
from maillage.booking.selectors.keys import LateKey, late_loans
from maillage.booking.services.side_letters import write_side_letter
from maillage.core.events import publish
from maillage.core.journal import Door, record
from maillage.core.sms import can_text, is_mobile
from maillage.core.texting import text_to

MOST_LOAN: Final = timedelta(days=366)
FIRST_HOUR, LAST_HOUR = 8, 20
"""People are reminded of a key by day, on the clocks of its room."""
BETWEEN_REMINDERS: Final = timedelta(hours=20)
MOST_REMINDERS: Final = 3
FORGOTTEN_AFTER: Final = timedelta(days=30)


@transaction.atomic
def add_key(*, room_id: int, label: str, through: Door = "agent", agent_id: int | None = None) -> RoomKey:
    """Add a key to a room, or take one up again that was set aside. Raises KeyLabelTaken."""
    name = " ".join(label.split())[:40]
    key, is_new = RoomKey.objects.get_or_create(room_id=room_id, label=name)
    if not is_new and key.is_in_use:
        raise KeyLabelTaken(key=name)
    if not is_new:
        RoomKey.objects.filter(pk=key.pk).update(is_in_use=True)
    record("key.added", f"room:{room_id}", through=through, agent_id=agent_id, key=name)
    return key


@transaction.atomic
def set_key_aside(*, key_id: int, through: Door = "agent", agent_id: int | None = None) -> None:
    """Stop lending a key that was lost or changed. Raises KeyAlreadyLent while somebody has it, UnknownKey."""
    key = RoomKey.objects.select_for_update(no_key=True).filter(pk=key_id).first()
    if key is None:
        raise UnknownKey
    if out := KeyLoan.objects.filter(key=key, returned_at=None).first():
        raise KeyAlreadyLent(key=key.label, holder=out.holder)
    if RoomKey.objects.filter(pk=key_id, is_in_use=True).update(is_in_use=False):
        record("key.set-aside", f"room:{key.room_id}", through=through, agent_id=agent_id, key=key.label)


def lend_key(
    *,
    key_id: int,
    holder: str,
    due_at: datetime,
    now: datetime,
    booking_id: UUID | None = None,
    email: str = "",
    phone: str = "",
    language: str = "fr",
    through: Door = "agent",
    agent_id: int | None = None,
) -> KeyLoan:
    """Lend a key until `due_at`. To the same person for the same booking again, return the loan that stands.

    Raises KeyAlreadyLent, naming who has it, UnknownKey, LoanWrong.
    """
    name = " ".join(holder.split())[:120]
    if not (name and now < due_at <= now + MOST_LOAN):
        raise LoanWrong
    loan = KeyLoan(
        key_id=key_id, booking_id=booking_id, holder=name, email=email, phone=phone, language=language,
        lent_at=now, due_at=due_at, lent_by_id=agent_id,
    )  # fmt: skip
    try:
        return _lend(loan, through, agent_id)
    except IntegrityError as clash:
        standing = KeyLoan.objects.filter(key=key_id, returned_at=None).select_related("key").first()
        if standing is None:  # taken back in the same instant: asked again, it is free
            raise KeyAlreadyLent(key=loan.key.label, holder=name) from clash
        if (standing.booking_id, standing.holder) == (booking_id, name):
            return standing
        raise KeyAlreadyLent(key=standing.key.label, holder=standing.holder) from clash


@transaction.atomic
def _lend(loan: KeyLoan, through: Door, agent_id: int | None) -> KeyLoan:
    key = RoomKey.objects.select_for_update(no_key=True).filter(pk=loan.key_id, is_in_use=True).first()
    if key is None:
        raise UnknownKey
    loan.save(force_insert=True)
    reference = loan.booking.reference if loan.booking else ""
    record("key.lent", f"room:{key.room_id}", through=through, agent_id=agent_id, key=key.label, booking=reference)
    publish(KeyLent(loan_id=loan.pk, room_id=key.room_id))
    return loan


@transaction.atomic
def take_key_back(*, loan_id: int, now: datetime, through: Door = "agent", agent_id: int | None = None) -> None:
    """Note that a key came back. Twice is harmless. Raises UnknownKey."""
    loan = KeyLoan.objects.select_related("key").filter(pk=loan_id).first()
    if loan is None:
        raise UnknownKey
    back = KeyLoan.objects.filter(pk=loan_id, returned_at=None)
    if back.update(returned_at=max(now, loan.lent_at), taken_back_by=agent_id):
        room = loan.key.room_id
        record("key.returned", f"room:{room}", through=through, agent_id=agent_id, key=loan.key.label)
        publish(KeyReturned(loan_id=loan_id, room_id=room, was_late=now > loan.due_at))


def remind_late_keys(now: datetime) -> int:
    """Ask for the keys that should be back, by day, once a day and three times at most. Return how many."""
    count = 0
    for late in late_loans(now, again_before=now - BETWEEN_REMINDERS, most=MOST_REMINDERS):
        local = now.astimezone(ZoneInfo(late.zone))
        if FIRST_HOUR <= local.hour < LAST_HOUR:
            count += _remind(late, now)
    return count


@transaction.atomic
def _remind(late: LateKey, now: datetime) -> bool:
    """Write one reminder, if nobody else just did and the key is still out."""
    loan = late.loan
    mine = KeyLoan.objects.filter(pk=loan.pk, returned_at=None, reminders=loan.reminders)
    if not mine.update(reminders=F("reminders") + 1, reminded_at=now):
        return False
    mark = f"key.{loan.pk}.{loan.reminders + 1}"
    if loan.email:
        write_side_letter(SideLetterKind.KEY_LATE, loan.pk, loan.email, key=mark, now=now)
    elif can_text() and is_mobile(loan.phone):
        with override(loan.language):
            words = late.text
        text_to(loan.phone, words, key=mark, subject=f"key:{loan.pk}", until=now + timedelta(hours=12), now=now)
    record("key.reminded", f"room:{loan.key.room_id}", through="task", key=loan.key.label, times=loan.reminders + 1)
    return True


def forget_holders(now: datetime) -> int:
    """Forget who had the keys returned a month ago; that they were lent is kept, to be counted. Return how many."""
    old = KeyLoan.objects.filter(returned_at__lt=now - FORGOTTEN_AFTER).exclude(holder="", email="", phone="")
    return old.update(holder="", email="", phone="")
