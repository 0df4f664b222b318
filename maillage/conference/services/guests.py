"""Coming in by the code of a meeting, with nothing but a browser."""

from datetime import datetime

from django.core.cache import cache
from django.db import transaction

from maillage.booking.models import Booking, Party, PartyKind
from maillage.conference.domain.door import Door
from maillage.conference.errors import CodeUnknown, MeetingFull
from maillage.conference.models import CodeGuest
from maillage.conference.selectors import meeting_by_code
from maillage.core.errors import TooMany
from maillage.core.journal import record

MOST_GUESTS = 12
WRONG_CODES = 12
WRONG_SECONDS = 900
"""So many unknown codes from one address, by telephone or on a page, and it is turned away for a quarter of an hour:
a million codes are then out of reach of guessing."""


def _key(address: str) -> str:
    return f"wrong-codes:{address}"


def has_guessed_too_often(address: str) -> bool:
    """Tell whether an address tried too many unknown codes."""
    return bool(cache.get(_key(address), 0) >= WRONG_CODES)


def note_wrong_code(address: str) -> None:
    """Count an unknown code against an address."""
    cache.add(_key(address), 0, timeout=WRONG_SECONDS)
    try:
        cache.incr(_key(address))
    except ValueError:  # expired between the two calls
        cache.set(_key(address), 1, timeout=WRONG_SECONDS)


def enter_by_code(*, code: str, name: str, head_count: int, request_key: str, address: str, now: datetime) -> Party:
    """Return the side of a guest who typed `code`, made once for each `request_key`.

    Raises TooMany for an address that guesses, CodeUnknown outside the meeting's time as for no meeting, MeetingFull.
    """
    if has_guessed_too_often(address):
        raise TooMany(wait_seconds=WRONG_SECONDS)
    meeting = meeting_by_code(code, now)
    if meeting is None or meeting.door is not Door.OPEN:
        note_wrong_code(address)
        raise CodeUnknown
    return _guest_of(meeting.booking, name=name, head_count=head_count, request_key=request_key, now=now)


@transaction.atomic
def _guest_of(booking: Booking, *, name: str, head_count: int, request_key: str, now: datetime) -> Party:
    Booking.objects.select_for_update().get(pk=booking.pk)
    known = CodeGuest.objects.filter(request_key=request_key, party__booking=booking).select_related("party").first()
    if known:
        known.party.booking = booking
        return known.party
    if CodeGuest.objects.filter(party__booking=booking).count() >= MOST_GUESTS:
        raise MeetingFull
    last = booking.parties.order_by("-position").values_list("position", flat=True).first()
    party = Party.objects.create(
        booking=booking,
        position=(-1 if last is None else last) + 1,
        kind=PartyKind.BROWSER,
        name=name,
        head_count=head_count,
    )
    CodeGuest.objects.create(party=party, request_key=request_key, arrived_at=now)
    record("conference.guest-by-code", f"booking:{booking.reference}", through="link", party=party.pk)
    return party
