"""Days, hours, durations and quantities, as said in French and in English."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils.translation import override

from maillage.core import words
from maillage.core.quarters import quarter_at

PARIS = "Europe/Paris"
TUESDAY_TWO = quarter_at(datetime(2026, 11, 24, 13, 0, tzinfo=UTC))
N, W = words.NARROW, words.WIDE


def test_a_day_is_said_with_its_weekday() -> None:
    assert words.day_words(TUESDAY_TWO, PARIS, "fr") == f"mardi 24{W}novembre"
    assert words.day_words(TUESDAY_TWO, PARIS, "fr", year=True) == f"mardi 24{W}novembre 2026"
    assert words.day_words(TUESDAY_TWO, PARIS, "en") == f"Tuesday 24{W}November"


def test_the_first_of_a_month_is_an_ordinal_in_french_only() -> None:
    assert words.date_words(date(2027, 5, 1), "fr") == f"samedi 1er{W}mai"
    assert words.date_words(date(2027, 5, 1), "en") == f"Saturday 1{W}May"


def test_an_hour_is_read_on_the_clock_of_the_zone() -> None:
    assert words.hour_words(TUESDAY_TWO, PARIS, "fr") == f"14{N}h{N}00"
    assert words.hour_words(TUESDAY_TWO, "Indian/Reunion", "fr") == f"17{N}h{N}00"
    assert words.hour_words(TUESDAY_TWO, PARIS, "en") == "14:00"


def test_the_day_of_a_late_evening_is_the_local_one() -> None:
    late = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)
    assert words.day_words(late, PARIS, "fr") == f"samedi 1er{W}août"


@pytest.mark.parametrize(
    ("minutes", "french", "english"),
    [
        (0, f"0{N}min", f"0{N}min"),
        (35, f"35{N}min", f"35{N}min"),
        (59.6, f"1{N}h", f"1{N}h"),
        (125, f"2{N}h{N}05", f"2{N}h{N}05{N}min"),
    ],
)
def test_a_duration_is_said_in_hours_and_minutes(minutes: float, french: str, english: str) -> None:
    assert words.minutes_words(minutes, "fr") == french
    assert words.minutes_words(minutes, "en") == english


def test_quarters_last_a_quarter_of_an_hour_each() -> None:
    assert words.duration_words(6, "fr") == f"1{N}h{N}30"


@pytest.mark.parametrize(
    ("km", "french", "english"),
    [
        (32.2, f"32{W}km", f"32{W}km"),
        (3.44, f"3,4{W}km", f"3.4{W}km"),
        (4.02, f"4{W}km", f"4{W}km"),
        (9400, f"9{N}400{W}km", f"9,400{W}km"),
        (1234567, f"1{N}234{N}567{W}km", f"1,234,567{W}km"),
    ],
)
def test_kilometres_are_no_finer_than_known(km: float, french: str, english: str) -> None:
    assert words.km_words(km, "fr") == french
    assert words.km_words(km, "en") == english


def test_a_thousand_kilograms_are_a_tonne() -> None:
    assert words.kg_words(999, "fr") == f"999{W}kg"
    assert words.kg_words(1240, "fr") == f"1,2{W}t"


def test_a_negative_number_has_a_true_minus_and_zero_has_none() -> None:
    assert words.number_words(-1234.56, "fr", 1) == f"−1{N}234,6"
    assert words.number_words(-0.01, "fr", 1) == "0,0"


def test_french_marks_never_start_a_line_and_addresses_are_untouched() -> None:
    said = words.typography("Bonjour ! Voir : « ici » ; https://exemple.fr à 14 h 00 ?", "fr")
    assert said == f"Bonjour{N}! Voir{W}: «{N}ici{N}»{N}; https://exemple.fr à 14{N}h 00{N}?"
    assert words.typography("Why ?", "en") == "Why ?"


def test_a_french_phone_number_goes_by_pairs_and_another_is_left_alone() -> None:
    assert words.phone_words("0261910000") == W.join(["02", "61", "91", "00", "00"])
    assert words.phone_words("+44 20 7946 0000") == "+44 20 7946 0000"


def test_the_filters_speak_the_active_language() -> None:
    page = Template(
        "{% load words %}{{ q|day_words:z }}, {{ q|hour_words:z }}, {{ 6|duration_words }}, {{ 3|people_words }}"
    )
    with override("en"):
        assert page.render(Context({"q": TUESDAY_TWO, "z": PARIS})) == (
            f"Tuesday 24{W}November, 14:00, 1{N}h{N}30{N}min, 3{W}people"
        )
