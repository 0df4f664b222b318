"""Opening hours on the grid of quarters, against the library itself, and in words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from maillage.core.quarters import PER_DAY, day_quarters, moment_of, quarter_at
from maillage.points.domain.hours import open_grid, open_grids
from maillage.points.errors import HoursUnreadable
from maillage.points.words import hours_in_words, since_words

PARIS = "Europe/Paris"
OFFICE = "Mo-Fr 09:00-12:30,13:30-17:30; PH off"
WRITTEN = (
    OFFICE,
    "24/7",
    "Mo-Su 00:00-24:00",
    "Mo-Fr 22:00-02:00",
    "Sa 23:00-26:00; PH off",
    "Mo-Fr 09:10-12:20",
    "Jul-Aug Mo-Su 10:00-12:00; Sep-Jun Tu 08:00-09:00",
    "Mo-Sa 09:00-18:00; We off; 2026 Mar 29 01:00-05:00",
    "week 1-53/2 Mo 09:00-12:00",
    'Mo-Fr 08:00-12:00 "sur rendez-vous"; Mo-Fr 12:00-14:00 unknown',
)
ZONES = (PARIS, "Indian/Reunion", "America/Miquelon", "Pacific/Noumea", "Pacific/Marquesas", "Asia/Kathmandu", "UTC")


@settings(max_examples=120, deadline=None)
@given(
    hours=st.sampled_from(WRITTEN),
    zone=st.sampled_from(ZONES),
    first=st.integers(quarter_at(datetime(2024, 1, 1, tzinfo=UTC)), quarter_at(datetime(2028, 1, 1, tzinfo=UTC))),
    width=st.integers(0, 150),
)
def test_a_quarter_is_open_if_the_library_says_so_of_its_every_minute(
    hours: str, zone: str, first: int, width: int
) -> None:
    library, clock = OpeningHours(hours, country="FR"), ZoneInfo(zone)
    grid = open_grid(hours, zone, first, width)
    assert grid.shape == (width,)
    for index in range(width):
        start = moment_of(first + index)
        minutes = [(start + timedelta(minutes=m)).astimezone(clock).replace(tzinfo=None) for m in range(15)]
        assert grid[index] == all(library.is_open(minute) for minute in minutes)


@settings(max_examples=40, deadline=None)
@given(
    wanted=st.lists(st.tuples(st.sampled_from([*WRITTEN, "", "sur rendez-vous"]), st.sampled_from(ZONES)), max_size=8),
    first=st.integers(quarter_at(datetime(2024, 1, 1, tzinfo=UTC)), quarter_at(datetime(2028, 1, 1, tzinfo=UTC))),
    width=st.integers(0, 1500),
)
def test_many_hours_read_at_once_are_those_read_one_by_one(
    wanted: list[tuple[str, str]], first: int, width: int
) -> None:
    grids = open_grids(wanted, first, width)
    assert grids.shape == (len(wanted), width)
    for grid, (hours, zone) in zip(grids, wanted, strict=True):
        alone = open_grid(hours, zone, first, width) if hours != "sur rendez-vous" else np.zeros(width, dtype=bool)
        assert np.array_equal(grid, alone)


def _open_hours(day: date, hours: str = "Mo-Su 01:00-04:00") -> float:
    quarters = day_quarters(day, ZoneInfo(PARIS))
    return float(open_grid(hours, PARIS, quarters.start, len(quarters)).sum()) / 4


def test_the_hour_that_spring_skips_is_not_open_and_the_one_autumn_repeats_is_open_twice() -> None:
    assert _open_hours(date(2026, 6, 1)) == 3
    assert _open_hours(date(2026, 3, 29)) == 2
    assert _open_hours(date(2026, 10, 25)) == 4


@pytest.mark.parametrize("holiday", [date(2026, 5, 1), date(2026, 11, 11), date(2026, 4, 6), date(2026, 12, 25)])
def test_a_public_holiday_is_closed_when_the_hours_say_so(holiday: date) -> None:
    assert _open_hours(holiday, OFFICE) == 0
    assert _open_hours(holiday, "Mo-Su 09:00-17:00") == 8


def test_the_same_hours_are_at_other_moments_on_reunion() -> None:
    morning = quarter_at(datetime(2026, 11, 24, 5, 0, tzinfo=UTC))
    assert open_grid(OFFICE, "Indian/Reunion", morning, 4).all()
    assert not open_grid(OFFICE, PARIS, morning, 4).any()


def test_no_hours_are_always_closed_and_24_7_never() -> None:
    assert not open_grid("", PARIS, 2_000_000, 700).any()
    assert open_grid("24/7", PARIS, 2_000_000, 700).all()


@pytest.mark.parametrize("hours", ["lundi 9h-12h", "Mo-Fr 25:00-29:00", "Mo 09:00-", "<script>", "Mo-Fr 9h"])
def test_hours_that_are_not_in_the_syntax_are_refused(hours: str) -> None:
    with pytest.raises(HoursUnreadable) as refusal:
        open_grid(hours, PARIS, 2_000_000, 4)
    assert refusal.value.code == "hours-unreadable"


def test_a_fortnight_is_read_once_then_remembered() -> None:
    first = 2_000_000 // PER_DAY * PER_DAY
    once = open_grid(OFFICE, PARIS, first, 14 * PER_DAY)
    assert np.array_equal(once, open_grid(OFFICE, PARIS, first, 14 * PER_DAY))


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (
            OFFICE,
            (
                "Du lundi au vendredi, de 9 h à 12 h 30 et de 13 h 30 à 17 h 30. "
                "Fermé le samedi et le dimanche. Fermé les jours fériés."
            ),
        ),
        ("24/7", "Ouvert jour et nuit, tous les jours."),
        ("", "Pas d’horaires réguliers."),
        (
            "Mo-Sa 10:00-18:00; We 14:00-22:00; PH off",
            (
                "Le lundi et le mardi, de 10 h à 18 h. Le mercredi, de 14 h à 22 h. "
                "Du jeudi au samedi, de 10 h à 18 h. Fermé le dimanche. Fermé les jours fériés."
            ),
        ),
        ("Mo-Su 08:00-20:00", "Tous les jours, de 8 h à 20 h. Ouvert aussi les jours fériés."),
        (
            'Th 09:00-12:00 "sur rendez-vous"; PH off',
            (
                "Le jeudi, de 9 h à 12 h. Fermé du lundi au mercredi et du vendredi au dimanche. "
                "Fermé les jours fériés. « sur rendez-vous »."
            ),
        ),
    ],
)
def test_hours_are_said_in_plain_french(hours: str, said: str) -> None:
    plain = hours_in_words(hours, "fr").replace("\u202f", " ").replace("\u00a0", " ")
    assert plain == said


def test_hours_that_change_in_the_year_say_so() -> None:
    with override("en"):
        assert hours_in_words("Jul-Aug Mo-Fr 10:00-12:00; Sep-Jun Mo-Fr 09:00-17:00").endswith("ask before you come.")
        assert "changes" not in hours_in_words(OFFICE)


def test_a_date_is_said_as_well_as_it_is_known() -> None:
    day = date(2012, 12, 1)
    assert [since_words(day, kept, "fr") for kept in ("year", "month", "day")] == [
        "en 2012",
        "en décembre 2012",
        "le 1er décembre 2012",
    ]
