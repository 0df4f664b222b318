"""Mails to the parties of a past meeting: recorded with the act, sent by the worker, tried again if refused."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Final

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from maillage.booking.gateways.mail import send_letter
from maillage.booking.models import Booking
from maillage.conference.models import Notice, NoticeKind
from maillage.conference.selectors.minutes import notice_letter
from maillage.points.models import Point

logger = logging.getLogger(__name__)
WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 60, 360, 900))
LEFT_AFTER: Final = timedelta(minutes=15)


def write_notices(*, booking: Booking, kind: NoticeKind, version: int, now: datetime) -> int:
    """Record a mail to each party that has an address, each address once; return how many there are.

    Within the caller's transaction. Running it twice for one version writes nothing more.
    """
    demonstration = Point.objects.filter(is_demonstration=True).values_list("email", flat=True)
    seen = {address.lower() for address in demonstration}
    fresh = []
    for party in booking.parties.order_by("position"):
        address = party.email or (booking.organiser_email if party.position == 0 else "")
        if address and address.lower() not in seen:
            seen.add(address.lower())
            fresh.append(Notice(party=party, kind=kind, version=version, recipient=address, due_at=now))
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    mine = Notice.objects.filter(party__booking=booking, kind=kind, version=version)
    waiting = list(mine.filter(sent_at=None, attempts=0).values_list("pk", flat=True))
    transaction.on_commit(lambda: _hand_over(waiting))
    return mine.count()


def _hand_over(notices: list[int]) -> None:
    for pk in notices:
        deliver_notice.enqueue(pk)


@task(queue_name="mail")
def deliver_notice(notice_id: int) -> bool:
    """Send one notice: the worker's side."""
    return deliver(notice_id, now=timezone.now())


def deliver(notice_id: int, *, now: datetime) -> bool:
    """Send a notice that is due and not sent; tell whether it went. Two workers at once send it once."""
    due = Notice.objects.filter(pk=notice_id, sent_at=None, due_at__lte=now, attempts__lte=len(WAITS))
    notice = due.first()
    if notice is None or not due.filter(attempts=notice.attempts).update(
        attempts=notice.attempts + 1, due_at=now + WAITS[min(notice.attempts, len(WAITS) - 1)]
    ):
        return False
    try:
        send_letter(notice_letter(notice))
    except (SMTPException, OSError) as refused:
        failure = f"{type(refused).__name__}: {refused}"[:200]
        logger.warning("notice %s not sent (try %s): %s", notice.pk, notice.attempts + 1, failure)
        Notice.objects.filter(pk=notice.pk).update(failure=failure)
        return False
    Notice.objects.filter(pk=notice.pk).update(sent_at=now, failure="")
    return True


def send_due_notices(now: datetime) -> int:
    """Give the worker what waits for another try, and what a stopped process left; return how many."""
    again = Notice.objects.filter(sent_at=None, attempts__range=(1, len(WAITS)), due_at__lte=now)
    left = Notice.objects.filter(sent_at=None, attempts=0, due_at__lte=now - LEFT_AFTER)
    waiting = [*again.values_list("pk", flat=True), *left.values_list("pk", flat=True)]
    _hand_over(waiting)
    return len(waiting)
