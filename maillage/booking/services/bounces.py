"""Reports of letters that came back: read, checked against our own letters, then followed by a corrected address."""

import logging
import mailbox
from contextlib import closing
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from maillage.booking.domain.bounces import MOST_BYTES, NotABounce, TooLarge, read_bounce
from maillage.booking.errors.bounces import AddressWrong, BounceRefused
from maillage.booking.gateways.mail import letter_of_token
from maillage.booking.models import Booking, DeadAddress, LetterKind, LetterRecord, LetterStatus, Party
from maillage.booking.rights import is_to_come
from maillage.booking.selectors.openings import contacts_of
from maillage.booking.services.dead_addresses import DEAD, bounce
from maillage.booking.services.endings import locked_booking
from maillage.booking.services.letters import hand_over
from maillage.booking.services.notices import record_notices
from maillage.core.journal import Door, record

logger = logging.getLogger(__name__)


def take_report(content: bytes, *, now: datetime) -> LetterRecord:
    """Read one delivery report and mark the letter it is about; twice is once.

    Raises BounceRefused, changing nothing, for anything but a failure for good of a letter that we sent to that very
    address: a report too large, unreadable, about a delay, with a token we did not write, or for somebody else.
    """
    try:
        found = read_bounce(content)
    except TooLarge as large:
        raise BounceRefused(why="too large") from large
    except (NotABounce, ValueError, LookupError, UnicodeError) as wrong:
        raise BounceRefused(why="not a report of failure") from wrong
    number = letter_of_token(found.token)
    letter = LetterRecord.objects.select_related("booking").filter(pk=number).first() if number else None
    if letter is None:
        raise BounceRefused(why="not about a letter of ours")
    if letter.recipient.lower() != found.recipient.lower():
        raise BounceRefused(why="about another address")
    bounce(letter, (found.status, found.reason), now=now)
    return letter


def read_bounces(now: datetime) -> int:
    """Read the new reports of MAILLAGE_BOUNCES_MAILDIR; return how many letters came back. Harmless to run twice."""
    return read_maildir(Path(settings.BOUNCES_MAILDIR), now=now) if settings.BOUNCES_MAILDIR else 0


def read_maildir(folder: Path, *, now: datetime) -> int:
    """Take each new message of a Maildir and mark it read; refused or not, it is looked at once. Raises OSError."""
    count = 0
    for path in sorted((folder / "new").iterdir()):
        with path.open("rb") as opened:
            count += _try(opened.read(MOST_BYTES + 1), now)
        path.rename(folder / "cur" / f"{path.name}:2,S")
    return count


def read_mbox(path: Path, *, now: datetime) -> int:
    """Take each message of an mbox file, which stays as it is; return how many letters came back. Raises OSError."""
    with closing(mailbox.mbox(path, create=False)) as box:
        return sum(_try(box.get_file(key).read(MOST_BYTES + 1), now) for key in box.iterkeys())


def _try(content: bytes, now: datetime) -> bool:
    try:
        take_report(content, now=now)
    except BounceRefused as refused:
        logger.info("report not taken: %s", refused.sentence())
        return False
    return True


@task(queue_name="mail")
def tell_hosts_later(booking_id: str) -> int:
    """Tell the organiser's point that they can be reached by telephone only, in the worker."""
    return tell_hosts(UUID(booking_id), now=timezone.now())


def tell_hosts(booking_id: UUID, *, now: datetime) -> int:
    """Write to who answers for the organiser's point, if the meeting is still to come. Returns how many letters."""
    booking = Booking.objects.get(pk=booking_id)
    seated = booking.parties.filter(room__isnull=False).select_related("room__point").order_by("position").first()
    if seated is None or seated.room is None or not is_to_come(booking, now=now):
        return 0
    readers = [(seated, contact.email) for contact in contacts_of(seated.room.point)]
    return len(record_notices(booking, readers, LetterKind.HOST_BOUNCED, now=now))


def correct_address(
    *, booking_id: UUID, position: int, email: str, now: datetime, through: Door = "link", agent_id: int | None = None
) -> int:
    """Give a side another address and send again what came back; return how many letters.

    The same address again is tried once more. Raises AddressWrong, UnknownBooking.
    """
    address = email.strip()
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise AddressWrong from wrong
    with transaction.atomic():
        booking = locked_booking(booking_id)
        party = Party.objects.filter(booking=booking, position=position).first()
        if party is None or len(address) > 254:
            raise AddressWrong
        before = party.email if position else booking.organiser_email
        _write_address(booking, party, address)
        DeadAddress.objects.filter(address=address.lower()).delete()
        again = _lost_letters(booking, party, before, address, now)
        subject = f"booking:{booking.reference}"
        record("booking.address-corrected", subject, through=through, agent_id=agent_id, position=position)
        transaction.on_commit(lambda: hand_over(again))
    return len(again)


def _write_address(booking: Booking, party: Party, address: str) -> None:
    if party.position:
        party.email = address
    else:
        party.email = address if party.email else party.email
        booking.organiser_email = address
        booking.save(update_fields=["organiser_email"])
    party.save(update_fields=["email"])


def _lost_letters(booking: Booking, party: Party, before: str, address: str, now: datetime) -> list[LetterRecord]:
    """Return a new letter for each that this side did not receive at its former address."""
    unread = LetterRecord.objects.filter(booking=booking, party=party, recipient__iexact=before)
    came_back = unread.filter(status=LetterStatus.BOUNCED) | unread.filter(status=LetterStatus.WITHHELD, failure=DEAD)
    received = set(
        LetterRecord.objects.filter(booking=booking, party=party, recipient=address)
        .exclude(pk__in=came_back)
        .values_list("kind", "sequence")
    )
    again = []
    for letter in came_back:
        if (letter.kind, letter.sequence) in received:
            continue
        letter.status, letter.attempts, letter.due_at, letter.failure = LetterStatus.WAITING, 0, now, ""
        letter.recipient, letter.tried_at, letter.sent_at = address, None, None
        letter.save()
        again.append(letter)
    return again
