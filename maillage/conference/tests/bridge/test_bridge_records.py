"""Codes, rooms at bridges and callers in the database."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from maillage.booking.models import Booking, BookingStatus, PartyKind
from maillage.conference.domain.conduct_messages import FloorAct
from maillage.conference.gateways.errors import NoBridge
from maillage.conference.gateways.janus_fake import FakeBridge
from maillage.conference.gateways.pool import BridgePool, PooledServer
from maillage.conference.gateways.sipgate.directory import Caller, Invitation, LegFacts, Turned
from maillage.conference.management import callers
from maillage.conference.models import Attendance, BridgeRoom, Conduct, DialCode, EndReason, EntryRule, Spoken
from maillage.conference.selectors import attendance_of, meeting_by_code
from maillage.conference.services import (
    act_on_floor,
    answer_knock,
    dial_code_of,
    end_meeting,
    open_conference,
    party_for_call,
    put_on_bridge,
    release_dial_codes,
    take_off_bridge,
)
from maillage.conference.services.guests import WRONG_CODES
from maillage.conference.tests.factories import NINE, enter, make_meeting, parties_of

pytestmark = pytest.mark.django_db
PHONE = Caller("192.0.2.9", "+33299000000", has_picture=False)
TERMINAL = Caller("192.0.2.9", "Salle du conseil", has_picture=True)


@pytest.fixture
def bridges(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[FakeBridge]]:
    """Two servers in memory as the configured pool; no wrong code remembered."""
    both = [FakeBridge("a"), FakeBridge("b")]
    pool = pool_of(both)
    monkeypatch.setattr(callers, "configured_pool", lambda: pool)
    cache.clear()
    yield both
    cache.clear()


def pool_of(bridges: list[FakeBridge]) -> BridgePool:
    return BridgePool([PooledServer(bridge, f"wss://{bridge.name}.example", "secret") for bridge in bridges])


def leg_of(found: Invitation, leg_id: str = "sip.1") -> LegFacts:
    return LegFacts(leg_id, found.party, found.room, found.name, "192.0.2.9", has_picture=False)


def test_a_meeting_keeps_one_code_of_six_digits() -> None:
    booking = make_meeting()
    code = dial_code_of(booking_id=booking.pk)
    assert len(code) == 6
    assert code.isdigit()
    assert dial_code_of(booking_id=booking.pk) == code
    found = meeting_by_code(code, NINE)
    assert found is not None
    assert found.booking == booking


def test_a_code_already_drawn_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([7, 7, 8])
    monkeypatch.setattr("maillage.conference.services.bridge.secrets.randbelow", lambda _most: next(drawn))
    assert dial_code_of(booking_id=make_meeting().pk) == "000007"
    assert dial_code_of(booking_id=make_meeting().pk) == "000008"


def test_codes_of_past_meetings_serve_again_and_others_do_not() -> None:
    done, coming = make_meeting(status=BookingStatus.DONE), make_meeting(start=NINE + timedelta(days=9))
    old, new = dial_code_of(booking_id=done.pk), dial_code_of(booking_id=coming.pk)
    assert release_dial_codes(NINE) == 1
    assert release_dial_codes(NINE) == 0
    assert meeting_by_code(old, NINE) is None
    assert meeting_by_code(new, NINE) is not None
    DialCode.objects.create(booking=make_meeting(), code=old)


def test_a_meeting_stays_on_its_server_and_moves_when_that_one_dies(bridges: list[FakeBridge]) -> None:
    pool, conference = pool_of(bridges), open_conference(make_meeting().pk)
    first = put_on_bridge(conference_id=conference.pk, pool=pool)
    again = put_on_bridge(conference_id=conference.pk, pool=pool)
    assert (again.server, again.generation) == (first.server, 1)
    next(bridge for bridge in bridges if bridge.name == first.server).crash()
    moved = put_on_bridge(conference_id=conference.pk, pool=pool)
    assert moved.server != first.server
    assert moved.generation == 2
    assert moved.room == first.room
    take_off_bridge(conference_id=conference.pk, pool=pool)
    assert [bridge.rooms() for bridge in bridges if bridge.is_alive] == [[]]


def test_of_two_web_processes_that_move_a_meeting_the_second_follows_the_first(bridges: list[FakeBridge]) -> None:
    bridges.append(FakeBridge("c"))
    conference = open_conference(make_meeting().pk)
    first = put_on_bridge(conference_id=conference.pk, pool=pool_of(bridges))
    lost = next(bridge for bridge in bridges if bridge.name == first.server)
    lost.crash()
    left = [bridge for bridge in bridges if bridge is not lost]

    class Slow(BridgePool):
        """While it looks for a server, another process has moved the meeting."""

        def place(self, plan, *, current=None):  # type: ignore[no-untyped-def]
            if current and current.generation == 1:
                BridgeRoom.objects.update(server=left[1].name, generation=2)
                self._servers.pop(left[1].name, None)
            return super().place(plan, current=current)

    slow = Slow([PooledServer(bridge, "wss://x", "s") for bridge in bridges])
    slow._servers[left[1].name] = PooledServer(left[1], "wss://x", "s")
    moved = put_on_bridge(conference_id=conference.pk, pool=slow)
    assert (moved.server, moved.generation) == (left[1].name, 2)


def test_without_a_living_server_no_room_is_promised(bridges: list[FakeBridge]) -> None:
    for bridge in bridges:
        bridge.crash()
    conference = open_conference(make_meeting().pk)
    with pytest.raises(NoBridge):
        put_on_bridge(conference_id=conference.pk, pool=pool_of(bridges))
    assert BridgeRoom.objects.get().server == ""


def test_a_caller_takes_the_place_of_the_planned_telephone_then_of_nobody() -> None:
    booking = make_meeting()
    planned = booking.parties.create(position=5, kind=PartyKind.PHONE, name="Madame Le Goff")
    conference = open_conference(booking.pk)
    first = party_for_call(conference=conference, name="+33299000000", has_picture=False)
    assert first == planned
    enter(first)
    second = party_for_call(conference=conference, name="+33299000001", has_picture=False)
    assert (second.position, second.kind, second.name) == (6, PartyKind.PHONE, "+33299000001")


@time_machine.travel(NINE, tick=False)
def test_a_call_is_in_the_meeting_is_counted_and_ends_with_it(bridges: list[FakeBridge]) -> None:
    booking = make_meeting()
    code = dial_code_of(booking_id=booking.pk)
    found = callers.find_meeting(code, PHONE)
    assert isinstance(found, Invitation)
    assert [room for bridge in bridges for room in bridge.rooms()] == [found.room]
    leg = leg_of(found)
    entered = callers._enter(leg)
    assert entered is not None
    assert [one.name for one in entered[1].present] == ["+33299000000"]
    assert callers._touch(leg)
    conference = open_conference(booking.pk)
    end_meeting(conference_id=conference.pk, reason=EndReason.ENDED, party_id=parties_of(booking)[0].pk, now=NINE)
    assert not callers._touch(leg)
    assert callers._enter(leg) is None
    assert [each.party_id for each in attendance_of(booking)] == [found.party]


@time_machine.travel(NINE, tick=False)
def test_a_call_that_leaves_leaves_the_others_in(bridges: list[FakeBridge]) -> None:
    booking = make_meeting()
    enter(parties_of(booking)[0])
    found = callers.find_meeting(dial_code_of(booking_id=booking.pk), TERMINAL)
    assert isinstance(found, Invitation)
    callers._enter(leg_of(found))
    left = callers._leave(leg_of(found), "hung up there")
    assert left is not None
    assert [one.name for one in left[1].present] == ["Callac"]
    assert callers._leave(leg_of(found), "again") is None
    assert Attendance.objects.filter(left_at=None).count() == 1


def test_a_meeting_not_open_yet_or_over_says_so_and_makes_no_room(bridges: list[FakeBridge]) -> None:
    code = dial_code_of(booking_id=make_meeting().pk)
    with time_machine.travel(NINE - timedelta(days=3), tick=False):
        assert callers.find_meeting(code, PHONE) is Turned.EARLY
    with time_machine.travel(NINE + timedelta(days=3), tick=False):
        assert callers.find_meeting(code, PHONE) is Turned.OVER
    assert not BridgeRoom.objects.exists()


@time_machine.travel(NINE, tick=False)
def test_guessing_codes_turns_an_address_away_even_with_the_right_one(bridges: list[FakeBridge]) -> None:
    code = dial_code_of(booking_id=make_meeting().pk)
    wrong = "999999" if code != "999999" else "999998"
    answers = [callers.find_meeting(wrong, PHONE) for _guess in range(WRONG_CODES + 1)]
    assert answers[:-1] == [Turned.UNKNOWN] * WRONG_CODES
    assert answers[-1] is Turned.TOO_MANY
    assert callers.find_meeting(code, PHONE) is Turned.TOO_MANY
    assert isinstance(callers.find_meeting(code, Caller("198.51.100.7", "x", has_picture=False)), Invitation)
    assert Booking.objects.count() == 1


@time_machine.travel(NINE, tick=False)
def test_where_someone_opens_a_call_waits_is_let_in_and_the_next_caller_waits_again(bridges: list[FakeBridge]) -> None:
    booking = make_meeting()
    host = parties_of(booking)[0]
    stay = enter(host).stay_id
    Conduct.objects.filter(booking=booking).update(entry_rule=EntryRule.KNOCK)
    code = dial_code_of(booking_id=booking.pk)
    first, second = callers.find_meeting(code, PHONE), callers.find_meeting(code, PHONE)
    assert isinstance(first, Invitation)
    assert isinstance(second, Invitation)
    assert first.must_wait
    assert first.party != second.party
    assert callers._answer(leg_of(first)) is None
    answer_knock(stay_id=stay, party_id=first.party, admit=True, now=NINE)
    answer_knock(stay_id=stay, party_id=second.party, admit=False, now=NINE)
    assert (callers._answer(leg_of(first)), callers._answer(leg_of(second))) == (True, False)
    callers._enter(leg_of(first))
    callers._raise_hand(leg_of(first))
    assert Conduct.objects.get(booking=booking).floor["queue"][0]["site"] == first.party
    assert callers._follow_floor(leg_of(first), 3.0)
    assert Spoken.objects.get(party=first.party).seconds == 3
    act_on_floor(stay_id=stay, wish=FloorAct(type="floor", verb="set-mode", mode="strict"), now=NINE)
    assert not callers._follow_floor(leg_of(first), 0.0)
    act_on_floor(stay_id=stay, wish=FloorAct(type="floor", verb="grant", site=first.party), now=NINE)
    assert callers._follow_floor(leg_of(first), 0.0)
    callers._leave(leg_of(first), "hung up there")
    again = callers.find_meeting(code, PHONE)
    assert isinstance(again, Invitation)
    assert again.must_wait
