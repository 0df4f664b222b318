"""Text messages written down, then sent by the worker, as letters are: a page never waits, none leaves twice.

`text_to` is all that an app needs. A message not sent by its deadline is given up: late, it would mislead.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from maillage.core.gsm import plain
from maillage.core.models import TextMessage, TextStatus
from maillage.core.sms import SmsRefused, sms_gateway

logger = logging.getLogger(__name__)

WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 3, 10, 30, 120))
STUCK: Final = timedelta(minutes=10)


@transaction.atomic
def text_to(number: str, text: str, *, key: str, subject: str, until: datetime, now: datetime) -> bool:
    """Write one text message to `number`; the worker sends it once this is committed. Returns whether it is new.

    `key`: the same key again writes nothing more. `subject`, as in "booking:K7Q2-M4": those about it that still wait
    for the same number are dropped, since the new one says what holds now.
    """
    values = {"subject": subject, "number": number, "text": plain(text)[:1000], "due_at": now, "until": until}
    written, is_new = TextMessage.objects.get_or_create(key=key, defaults=values)
    if not is_new:
        return False
    earlier = TextMessage.objects.filter(subject=subject, number=number, status=TextStatus.WAITING)
    earlier.exclude(pk=written.pk).update(status=TextStatus.WITHHELD)
    transaction.on_commit(partial(deliver_text.enqueue, written.pk))
    return True


def deliver(text_id: int, *, now: datetime) -> TextStatus:
    """Send one text message if it is still to be sent, and record what the provider said."""
    claimed = TextMessage.objects.filter(pk=text_id, status=TextStatus.WAITING).update(
        status=TextStatus.SENDING, tried_at=now
    )
    message = TextMessage.objects.get(pk=text_id)
    if not claimed:
        return TextStatus(message.status)
    gateway = sms_gateway()
    if gateway is None:
        return _close(message, TextStatus.WITHHELD, failure="no gateway")
    if now > message.until:
        return _close(message, TextStatus.WITHHELD, failure="too late")
    try:
        gateway.send(message.number, message.text, message.key)
    except SmsRefused as refused:
        return _put_off(message, refused, now)
    return _close(message, TextStatus.SENT, sent_at=now, failure="")


@task(queue_name="mail")
def deliver_text(text_id: int) -> str:
    """Send one text message: the worker's side of `text_to`."""
    return deliver(text_id, now=timezone.now()).value


def send_due_texts(now: datetime) -> int:
    """Give the worker the messages that wait for another try, or that a stopped process left. Returns how many.

    One left half-way may have gone: it is given up rather than sent, and charged, twice.
    """
    TextMessage.objects.filter(status=TextStatus.SENDING, tried_at__lt=now - STUCK).update(
        status=TextStatus.FAILED, failure="interrupted"
    )
    waiting = TextMessage.objects.filter(status=TextStatus.WAITING)
    due = waiting.filter(due_at__lte=now, attempts__gt=0) | waiting.filter(due_at__lt=now - STUCK)
    keys = list(due.values_list("pk", flat=True)[:500])
    for pk in keys:
        deliver_text.enqueue(pk)
    return len(keys)


def _put_off(message: TextMessage, refused: SmsRefused, now: datetime) -> TextStatus:
    attempts = message.attempts + 1
    failure = str(refused)[:200]
    logger.warning("text message %s not sent (try %s): %s", message.pk, attempts, failure)
    if refused.for_good or attempts > len(WAITS):
        return _close(message, TextStatus.FAILED, attempts=attempts, failure=failure)
    due_at = now + WAITS[attempts - 1]
    return _close(message, TextStatus.WAITING, attempts=attempts, due_at=due_at, failure=failure)


def _close(message: TextMessage, status: TextStatus, **fields: object) -> TextStatus:
    TextMessage.objects.filter(pk=message.pk).update(status=status, **fields)
    return status
