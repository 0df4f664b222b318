"""Periods, steps of a chart, and what may be published of small numbers."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.usage.domain.figures import Answers, Totals
from maillage.usage.domain.periods import ALL, Period, half, month, months_between, neighbours, read_period, whole_year
from maillage.usage.domain.publishing import MINIMUM_PEOPLE, UNDETAILED, publishable
from maillage.usage.domain.steps import WIDEST, steps_of
from maillage.usage.errors import UnknownPeriod

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-S1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-S2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, first: date, last: date) -> None:
    period = read_period(text)
    assert (period.first_day, period.last_day, period.code) == (first, last, text)


@pytest.mark.parametrize("text", ["1789", "2026-13", "2026-S3", "2026-1", "hier", "2026 ", "9" * 500, "<b>"])
def test_anything_else_is_no_period(text: str) -> None:
    with pytest.raises(UnknownPeriod):
        read_period(text)


def test_no_text_is_everything() -> None:
    assert read_period("") == read_period("tout") == ALL


@pytest.mark.parametrize(
    ("period", "before", "after"),
    [
        (month(2026, 1), "2025-12", "2026-02"),
        (half(2026, 1), "2025-S2", "2026-S2"),
        (whole_year(2026), "2025", "2027"),
    ],
)
def test_a_period_has_its_neighbours_of_the_same_length(period: Period, before: str, after: str) -> None:
    found = neighbours(period)
    assert [near.code for near in found if near] == [before, after]


def test_everything_and_the_ends_of_the_calendar_have_no_neighbour_there() -> None:
    assert neighbours(ALL) == (None, None)
    assert neighbours(whole_year(2000))[0] is None
    assert neighbours(whole_year(2099))[1] is None


@given(st.dates(date(2001, 1, 1), date(2050, 1, 1)), st.integers(0, 2000))
def test_the_months_between_two_days_are_whole_and_follow_each_other(first: date, days: int) -> None:
    last = date.fromordinal(first.toordinal() + days)
    months = months_between(first, last)
    assert months[0].first_day <= first <= months[0].last_day
    assert months[-1].first_day <= last <= months[-1].last_day
    assert all(one.last_day.toordinal() + 1 == two.first_day.toordinal() for one, two in pairwise(months))


def test_a_month_without_a_meeting_is_a_step_of_zero() -> None:
    months = {date(2026, 9, 1): Totals(held=2), date(2026, 11, 1): Totals(held=1)}
    assert [step.totals.held for step in steps_of(months, ALL, TODAY)] == [2, 0, 1]


def test_a_running_year_stops_at_this_month() -> None:
    assert [step.period.code for step in steps_of({}, whole_year(2026), TODAY)][-1] == "2026-11"


@given(st.integers(1, 600))
def test_a_chart_keeps_every_meeting_and_stays_readable(span: int) -> None:
    months = {period.first_day: Totals(held=1) for period in months_between(date(2000, 1, 1), TODAY)[-span:]}
    steps = steps_of(months, ALL, TODAY)
    assert sum(step.totals.held for step in steps) == len(months)
    assert len(steps) <= WIDEST + 3


def test_a_single_month_has_no_steps() -> None:
    assert steps_of({date(2026, 9, 1): Totals(held=2)}, month(2026, 9), TODAY) == ()


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 12)))
def test_no_published_cell_is_small_and_none_can_be_found_by_taking_away(people: dict[str, int]) -> None:
    shown = publishable(people)
    total = sum(people.values())
    assert all(count >= MINIMUM_PEOPLE for count in shown.values())
    assert sum(shown.values()) == (total if shown else 0)
    assert bool(shown) == (total >= MINIMUM_PEOPLE)
    assert all(people[key] == count for key, count in shown.items() if key != UNDETAILED)


def test_a_single_small_cell_takes_the_next_with_it() -> None:
    assert publishable({"craft": 1, "health": 4, "school": 9}) == {"school": 9, UNDETAILED: 5}


def test_a_share_needs_three_answers() -> None:
    assert Answers(well=2).well_percent is None
    assert Answers(well=2, no=1).well_percent == 67
