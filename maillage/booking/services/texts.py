"""Text messages to an organiser who gave a mobile number: all there is without an e-mail, else what is pressing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from maillage.booking.models import Booking, BookingStatus, LetterKind
from maillage.booking.selectors.meetings import meeting_of
from maillage.booking.selectors.texts import text_of
from maillage.core.models import TextMessage
from maillage.core.quarters import moment_of
from maillage.core.sms import can_text, is_mobile
from maillage.core.texting import text_to

RECENT: Final = timedelta(days=1)
WITH_A_LETTER: Final = frozenset(
    {LetterKind.HALF_HOUR, LetterKind.NO_SIGN, LetterKind.ROOM_LOST, LetterKind.ROOM_STILL_LOST}
)
TOLD_ANYWAY: Final = frozenset(
    {
        LetterKind.CANCELLATION,
        LetterKind.REQUEST_SENT,
        LetterKind.OTHER_TIMES,
        LetterKind.DECLINED,
        LetterKind.UNANSWERED,
    }
)
"""What is said of a booking that is not, or no longer, confirmed."""


def write_text(booking: Booking, kind: LetterKind, *, now: datetime) -> bool:
    """Write the text message of `kind` to the organiser if one is due; return whether it is new. Twice is harmless."""
    is_due = kind in WITH_A_LETTER or not booking.organiser_email
    is_alive = booking.status == BookingStatus.CONFIRMED or kind in TOLD_ANYWAY
    if not (is_due and is_alive and can_text() and is_mobile(booking.organiser_phone)):
        return False
    return text_to(
        booking.organiser_phone,
        text_of(kind, meeting_of(booking.pk)),
        key=_key(booking, kind),
        subject=f"booking:{booking.reference}",
        until=moment_of(booking.first_quarter if kind is LetterKind.HALF_HOUR else booking.end_quarter),
        now=now,
    )


def texted(bookings: Iterable[Booking], kind: LetterKind) -> set[Booking]:
    """Return those whose message of `kind` is written for their state. One query."""
    keys = {_key(booking, kind): booking for booking in bookings}
    written = TextMessage.objects.filter(key__in=keys).values_list("key", flat=True)
    return {keys[key] for key in written}


def untold_by_text(bookings: "QuerySet[Booking]", now: datetime) -> list[Booking]:
    """Return those of the last day, of an organiser without e-mail, whose state no text message tells. One query."""
    same_state = Concat(Value("."), Cast(OuterRef("sequence"), CharField()))
    told = TextMessage.objects.filter(
        subject=Concat(Value("booking:"), OuterRef("reference")), key__endswith=same_state
    )
    recent = bookings.filter(~Exists(told), organiser_email="", confirmed_at__gt=now - RECENT)
    return list(recent.exclude(organiser_phone="")[:100])


def _key(booking: Booking, kind: LetterKind) -> str:
    return f"{booking.pk.hex}.{kind.value}.{booking.sequence}"
