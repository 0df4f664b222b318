from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.concierge.domain.cards import Card, Reason, SideFacts, State, card_of, worst
from maillage.concierge.domain.runbook import MeetingFacts, Step, next_step, runbook

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FACTS = MeetingFacts(start=START, end=START + timedelta(hours=1))


@pytest.mark.parametrize(
    ("facts", "card"),
    [
        (SideFacts(minutes=120), Card(State.WAITING)),
        (SideFacts(minutes=0, is_in=True), Card(State.IN)),
        (SideFacts(minutes=0, is_in=True, sound_heard=True), Card(State.PROVEN)),
        (SideFacts(minutes=-2.9), Card(State.WAITING)),
        (SideFacts(minutes=-3), Card(State.TROUBLE, (Reason.LATE,))),
        (SideFacts(minutes=-20, was_lost=True), Card(State.TROUBLE, (Reason.LOST,))),
        (SideFacts(minutes=-20, was_lost=True, is_in=True), Card(State.IN)),
        (SideFacts(minutes=61, has_station=True, station_red=True), Card(State.WAITING)),
        (SideFacts(minutes=60, has_station=True, station_red=True), Card(State.TROUBLE, (Reason.STATION_RED,))),
        (SideFacts(minutes=10, has_station=True, station_silent=True), Card(State.TROUBLE, (Reason.STATION_SILENT,))),
        (SideFacts(minutes=-5, has_station=True, station_silent=True, is_in=True), Card(State.IN)),
        (SideFacts(minutes=0, is_in=True, failures=2), Card(State.TROUBLE, (Reason.FAILED,))),
        (SideFacts(minutes=0, is_in=True, failures=2, sound_heard=True), Card(State.PROVEN)),
        (SideFacts(minutes=0, is_in=True, sound_heard=True, asks_help=True), Card(State.TROUBLE, (Reason.HELP_ASKED,))),
        (SideFacts(minutes=-90, is_over=True, asks_help=True), Card(State.OVER)),
    ],
)
def test_how_a_side_stands(facts: SideFacts, card: Card) -> None:
    assert card_of(facts) == card


_facts = st.builds(SideFacts, minutes=st.floats(-600, 600), **{
    name: st.booleans()
    for name in ("is_over", "is_in", "was_lost", "sound_heard", "asks_help", "has_ticket", "has_station", "station_red",
                 "station_silent")
}, failures=st.integers(0, 3))  # fmt: skip


@given(_facts)
def test_trouble_always_says_why_and_nothing_else_does(facts: SideFacts) -> None:
    card = card_of(facts)
    assert (card.state is State.TROUBLE) == bool(card.reasons)


@given(st.lists(_facts, max_size=4))
def test_a_meeting_is_as_its_worst_side(sides: list[SideFacts]) -> None:
    cards = [card_of(side) for side in sides]
    assert (worst(cards) is State.TROUBLE) == any(card.state is State.TROUBLE for card in cards)


def test_the_steps_come_in_order_and_the_first_undone_is_next() -> None:
    steps = runbook(FACTS, ())
    assert [state.step for state in steps] == [step for step in Step if step is not Step.ACCOMPANY]
    upcoming = next_step(steps)
    assert upcoming is not None
    assert upcoming.step is Step.CONTACT


def test_a_first_session_has_one_step_more_until_its_people_are_in() -> None:
    steps = {state.step: state for state in runbook(replace(FACTS, is_accompanied=True), ())}
    assert list(steps) == list(Step)
    assert not steps[Step.ACCOMPANY].is_done
    there = runbook(replace(FACTS, is_accompanied=True, everyone_in=True), ())
    assert all(state.is_done for state in there if state.step is Step.ACCOMPANY)


def test_what_the_system_saw_needs_nobody() -> None:
    upcoming = next_step(runbook(replace(FACTS, everyone_reachable=True, tested_on_eve=True), ()))
    assert upcoming is not None
    assert upcoming.step is Step.LAST_TEST
    assert not upcoming.is_overdue(START - timedelta(minutes=16))
    assert upcoming.is_overdue(START - timedelta(minutes=15))


def test_a_person_may_tick_what_the_system_cannot_see() -> None:
    upcoming = next_step(runbook(FACTS, {"contact", "eve-test"}))
    assert upcoming is not None
    assert upcoming.step is Step.LAST_TEST


def test_a_step_that_came_too_late_is_asked_of_nobody() -> None:
    steps = runbook(replace(FACTS, everyone_in=True), ())
    assert {state.step for state in steps if state.is_pointless} == {Step.CONTACT, Step.EVE_TEST, Step.LAST_TEST}
    upcoming = next_step(steps)
    assert upcoming is not None
    assert upcoming.step is Step.WATCH


@given(st.sets(st.sampled_from([step.value for step in Step])))
def test_a_closed_meeting_asks_nothing_more(ticked: set[str]) -> None:
    assert next_step(runbook(replace(FACTS, is_closed=True), ticked)) is None
