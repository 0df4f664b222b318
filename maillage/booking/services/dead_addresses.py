"""Addresses that a mail server refused for good: the letter is marked, the address is flagged, nobody writes there."""

from datetime import datetime
from smtplib import SMTPRecipientsRefused
from typing import Final

from django.db import transaction

from maillage.booking.domain.bounces import is_for_good, plain_reason
from maillage.booking.events import LetterBounced
from maillage.booking.models import DeadAddress, LetterRecord, LetterStatus
from maillage.core.events import publish
from maillage.core.journal import record

DEAD: Final = "the address came back before"
"""Why a letter was not even tried."""


def is_dead(address: str) -> bool:
    """Tell whether nobody is written to at `address`. One query."""
    return DeadAddress.objects.filter(address=address.lower()).exists()


def refusal_for_good(refused: SMTPRecipientsRefused) -> tuple[str, str] | None:
    """Return (status, what was said) if the server refused the recipient for good, None if it may pass."""
    for code, said in refused.recipients.values():
        words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        if is_for_good(code, words):
            return str(code), plain_reason(words)
    return None


@transaction.atomic
def bounce(letter: LetterRecord, said: tuple[str, str], *, now: datetime) -> LetterStatus:
    """Mark a letter as come back and flag its address; twice is once. The journal keeps no address."""
    status, reason = said
    living = [LetterStatus.SENDING, LetterStatus.SENT, LetterStatus.WAITING]
    fresh = LetterRecord.objects.filter(pk=letter.pk, status__in=living)
    if not fresh.update(status=LetterStatus.BOUNCED, failure=f"{status} {reason}"[:200]):
        return LetterStatus(LetterRecord.objects.values_list("status", flat=True).get(pk=letter.pk))
    address = letter.recipient.lower()
    values = {"status": status[:11], "reason": reason, "since": now}
    _dead, is_new = DeadAddress.objects.get_or_create(address=address, defaults=values)
    record("letter.bounced", f"booking:{letter.booking.reference}", through="task", letter=letter.pk, status=status)
    if is_new:
        is_organiser = letter.booking.organiser_email.lower() == address
        publish(LetterBounced(letter.pk, letter.booking_id, is_organiser))
    return LetterStatus.BOUNCED
