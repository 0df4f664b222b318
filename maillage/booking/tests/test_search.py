"""The engine against a brute-force oracle that looks at everything."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from maillage.booking.domain.assignment import IMPOSSIBLE, cheapest_distinct
from maillage.booking.domain.hours import discomfort, spread, within_part_of_day
from maillage.booking.domain.meeting_place import meeting_place, saved_by_staying
from maillage.booking.domain.references import ALPHABET, COMBINATIONS, read_reference, reference_of
from maillage.booking.domain.search import Answer, Choices, common_columns, cost_of, ranked_answers
from maillage.booking.domain.starts import RoomRule, open_throughout, possible_starts, ranges

Grid = NDArray[np.bool_]


@st.composite
def searches(draw: st.DrawFn) -> tuple[Grid, list[Choices], NDArray[np.int64]]:
    """Draw a grid of a few rooms, parties that may take some of them, and a discomfort for each start."""
    rooms, columns = draw(st.integers(1, 6)), draw(st.integers(1, 8))
    cells = draw(st.lists(st.booleans(), min_size=rooms * columns, max_size=rooms * columns))
    starts = np.array(cells, dtype=bool).reshape(rooms, columns)
    choices = []
    for _party in range(draw(st.integers(1, 4))):
        mine = draw(st.lists(st.integers(0, rooms - 1), min_size=1, max_size=rooms, unique=True))
        costs = [cost_of(draw(st.integers(0, 4)), draw(st.integers(1, 5))) for _ in mine]
        order = sorted(range(len(mine)), key=lambda i: costs[i])
        choices.append(Choices(np.array([mine[i] for i in order]), np.array([costs[i] for i in order])))
    uneasy = draw(st.lists(st.integers(0, 3), min_size=columns, max_size=columns))
    return starts, choices, np.array(uneasy)


def best_at(starts: Grid, choices: Sequence[Choices], column: int) -> int | None:
    """Return the least total cost at a start by trying every combination of rooms, None if there is none."""
    totals = [
        sum(cost for _room, cost in combination)
        for combination in product(*(zip(c.rooms.tolist(), c.costs.tolist(), strict=True) for c in choices))
        if len({room for room, _cost in combination}) == len(choices)
        and all(starts[room, column] for room, _cost in combination)
    ]
    return min(totals, default=None)


@settings(max_examples=400, deadline=None)
@given(search=searches())
def test_answers_agree_with_trying_every_combination_at_every_start(
    search: tuple[Grid, list[Choices], NDArray[np.int64]],
) -> None:
    starts, choices, uneasy = search
    expected = {}
    for column in range(starts.shape[1]):
        total = best_at(starts, choices, column)
        if total is not None:
            expected[column] = total
    answers = list(ranked_answers(starts, choices, uneasy))
    found = {}
    for answer in answers:
        costs = [
            int(choice.costs[choice.rooms.tolist().index(room)])
            for choice, room in zip(choices, answer.rooms, strict=True)
        ]
        assert len(set(answer.rooms)) == len(choices)
        assert all(starts[room, answer.column] for room in answer.rooms)
        found[answer.column] = sum(costs)
    assert found == expected
    keys = [(answer.minutes, uneasy[answer.column], answer.column) for answer in answers]
    assert keys == sorted(keys)
    assert set(expected) <= set(common_columns(starts, choices).tolist())


@settings(max_examples=300, deadline=None)
@given(
    costs=st.integers(1, 4).flatmap(
        lambda n: st.lists(
            st.lists(st.one_of(st.integers(0, 9), st.just(IMPOSSIBLE)), min_size=5, max_size=5),
            min_size=n,
            max_size=n,
        )
    )
)
def test_the_assignment_is_the_cheapest_of_all(costs: list[list[int]]) -> None:
    chosen = cheapest_distinct(np.array(costs))
    possible = [
        sum(costs[row][column] for row, column in enumerate(columns))
        for columns in product(range(5), repeat=len(costs))
        if len(set(columns)) == len(costs)
        and all(costs[row][column] < IMPOSSIBLE for row, column in enumerate(columns))
    ]
    if not possible:
        assert chosen is None
    else:
        assert chosen is not None
        assert len(set(chosen)) == len(costs)
        assert sum(costs[row][column] for row, column in enumerate(chosen)) == min(possible)


def test_fewer_rooms_than_parties_is_no_assignment() -> None:
    assert cheapest_distinct(np.array([[1], [2]])) is None


def test_twelve_parties_of_one_town_are_all_seated_quickly() -> None:
    rooms = np.arange(20)
    choices = [Choices(rooms, rooms * 8192) for _ in range(12)]
    starts = np.random.default_rng(7).random((20, 1300)) < 0.9
    answers = list(ranked_answers(starts, choices, np.zeros(1300, dtype=np.int64)))
    assert all(len(set(answer.rooms)) == 12 for answer in answers)
    enough = starts.sum(axis=0) >= 12
    assert {answer.column for answer in answers} == set(np.flatnonzero(enough).tolist())


@settings(max_examples=300, deadline=None)
@given(
    data=st.data(),
    width=st.integers(1, 30),
    length=st.integers(1, 6),
    settle=st.integers(0, 3),
    reset=st.integers(0, 3),
    earliest=st.integers(95, 110),
)
def test_starts_agree_with_checking_every_quarter(
    data: st.DataObject, width: int, length: int, settle: int, reset: int, earliest: int
) -> None:
    origin = 100
    opened = np.array([data.draw(st.lists(st.booleans(), min_size=width, max_size=width))], dtype=bool)
    spans = data.draw(st.lists(st.tuples(st.integers(90, 140), st.integers(1, 6)), max_size=4))
    closures = data.draw(st.lists(st.tuples(st.integers(90, 140), st.integers(1, 6)), max_size=2))
    busy = {q for first, size in spans for q in range(first, first + size)}
    shut = {q for first, size in closures for q in range(first, first + size)}
    found = possible_starts(
        open_throughout(opened, length),
        [RoomRule(settle, reset, earliest)],
        taken=ranges((0, first, first + size) for first, size in spans),
        closed=ranges((0, first, first + size) for first, size in closures),
        first_quarter=origin,
        length=length,
    )
    expected = [
        bool(opened[0, c : c + length].all())
        and origin + c >= earliest
        and not busy & set(range(origin + c - settle, origin + c + length + reset))
        and not shut & set(range(origin + c, origin + c + length))
        for c in range(max(0, width - length + 1))
    ]
    assert found[0].tolist() == expected


def test_hours_early_late_or_over_lunch_are_less_welcome() -> None:
    monday = np.arange(96)
    points = discomfort(monday, 4)
    assert points[36] < points[32] < points[28]
    assert points[36] < points[46]
    assert points[36] < points[37]
    assert points[56] < points[71]
    assert points[71] < points[80]
    assert discomfort(np.arange(192), 4)[36 + 96] == points[36] + 1
    assert discomfort(np.arange(0), 4).tolist() == []


def test_parts_of_the_day_hold_the_whole_meeting() -> None:
    day = np.arange(96)
    assert np.flatnonzero(within_part_of_day(day, 4, "morning")).max() == 48
    assert np.flatnonzero(within_part_of_day(day, 4, "afternoon")).tolist() == list(range(48, 73))
    assert np.flatnonzero(within_part_of_day(day, 4, "evening")).tolist() == list(range(68, 93))
    assert within_part_of_day(day, 4, "any").all()


def test_answers_are_spread_rather_than_neighbours_and_kept_in_order() -> None:
    local = np.arange(96 * 10)
    answers = [Answer(column, 0, (0,)) for column in range(36, 960)]
    kept = spread(answers, local, length=4, limit=5)
    assert kept[0] == answers[0]
    assert len({answer.column // 96 for answer in kept}) == 5
    assert kept == sorted(kept, key=lambda answer: answer.column)
    one_day = [Answer(column, 0, (0,)) for column in range(36, 60)]
    assert [answer.column for answer in spread(one_day, local, length=4, limit=3)] == [36, 44, 52]
    assert [answer.column for answer in spread(one_day, local, length=4, limit=9)] == [36, 40, 44, 48, 52, 56]
    assert spread([], local, length=4, limit=5) == []


def test_much_more_travel_is_only_shown_for_want_of_others() -> None:
    local = np.arange(96 * 3)
    near = [Answer(36, 60, (0,)), Answer(50, 60, (0,))]
    far = [Answer(36 + 96, 300, (1,)), Answer(36 + 2 * 96, 300, (1,))]
    assert spread([*near, *far], local, length=4, limit=2) == near
    assert spread([*near, *far], local, length=4, limit=3) == [*near, far[0]]


def test_all_meet_where_the_total_way_is_least_and_ties_spare_who_stays() -> None:
    line = [[0, 100, 150], [100, 0, 50], [150, 50, 0]]
    assert meeting_place(line, [True, True, True]) == 1
    pair = [[0, 80], [80, 0]]
    assert meeting_place(pair, [True, True]) == 0
    assert meeting_place(pair, [True, False]) == 1
    assert meeting_place([[0.0]], [True]) == 0
    with pytest.raises(ValueError, match="without a party"):
        meeting_place([], [])


def test_what_is_saved_is_the_guests_way_less_their_way_to_the_room() -> None:
    line = [[0, 100, 150], [100, 0, 50], [150, 50, 0]]
    assert saved_by_staying(line, 1, [10, 0, 5]) == 2 * (90 + 45)
    assert saved_by_staying([[0, 3], [3, 0]], 0, [0, 20]) == 0


@given(number=st.integers(0, COMBINATIONS - 1))
def test_references_are_read_back_however_they_are_typed(number: int) -> None:
    reference = reference_of(number)
    assert len(reference) == 7
    assert set(reference.replace("-", "")) <= set(ALPHABET)
    assert read_reference(reference.lower().replace("-", " ")) == reference
    assert read_reference(reference.replace("2", "Z").replace("5", "s").replace("8", "B")) == reference


def test_what_is_not_a_reference_is_none() -> None:
    assert read_reference("") == ""
    assert read_reference("K7Q2-M4X9") == ""
