"""Mails about what is no meeting: written down with the act, sent by the worker, tried again if refused."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Final

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from maillage.booking.gateways.mail import send_letter
from maillage.booking.models import SideLetter, SideLetterKind
from maillage.booking.selectors.side_notices import side_letter
from maillage.booking.services.dead_addresses import is_dead
from maillage.points.models import Point

logger = logging.getLogger(__name__)

WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 120, 360, 900))
LEFT_AFTER: Final = timedelta(minutes=15)
KEPT: Final = timedelta(days=30)


@transaction.atomic
def write_side_letter(kind: SideLetterKind, about: int, recipient: str, *, key: str, now: datetime) -> bool:
    """Write one mail down; the worker sends it once this is committed. The same `key` again writes nothing more.

    Nobody is written to at the address of a demonstration point.
    """
    if Point.objects.filter(is_demonstration=True, email__iexact=recipient).exists():
        return False
    values = {"kind": kind, "about": about, "recipient": recipient, "due_at": now}
    letter, is_new = SideLetter.objects.get_or_create(key=key, defaults=values)
    if is_new:
        transaction.on_commit(lambda: _hand_over([letter.pk]))
    return is_new


def deliver_side_letter(letter_id: int, *, now: datetime) -> bool:
    """Send a letter that is due and not sent; tell whether it went. Two workers at once send it once.

    One that has lost its reason to be, or whose address came back for good, is not sent nor tried again.
    """
    due = SideLetter.objects.filter(pk=letter_id, sent_at=None, due_at__lte=now, attempts__lte=len(WAITS))
    letter = due.first()
    if letter is None or not due.filter(attempts=letter.attempts).update(
        attempts=letter.attempts + 1, due_at=now + WAITS[min(letter.attempts, len(WAITS) - 1)]
    ):
        return False
    mine = SideLetter.objects.filter(pk=letter_id)
    mail = None if is_dead(letter.recipient) else side_letter(letter)
    if mail is None:
        mine.update(attempts=len(WAITS) + 1, failure="not to be sent")
        return False
    try:
        send_letter(mail)
    except (SMTPException, OSError) as refused:
        logger.warning("letter apart %s not sent (try %s): %s", letter.pk, letter.attempts + 1, refused)
        mine.update(failure=f"{type(refused).__name__}: {refused}"[:200])
        return False
    mine.update(sent_at=now, failure="")
    return True


@task(queue_name="mail")
def deliver_side_letter_later(letter_id: int) -> bool:
    """Send one letter: the worker's side."""
    return deliver_side_letter(letter_id, now=timezone.now())


def send_due_side_letters(now: datetime) -> int:
    """Give the worker what waits for another try, and what a stopped process left. Return how many."""
    again = SideLetter.objects.filter(sent_at=None, attempts__range=(1, len(WAITS)), due_at__lte=now)
    left = SideLetter.objects.filter(sent_at=None, attempts=0, due_at__lte=now - LEFT_AFTER)
    waiting = [*again.values_list("pk", flat=True)[:200], *left.values_list("pk", flat=True)[:200]]
    _hand_over(waiting)
    return len(waiting)


def forget_side_letters(now: datetime) -> int:
    """Delete the letters written a month ago; return how many."""
    return SideLetter.objects.filter(due_at__lt=now - KEPT).delete()[0]


def _hand_over(letters: list[int]) -> None:
    for pk in letters:
        deliver_side_letter_later.enqueue(pk)
