"""The floor: a machine that no sequence of acts can bring into a wrong state, and the rules people rely on."""

import json

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from maillage.conference.domain.floor import (
    Act,
    Floor,
    Mode,
    Verb,
    after,
    may_speak,
    overtime_seconds,
    quietest_first,
    spoken_seconds,
)
from maillage.conference.errors import FloorMisused, NotInChair, NotPresent

OUESSANT, HOUAT, RENNES, CALLAC = 1, 2, 3, 4
SITES = st.integers(1, 5)


def played(*acts: Act, floor: Floor | None = None) -> Floor:
    state = floor or Floor()
    for act in acts:
        state = after(state, act)
    return state


def meeting(*, mode: Mode = Mode.FREE) -> Floor:
    """Three sites, Rennes in the chair since it came first."""
    arrivals = [Act(Verb.ARRIVE, site, at) for at, site in enumerate((RENNES, OUESSANT, HOUAT))]
    return played(*arrivals, Act(Verb.SET_MODE, RENNES, 3, mode=mode))


class AnyMeeting(RuleBasedStateMachine):
    """Every act by anyone at any time: refused or taken, the floor stays right."""

    def __init__(self) -> None:
        super().__init__()
        self.floor, self.now = Floor(), 0.0

    @rule(
        verb=st.sampled_from(Verb),
        by=SITES,
        site=SITES,
        order=st.lists(SITES, max_size=5),
        mode=st.sampled_from(Mode),
        wait=st.floats(0, 100),
        leads=st.booleans(),
    )
    def act(self, verb: Verb, by: int, site: int, order: list[int], mode: Mode, wait: float, leads: bool) -> None:
        self.now += wait
        before = self.floor
        act = Act(verb, by, self.now, site, tuple(order), mode, seconds=60, leads=leads)
        try:
            self.floor = after(before, act)
        except (NotPresent, NotInChair, FloorMisused):
            assert self.floor == before

    @rule(by=SITES)
    def arrive(self, by: int) -> None:
        self.floor = after(self.floor, Act(Verb.ARRIVE, by, self.now))

    @rule(verb=st.sampled_from([Verb.GRANT, Verb.START_ROUND, Verb.WITHDRAW]), site=SITES)
    def chair_acts(self, verb: Verb, site: int) -> None:
        chair = self.floor.chair
        if chair is not None and site in self.floor.present:
            self.floor = after(self.floor, Act(verb, chair, self.now, site))

    @invariant()
    def one_holder_who_is_there(self) -> None:
        assert self.floor.holder is None or self.floor.holder in self.floor.present

    @invariant()
    def someone_leads_as_long_as_someone_is_there(self) -> None:
        if self.floor.present:
            assert self.floor.chair in self.floor.present
        else:
            assert self.floor.chair is None

    @invariant()
    def each_hand_once_of_those_present_and_silent(self) -> None:
        waiting = [hand.site for hand in self.floor.queue]
        assert len(set(waiting)) == len(waiting)
        assert set(waiting) <= set(self.floor.present)
        assert self.floor.holder not in waiting

    @invariant()
    def the_interrupted_is_there_and_not_speaking(self) -> None:
        if self.floor.interrupted is not None:
            assert self.floor.interrupted in self.floor.present
            assert self.floor.interrupted != self.floor.holder
            assert self.floor.holder is not None

    @invariant()
    def rounds_end(self) -> None:
        assert set(self.floor.round_left) <= set(self.floor.present)
        assert len(set(self.floor.round_left)) == len(self.floor.round_left)
        if self.floor.mode is not Mode.ROUND:
            assert not self.floor.round_left

    @invariant()
    def no_more_is_spoken_than_time_has_passed(self) -> None:
        assert sum(spoken_seconds(self.floor, site, self.now) for site in range(1, 6)) <= self.now + 1e-6

    @invariant()
    def the_chair_is_always_heard_and_strict_silences_the_rest(self) -> None:
        heard = {site for site in self.floor.present if may_speak(self.floor, site)}
        if self.floor.mode is not Mode.FREE:
            assert heard == {self.floor.chair, self.floor.holder} - {None}
        else:
            assert heard == set(self.floor.present)

    @invariant()
    def it_can_be_written(self) -> None:
        json.dumps(self.floor.as_json())


TestAnyMeeting = AnyMeeting.TestCase
TestAnyMeeting.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_hands_wait_in_the_order_they_were_raised_and_only_the_chair_grants() -> None:
    floor = played(Act(Verb.ASK, HOUAT, 10), Act(Verb.ASK, OUESSANT, 11), Act(Verb.ASK, HOUAT, 12), floor=meeting())
    assert [hand.site for hand in floor.queue] == [HOUAT, OUESSANT]
    with pytest.raises(NotInChair):
        after(floor, Act(Verb.GRANT, OUESSANT, 13, site=OUESSANT))
    floor = after(floor, Act(Verb.GRANT, RENNES, 13, site=HOUAT))
    assert (floor.holder, [hand.site for hand in floor.queue]) == (HOUAT, [OUESSANT])


def test_in_strict_mode_only_the_holder_and_the_chair_are_heard() -> None:
    floor = after(meeting(mode=Mode.STRICT), Act(Verb.GRANT, RENNES, 5, site=HOUAT))
    assert [site for site in (RENNES, OUESSANT, HOUAT, CALLAC) if may_speak(floor, site)] == [RENNES, HOUAT]


def test_a_reply_comes_first_interrupts_once_and_gives_the_floor_back() -> None:
    floor = played(
        Act(Verb.GRANT, RENNES, 10, site=HOUAT),
        Act(Verb.ASK, RENNES, 11),
        Act(Verb.ASK_REPLY, OUESSANT, 12),
        floor=meeting(mode=Mode.STRICT),
    )
    assert [hand.site for hand in floor.queue] == [OUESSANT, RENNES]
    with pytest.raises(FloorMisused):
        after(floor, Act(Verb.ASK_REPLY, OUESSANT, 13))
    floor = after(floor, Act(Verb.GRANT, RENNES, 20, site=OUESSANT))
    assert (floor.holder, floor.interrupted) == (OUESSANT, HOUAT)
    floor = after(floor, Act(Verb.RELEASE, OUESSANT, 25))
    assert (floor.holder, floor.interrupted) == (HOUAT, None)
    assert spoken_seconds(floor, HOUAT, 30) == 15
    assert spoken_seconds(floor, OUESSANT, 30) == 5


def test_nobody_replies_to_nobody() -> None:
    with pytest.raises(FloorMisused):
        after(meeting(), Act(Verb.ASK_REPLY, HOUAT, 5))


def test_a_round_table_gives_each_site_its_turn_the_chair_last_then_goes_back() -> None:
    floor = after(meeting(mode=Mode.STRICT), Act(Verb.START_ROUND, RENNES, 10))
    turns = []
    while floor.mode is Mode.ROUND:
        assert floor.holder is not None
        turns.append(floor.holder)
        floor = after(floor, Act(Verb.RELEASE, floor.holder, 10 + 5 * len(turns)))
    assert turns == [OUESSANT, HOUAT, RENNES]
    assert (floor.mode, floor.holder) == (Mode.STRICT, None)


def test_a_site_that_leaves_during_the_round_is_skipped() -> None:
    floor = played(Act(Verb.START_ROUND, RENNES, 10), Act(Verb.LEAVE, OUESSANT, 12), floor=meeting())
    assert (floor.holder, floor.round_left) == (HOUAT, (RENNES,))


def test_when_the_chair_leaves_it_passes_to_who_leads_else_to_the_longest_present() -> None:
    floor = meeting()
    assert played(Act(Verb.LEAVE, RENNES, 9), floor=floor).chair == OUESSANT
    with_desk = played(Act(Verb.ARRIVE, CALLAC, 8, leads=True), Act(Verb.LEAVE, RENNES, 9), floor=floor)
    assert with_desk.chair == CALLAC


def test_the_time_agreed_is_shown_and_cuts_nobody() -> None:
    floor = played(
        Act(Verb.SET_BOX, RENNES, 4, seconds=120),
        Act(Verb.GRANT, RENNES, 10, site=HOUAT),
        floor=meeting(mode=Mode.STRICT),
    )
    assert overtime_seconds(floor, 100) == -30
    assert overtime_seconds(floor, 145) == 15
    assert may_speak(floor, HOUAT)
    with pytest.raises(FloorMisused):
        after(floor, Act(Verb.SET_BOX, RENNES, 11, seconds=1))


def test_the_least_heard_is_proposed_first() -> None:
    floor = played(
        Act(Verb.GRANT, RENNES, 10, site=HOUAT),
        Act(Verb.RELEASE, HOUAT, 60),
        Act(Verb.ASK, HOUAT, 61),
        Act(Verb.ASK, OUESSANT, 62),
        floor=meeting(),
    )
    assert quietest_first(floor, 70) == (OUESSANT, HOUAT)
    floor = after(floor, Act(Verb.REORDER, RENNES, 71, order=quietest_first(floor, 70)))
    assert [hand.site for hand in floor.queue] == [OUESSANT, HOUAT]
    with pytest.raises(FloorMisused):
        after(floor, Act(Verb.REORDER, RENNES, 72, order=(OUESSANT, CALLAC)))


def test_who_is_not_there_can_do_nothing_and_gets_no_floor() -> None:
    with pytest.raises(NotPresent):
        after(meeting(), Act(Verb.ASK, CALLAC, 5))
    with pytest.raises(NotPresent):
        after(meeting(), Act(Verb.GRANT, RENNES, 5, site=CALLAC))
    with pytest.raises(NotPresent):
        after(meeting(), Act(Verb.GIVE_CHAIR, RENNES, 5, site=CALLAC))
