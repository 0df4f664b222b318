"""Bad input: each refused with its own code, before any work."""

from dataclasses import replace

import pytest

from maillage.booking.domain.wishes import (
    MeetingWish,
    PartyWish,
    check_linkable,
    check_request_key,
    check_time,
    check_wish,
)
from maillage.booking.errors import (
    BadCountry,
    BadHeadCount,
    BadLength,
    BadPartOfDay,
    BadPartyCount,
    BadPartyKind,
    BadPositions,
    BadRequestKey,
    EndBeforeStart,
    NoRoomWanted,
    PastTime,
    PlaceMissing,
    RoomNotNeeded,
    RoomTwice,
    TooFarAhead,
    TooManySites,
    WindowTooLong,
)
from maillage.core.errors import DomainError

NOW = 2_000_000
CALLAC = PartyWish(0, 2, "22025", 48.4, -3.4)
RENNES = PartyWish(1, 2, "35238", 48.1, -1.7)
WISH = MeetingWish((CALLAC, RENNES), 4, NOW + 10, NOW + 1000)


def test_a_good_wish_is_kept_and_its_window_cut_to_what_is_to_come() -> None:
    assert check_wish(WISH, now_quarter=NOW) == WISH
    assert check_wish(replace(WISH, first_quarter=NOW - 50), now_quarter=NOW).first_quarter == NOW
    far = replace(WISH, first_quarter=NOW + 400 * 96 - 10, end_quarter=NOW + 400 * 96 + 500)
    assert check_wish(far, now_quarter=NOW).end_quarter == NOW + 400 * 96 + 4


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (replace(WISH, parties=()), BadPartyCount),
        (replace(WISH, parties=(CALLAC,)), BadPartyCount),
        (replace(WISH, parties=tuple(replace(CALLAC, position=i) for i in range(13))), BadPartyCount),
        (replace(WISH, parties=(RENNES, CALLAC)), BadPositions),
        (replace(WISH, parties=(replace(CALLAC, head_count=0), RENNES)), BadHeadCount),
        (replace(WISH, parties=(replace(CALLAC, head_count=501), RENNES)), BadHeadCount),
        (replace(WISH, parties=(replace(CALLAC, kind="pigeon"), RENNES)), BadPartyKind),
        (replace(WISH, parties=(replace(CALLAC, country="France"), RENNES)), BadCountry),
        (replace(WISH, parties=(replace(CALLAC, kind="phone"), replace(RENNES, kind="sip"))), NoRoomWanted),
        (replace(WISH, parties=(replace(CALLAC, kind="phone", room_id=3), RENNES)), RoomNotNeeded),
        (replace(WISH, parties=(replace(CALLAC, room_id=3), replace(RENNES, room_id=3))), RoomTwice),
        (replace(WISH, parties=(PartyWish(0, 2), RENNES)), PlaceMissing),
        (replace(WISH, length=0), BadLength),
        (replace(WISH, length=49), BadLength),
        (replace(WISH, end_quarter=NOW + 5), EndBeforeStart),
        (replace(WISH, end_quarter=NOW + 13), EndBeforeStart),
        (replace(WISH, end_quarter=NOW + 10 + 44 * 96), WindowTooLong),
        (replace(WISH, first_quarter=NOW - 900, end_quarter=NOW + 3), PastTime),
        (replace(WISH, first_quarter=NOW + 401 * 96, end_quarter=NOW + 402 * 96), TooFarAhead),
        (replace(WISH, part_of_day="night"), BadPartOfDay),  # type: ignore[arg-type]
    ],
)
def test_a_wish_that_cannot_be_right_is_refused(wish: MeetingWish, error: type[DomainError]) -> None:
    with pytest.raises(error) as refusal:
        check_wish(wish, now_quarter=NOW)
    assert refusal.value.sentence()
    assert refusal.value.advice()


def test_a_place_is_not_needed_for_a_chosen_room() -> None:
    wish = replace(WISH, parties=(PartyWish(0, 2, room_id=5), RENNES))
    assert check_wish(wish, now_quarter=NOW) == wish


def test_a_time_is_to_come_and_within_four_hundred_days() -> None:
    check_time(NOW, 1, now_quarter=NOW)
    check_time(NOW + 400 * 96, 48, now_quarter=NOW)
    with pytest.raises(PastTime):
        check_time(NOW - 1, 4, now_quarter=NOW)
    with pytest.raises(TooFarAhead):
        check_time(NOW + 400 * 96 + 1, 4, now_quarter=NOW)


@pytest.mark.parametrize("key", ["", "short", "x" * 65])
def test_a_request_key_is_neither_guessable_nor_endless(key: str) -> None:
    with pytest.raises(BadRequestKey):
        check_request_key(key)


def test_more_than_four_sides_need_a_bridge() -> None:
    five = tuple(replace(CALLAC, position=position) for position in range(5))
    check_linkable(five, has_bridge=True)
    check_linkable(five[:4], has_bridge=False)
    with pytest.raises(TooManySites) as refusal:
        check_linkable(five, has_bridge=False)
    assert refusal.value.details == {"most": 4, "count": 5}
