"""When, in words, turned into quarters."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.booking.domain.windows import WORDS, days_of, other_windows, window_of
from maillage.core.quarters import moment_of, quarter_at

PARIS = ZoneInfo("Europe/Paris")
TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("today", date(2026, 11, 24), date(2026, 11, 24)),
        ("tomorrow", date(2026, 11, 25), date(2026, 11, 25)),
        ("this-week", date(2026, 11, 24), date(2026, 11, 29)),
        ("next-week", date(2026, 11, 30), date(2026, 12, 6)),
        ("fortnight", date(2026, 11, 24), date(2026, 12, 7)),
        ("2027-02-03", date(2027, 2, 3), date(2027, 2, 3)),
    ],
)
def test_words_are_days_and_weeks_begin_on_monday(when: str, first: date, last: date) -> None:
    assert days_of(when, TUESDAY) == (first, last)


def test_a_window_starts_at_the_next_quarter_not_in_the_past() -> None:
    now = datetime(2026, 11, 24, 13, 7, tzinfo=UTC)
    first, end = window_of("today", now, PARIS)
    assert moment_of(first) == datetime(2026, 11, 24, 13, 15, tzinfo=UTC)
    assert moment_of(end) == datetime(2026, 11, 24, 23, 0, tzinfo=UTC)


def test_a_day_that_is_over_is_an_empty_window() -> None:
    now = datetime(2026, 11, 24, 13, 7, tzinfo=UTC)
    first, end = window_of("2026-11-20", now, PARIS)
    assert first == end == quarter_at(datetime(2026, 11, 24, 13, 15, tzinfo=UTC))


def test_the_day_when_clocks_go_back_has_a_hundred_quarters() -> None:
    now = datetime(2026, 10, 20, 6, 0, tzinfo=UTC)
    first, end = window_of("2026-10-25", now, PARIS)
    assert end - first == 100


def test_what_is_neither_a_word_nor_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="next-month"):
        days_of("next-month", TUESDAY)


@given(st.sampled_from(WORDS), st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_every_word_gives_days_in_order_from_today_on(when: str, today: date) -> None:
    first, last = days_of(when, today)
    assert today <= first <= last


@pytest.mark.parametrize("when", [*WORDS, "2026-11-24"])
def test_other_windows_are_others(when: str) -> None:
    assert when not in other_windows(when)
    assert set(other_windows(when)) <= set(WORDS)
