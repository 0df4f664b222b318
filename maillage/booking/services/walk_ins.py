"""Book rooms for people who are already in one of them: from this quarter of an hour, confirmed, without a form."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from maillage.booking.domain.contacts import Contact
from maillage.booking.domain.wishes import PartyWish
from maillage.booking.models import Booking
from maillage.booking.rights import WALK_IN
from maillage.booking.services.holds import SlotRequest, take_slot
from maillage.core.quarters import MINUTES, next_quarter, quarter_of


def book_now(
    *, request_key: str, minutes: int, parties: Sequence[PartyWish], name: str, title: str, time_zone: str,
    language: str, now: datetime,
) -> Booking:  # fmt: skip
    """Book from the quarter under way for `minutes` at least, signed by the place itself. No letter leaves.

    Raises SlotTaken, RoomClosed, TooSoon for a room that asks for more than WALK_IN_NOTICE, and as `hold_slot`.
    """
    first = quarter_of(now)
    request = SlotRequest(
        request_key=f"{WALK_IN}{request_key}"[:64],
        first_quarter=first,
        length=length_from(now, minutes),
        parties=tuple(parties),
        time_zone=time_zone,
        language=language,
        now=now,
        through="station",
        contact=Contact(name=name[:120], email="", title=title[:120]),
        is_walk_in=True,
    )
    return take_slot(request)


def length_from(now: datetime, minutes: int) -> int:
    """Return the quarters that hold `minutes` from `now`, the one under way included."""
    return next_quarter(now + timedelta(minutes=minutes)) - quarter_of(now) if minutes >= MINUTES else 1
