from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core import quarters
from maillage.core.quarters import NoSuchTime, OffGrid

PARIS = ZoneInfo("Europe/Paris")


@given(st.integers(0, 4_000_000))
def test_a_quarter_and_its_moment_are_the_same_thing(quarter: int) -> None:
    assert quarters.quarter_at(quarters.moment_of(quarter)) == quarter


@given(st.datetimes(datetime(2015, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC)))
def test_a_moment_falls_in_its_quarter_and_not_after_the_next(moment: datetime) -> None:
    first = quarters.quarter_of(moment)
    assert quarters.moment_of(first) <= moment < quarters.moment_of(first + 1)
    assert quarters.next_quarter(moment) in (first, first + 1)
    assert quarters.moment_of(quarters.next_quarter(moment)) >= moment


def test_a_time_between_two_quarters_is_refused() -> None:
    with pytest.raises(OffGrid) as refusal:
        quarters.quarter_at(datetime(2026, 11, 24, 9, 7, tzinfo=PARIS))
    assert refusal.value.details == {"time": "09:07"}


def test_the_hour_that_daylight_saving_skips_is_refused() -> None:
    with pytest.raises(NoSuchTime):
        quarters.local_quarter(date(2026, 3, 29), time(2, 30), PARIS)


def test_the_hour_that_daylight_saving_repeats_is_the_first_one() -> None:
    first = quarters.local_quarter(date(2026, 10, 25), time(2, 30), PARIS)
    assert quarters.moment_of(first) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "length"), [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100), (date(2026, 11, 24), 96)]
)
def test_a_day_has_as_many_quarters_as_its_clocks_say(day: date, length: int) -> None:
    assert len(quarters.day_quarters(day, PARIS)) == length
