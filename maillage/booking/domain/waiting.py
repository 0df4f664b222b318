"""The waiting list's rules: until when an offered slot is kept, and a wish as it is written down and read again."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from maillage.booking.domain.terms import Pass
from maillage.booking.domain.wishes import MeetingWish, PartyWish

ANSWER: Final = timedelta(minutes=30)
"""How long a slot is kept for somebody to answer, by day."""
LEAST_ANSWER: Final = timedelta(minutes=10)
BEFORE_THE_MEETING: Final = timedelta(minutes=15)
MORNING, EVENING = time(8), time(20)
FIRST_ANSWER: Final = time(8, 30)
"""What frees at night is kept until then: nobody is made to answer at three o'clock."""
MOST_MISSED: Final = 2
MOST_WISHES: Final = 5
"""Of one person at a time."""


def offer_until(now: datetime, start: datetime, zone: ZoneInfo) -> datetime | None:
    """Return until when a slot that starts at `start` is kept for who is offered it, on their clocks.

    None if there is no time left to read the offer and come.
    """
    local = now.astimezone(zone)
    if MORNING <= local.time() < EVENING:
        until = now + ANSWER
    else:
        day = local.date() + timedelta(days=local.time() >= EVENING)
        until = datetime.combine(day, FIRST_ANSWER, tzinfo=zone)
    until = min(until, start - BEFORE_THE_MEETING)
    return until if until - now >= LEAST_ANSWER else None


def written_wish(wish: MeetingWish) -> dict[str, Any]:
    """Return a wish as plain values that JSON keeps."""
    parties = [asdict(party) | {"needs": sorted(party.needs)} for party in wish.parties]
    passes = sorted((held.point_id, held.group) for held in wish.passes)
    return asdict(wish) | {"parties": parties, "passes": [list(held) for held in passes]}


def read_wish(kept: Mapping[str, Any]) -> MeetingWish:
    """Return what `written_wish` wrote."""
    parties = tuple(PartyWish(**party | {"needs": frozenset(party["needs"])}) for party in kept["parties"])
    passes = frozenset(Pass(point_id, group) for point_id, group in kept["passes"])
    return MeetingWish(**{**kept, "parties": parties, "passes": passes})


def still_to_come(wish: MeetingWish, now_quarter: int) -> MeetingWish | None:
    """Return what is left of a wish, None once it is too short for the meeting."""
    first = max(wish.first_quarter, now_quarter)
    return None if wish.end_quarter - first < wish.length else replace(wish, first_quarter=first)
