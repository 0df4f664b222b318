"""Dates of series: daylight saving, leap days, holidays, other zones; against dateutil as an oracle."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from maillage.booking.domain.holidays import Territory, easter, holidays_of, is_holiday
from maillage.booking.domain.recurrence import MOST_DATES, Kind, Recurrence, series_days
from maillage.booking.errors.series import SeriesEmpty, SeriesEndless, SeriesTooLong, SeriesUnreadable
from maillage.core.quarters import OffGrid, moment_of

PARIS = ZoneInfo("Europe/Paris")
MIQUELON = ZoneInfo("America/Miquelon")
REUNION = ZoneInfo("Indian/Reunion")
WEEKDAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)


def rule(kind: Kind = Kind.WEEKLY, first: date = date(2026, 11, 24), **changes: object) -> Recurrence:
    facts: dict[str, object] = {"kind": kind, "first_day": first, "at": time(10), "zone": PARIS, "times": 4}
    return Recurrence(**{**facts, **changes})  # type: ignore[arg-type]


def days(wanted: Recurrence) -> list[str]:
    return [found.day.isoformat() for found in series_days(wanted)]


def test_every_second_week_on_two_days_starts_on_the_first_day() -> None:
    wanted = rule(interval=2, weekdays=frozenset({0, 3}), times=4, first=date(2026, 11, 24))
    assert days(wanted) == ["2026-11-26", "2026-12-07", "2026-12-10", "2026-12-21"]


def test_the_hour_on_the_wall_stays_when_clocks_change() -> None:
    found = series_days(rule(first=date(2027, 3, 23), times=2))
    assert [moment_of(f.quarter or 0).hour for f in found] == [9, 8]
    assert [moment_of(f.quarter or 0).astimezone(PARIS).hour for f in found] == [10, 10]


def test_an_hour_that_a_night_skips_is_told_rather_than_moved() -> None:
    found = series_days(rule(Kind.DAYS_IN_A_ROW, date(2027, 3, 27), at=time(2, 30), working_days=False, times=3))
    assert [f.quarter is None for f in found] == [False, True, False]


@pytest.mark.parametrize(("zone", "utc_hours"), [(MIQUELON, [13, 12]), (REUNION, [6, 6])])
def test_other_territories_keep_their_own_clocks(zone: ZoneInfo, utc_hours: list[int]) -> None:
    found = series_days(rule(first=date(2027, 3, 10), times=2, zone=zone))  # Miquelon changes on 14 March
    assert [moment_of(f.quarter or 0).hour for f in found] == utc_hours


def test_the_31st_means_the_end_of_shorter_months_leap_years_included() -> None:
    wanted = rule(Kind.MONTHLY_BY_DATE, date(2027, 12, 31), times=4)
    assert days(wanted) == ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]


def test_a_leap_day_comes_back_each_year_on_the_last_of_february() -> None:
    wanted = rule(Kind.MONTHLY_BY_DATE, date(2028, 2, 29), interval=12, times=5)
    assert days(wanted) == ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]


def test_the_fifth_tuesday_means_the_last_one() -> None:
    wanted = rule(Kind.MONTHLY_BY_WEEKDAY, date(2026, 12, 29), times=3)
    assert days(wanted) == ["2026-12-29", "2027-01-26", "2027-02-23"]


def test_days_in_a_row_pass_over_the_week_end() -> None:
    assert days(rule(Kind.DAYS_IN_A_ROW, date(2026, 11, 26), times=3)) == ["2026-11-26", "2026-11-27", "2026-11-30"]


def test_a_project_cycle_starts_again_after_its_length() -> None:
    wanted = rule(Kind.CYCLE, cycle=(0, 14, 42), cycle_days=90, times=5)
    assert days(wanted) == ["2026-11-24", "2026-12-08", "2027-01-05", "2027-02-22", "2027-03-08"]


def test_holidays_are_told_and_when_skipped_replaced_up_to_the_number_asked() -> None:
    kept = series_days(rule(first=date(2027, 4, 29), weekdays=frozenset({3, 5}), times=3))
    skipped = series_days(rule(first=date(2027, 4, 29), weekdays=frozenset({3, 5}), times=3, skips_holidays=True))
    assert [(f.day.isoformat(), f.is_holiday) for f in kept][1] == ("2027-05-01", True)
    assert [f.day.isoformat() for f in skipped] == ["2027-04-29", "2027-05-13", "2027-05-15"]


def test_a_holiday_of_reunion_is_one_there_alone() -> None:
    first = date(2027, 12, 20)
    assert series_days(rule(first=first, zone=REUNION, times=1))[0].is_holiday
    assert not series_days(rule(first=first, times=1))[0].is_holiday


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"times": 1_000}, SeriesTooLong),
        ({"times": None, "until": date(2046, 1, 1)}, SeriesTooLong),
        ({"times": None}, SeriesEndless),
        ({"times": 0}, SeriesEmpty),
        ({"times": None, "until": date(2026, 11, 23)}, SeriesEmpty),
        ({"interval": 0}, SeriesUnreadable),
        ({"interval": 5_000}, SeriesUnreadable),
        ({"weekdays": frozenset({7})}, SeriesUnreadable),
        ({"kind": Kind.CYCLE}, SeriesUnreadable),
        ({"kind": Kind.CYCLE, "cycle": (0, 90), "cycle_days": 90}, SeriesUnreadable),
        ({"kind": Kind.CYCLE, "cycle": (5, 2), "cycle_days": 90}, SeriesUnreadable),
        ({"at": time(10, 7)}, OffGrid),
    ],
)
def test_a_series_that_cannot_be_meant_is_refused(changes: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        series_days(rule(**changes))  # type: ignore[arg-type]


def test_a_series_of_nothing_but_holidays_ends_in_a_refusal() -> None:
    wanted = rule(Kind.DAYS_IN_A_ROW, date(2026, 12, 25), until=date(2026, 12, 25), skips_holidays=True)
    with pytest.raises(SeriesEmpty):
        series_days(wanted)


def test_sixty_dates_are_the_most() -> None:
    assert len(series_days(rule(times=MOST_DATES))) == MOST_DATES


def test_holidays_agree_with_the_opening_hours_library_over_thirty_five_years() -> None:
    holiday_hours = OpeningHours("PH 10:00-11:00", timezone=PARIS, country="FR")
    for year in range(2015, 2050):
        theirs = set()
        day = date(year, 1, 1)
        while day.year == year:
            if holiday_hours.is_open(datetime.combine(day, time(10, 30), tzinfo=PARIS)):
                theirs.add(day)
            day += timedelta(days=1)
        assert theirs == holidays_of(year), year


def test_known_easters_and_the_days_of_alsace() -> None:
    assert [easter(year) for year in (2000, 2024, 2038, 1818)] == [
        date(2000, 4, 23),
        date(2024, 3, 31),
        date(2038, 4, 25),
        date(1818, 3, 22),
    ]
    assert is_holiday(date(2027, 3, 26), Territory.ALSACE_MOSELLE)
    assert not is_holiday(date(2027, 3, 26))


zones = st.sampled_from([PARIS, MIQUELON, REUNION])
firsts = st.dates(date(2016, 1, 1), date(2060, 12, 31))
hours = st.builds(time, st.integers(5, 23), st.sampled_from([0, 15, 30, 45]))


@settings(max_examples=60)
@given(firsts, hours, zones, st.integers(1, 60), st.integers(1, 52), st.sets(st.integers(0, 6)))
def test_weekly_dates_agree_with_dateutil(
    first: date, at: time, zone: ZoneInfo, times: int, interval: int, weekdays: set[int]
) -> None:
    wanted = rule(first=first, at=at, zone=zone, times=times, interval=interval, weekdays=frozenset(weekdays))
    expected = rrule.rrule(
        rrule.WEEKLY,
        dtstart=datetime.combine(first, time()),
        interval=interval,
        count=times,
        byweekday=[WEEKDAYS[weekday] for weekday in weekdays or {first.weekday()}],
    )
    found = series_days(wanted)
    assert [f.day for f in found] == [moment.date() for moment in expected]
    assert {moment_of(f.quarter or 0).astimezone(zone).time() for f in found} == {at}


@settings(max_examples=60)
@given(firsts.filter(lambda day: day.day <= 28), st.integers(1, 60), st.integers(1, 12), st.booleans())
def test_monthly_dates_agree_with_dateutil(first: date, times: int, interval: int, by_weekday: bool) -> None:
    kind = Kind.MONTHLY_BY_WEEKDAY if by_weekday else Kind.MONTHLY_BY_DATE
    nth = (first.day - 1) // 7 + 1
    expected = rrule.rrule(
        rrule.MONTHLY,
        dtstart=datetime.combine(first, time()),
        interval=interval,
        count=times,
        byweekday=WEEKDAYS[first.weekday()](nth) if by_weekday else None,
        bymonthday=None if by_weekday else first.day,
    )
    assert [f.day for f in series_days(rule(kind, first, times=times, interval=interval))] == [
        moment.date() for moment in expected
    ]


@settings(max_examples=60)
@given(
    st.sampled_from([Kind.WEEKLY, Kind.MONTHLY_BY_DATE, Kind.MONTHLY_BY_WEEKDAY, Kind.DAYS_IN_A_ROW]),
    firsts,
    hours,
    zones,
    st.integers(1, 60),
    st.booleans(),
)
def test_dates_grow_start_no_earlier_than_asked_and_skip_every_holiday(
    kind: Kind, first: date, at: time, zone: ZoneInfo, times: int, skips: bool
) -> None:
    found = series_days(rule(kind, first, at=at, zone=zone, times=times, skips_holidays=skips))
    assert len(found) == times
    assert all(before.day < after.day for before, after in pairwise(found))
    assert found[0].day >= first
    assert not (skips and any(f.is_holiday for f in found))
    assert {moment_of(f.quarter).astimezone(zone).time() for f in found if f.quarter is not None} == {at}
