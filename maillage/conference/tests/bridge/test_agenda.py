"""The agenda's clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conference.domain.agenda import (
    Agenda,
    AgendaMisused,
    forecast_end,
    go_on,
    go_to,
    make_agenda,
    remaining,
    shortened,
    spent,
)

PLAN = [("Tour de table", 10), ("Le quai", 20), ("Suites", 10)]


def test_items_follow_each_other_and_keep_what_they_took() -> None:
    agenda = go_on(make_agenda(PLAN), 0)
    agenda = go_on(agenda, 900)
    assert agenda.current == 1
    assert spent(agenda, 0, 1000) == 900
    assert remaining(agenda, 0, 1000) == -300
    assert remaining(agenda, 1, 1000) == 1100
    assert forecast_end(agenda, 1000) == 1000 + 1100 + 600
    agenda = go_on(go_on(agenda, 1500), 2000)
    assert agenda.is_over
    assert forecast_end(agenda, 2000) == 2000


def test_an_item_can_be_opened_again_and_adds_up() -> None:
    agenda = go_to(go_to(go_to(make_agenda(PLAN), 0, 0), 1, 60), 0, 100)
    assert spent(agenda, 0, 130) == 90
    assert spent(agenda, 1, 130) == 40


def test_late_items_are_shortened_in_proportion_and_only_as_a_proposal() -> None:
    agenda = go_on(make_agenda(PLAN), 0)
    assert shortened(agenda, 0, 2400) == [1200, 600]
    assert shortened(agenda, 600, 1500) == [600, 300]
    assert shortened(agenda, 600, 500) == [0, 0]
    assert agenda.items[1].planned_seconds == 1200


@given(st.lists(st.tuples(st.integers(-1, 3), st.floats(0, 1000)), max_size=12))
def test_all_time_since_the_start_is_in_the_items(steps: list[tuple[int, float]]) -> None:
    agenda, now, started = make_agenda(PLAN), 0.0, None
    for index, wait in steps:
        now += wait
        was_open = agenda.current is not None
        agenda = go_on(agenda, now) if index not in range(3) else go_to(agenda, index, now)
        if started is None and agenda.current is not None:
            started = now
        assert was_open or agenda.current is not None or agenda.is_over
    total = sum(spent(agenda, index, now) for index in range(3))
    assert total <= (now - started if started is not None else 0) + 1e-6


@pytest.mark.parametrize("plan", [[], [("x", 0)], [("x", 10)] * 31, [("x", 721)]])
def test_an_agenda_without_items_or_time_is_refused(plan: list[tuple[str, int]]) -> None:
    with pytest.raises(AgendaMisused):
        make_agenda(plan)


def test_an_item_that_is_not_there_cannot_be_opened() -> None:
    with pytest.raises(AgendaMisused):
        go_to(Agenda(make_agenda(PLAN).items), 3, 0)
