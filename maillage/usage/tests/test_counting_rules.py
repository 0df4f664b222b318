"""From what happened in a meeting to what is counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.usage.domain.counting import (
    PartyFacts,
    Place,
    Stay,
    count_party,
    destination_of,
    outcome_of,
    together,
    topology_of,
)
from maillage.usage.domain.footprint import device_factor, footprint_kg
from maillage.usage.domain.journeys import DECLARED, NOTHING, Journey
from maillage.usage.tests.rates import RATES

TWO_HOURS = 7200
FAR, NEAR, HERE = Journey(100, 80, 77), Journey(10, 8, 8), Journey(0, 0, 0)
NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)


def facts(**changed: Any) -> PartyFacts:
    given_facts: dict[str, Any] = {
        "kind": "room",
        "people": 2,
        "mode": "car-alone",
        "seconds": TWO_HOURS,
        "trip": FAR,
        "access": NEAR,
    }
    return PartyFacts(**{**given_facts, **changed})


def stay(start: int, end: int) -> Stay:
    """A stay from a minute to another after nine."""
    return Stay((end - start) * 60.0, NINE + timedelta(minutes=start), NINE + timedelta(minutes=end))


def test_two_rooms_in_hd_for_two_hours_cost_a_quarter_of_a_kilo() -> None:
    room = footprint_kg(TWO_HOURS, factor=device_factor("room"), rates=RATES)
    assert 2 * room == pytest.approx(0.28, abs=0.005)


@pytest.mark.parametrize(
    ("kind", "image", "factor"),
    [
        ("room", "hd", "screen-hd"),
        ("sip", "sd", "screen-sd"),
        ("browser", "audio", "laptop-audio"),
        ("phone", "hd", "phone-audio"),
    ],
)
def test_every_way_to_take_part_has_its_device(kind: str, image: str, factor: str) -> None:
    assert device_factor(kind, image) == factor
    assert factor in RATES


def test_avoided_is_the_trip_less_the_way_to_the_room() -> None:
    count = count_party(facts(), RATES)
    assert count.avoided.km == 2 * 2 * (100 - 10)
    assert count.avoided.minutes == 2 * 2 * (80 - 8)
    assert count.avoided.co2_kg == pytest.approx(2 * 2 * 90 * 0.2276)
    assert count.factors == {"car-diesel-medium", "screen-hd"}
    assert count.why == "counted"


def test_without_an_answer_nothing_is_avoided_and_the_footprint_is_counted_all_the_same() -> None:
    count = count_party(facts(mode=""), RATES)
    assert (count.trip, count.access, count.avoided) == (NOTHING, NOTHING, NOTHING)
    assert count.footprint_kg == pytest.approx(2 * 0.0706)
    assert count.why == "not-declared"


def test_those_who_would_not_have_come_count_below_zero_for_driving_to_the_room() -> None:
    count = count_party(facts(mode="no-travel"), RATES)
    assert count.avoided.km == -2 * 2 * 10
    assert count.why == "would-not-travel"


def test_those_at_whose_place_all_would_have_met_avoid_no_trip() -> None:
    count = count_party(facts(is_meeting_place=True, trip=HERE, access=HERE), RATES)
    assert count.avoided.km == 0
    assert count.why == "meeting-place"


def test_a_traveller_from_nobody_knows_where_avoids_nothing() -> None:
    count = count_party(facts(trip=None), RATES)
    assert count.avoided == NOTHING
    assert count.why == "origin-unknown"


def test_a_place_that_the_declared_mode_cannot_reach_is_said_to_be_so() -> None:
    overseas = Journey(7000, 5600, 7000, by_ground=False)
    assert count_party(facts(trip=overseas, access=HERE), RATES).why == "unreachable"


@given(
    mode=st.sampled_from(["", *sorted(DECLARED)]),
    people=st.integers(1, 500),
    seconds=st.floats(0, 86_400),
    km=st.floats(0, 2000),
    access_km=st.floats(0, 200),
)
def test_nothing_declared_is_nothing_avoided_and_all_else_adds_up(
    mode: str, people: Any, seconds: Any, km: float, access_km: float
) -> None:
    trip, access = Journey(km, km, km), Journey(access_km, access_km, access_km)
    count = count_party(facts(mode=mode, people=people, seconds=seconds, trip=trip, access=access), RATES)
    assert count.footprint_kg >= 0
    assert count.trip.km >= 0
    assert count.access.km >= 0
    assert count.avoided.km == pytest.approx(count.trip.km - count.access.km)
    if not mode:
        assert count.avoided == NOTHING


def test_two_sides_are_together_from_the_second_entry_to_the_first_leaving() -> None:
    span = together([stay(0, 60), stay(10, 45)])
    assert span.seconds == 35 * 60
    assert span.first == NINE + timedelta(minutes=10)


def test_three_sides_need_only_two_at_once() -> None:
    assert together([stay(0, 20), stay(10, 40), stay(30, 60)]).seconds == 20 * 60


def test_sides_that_crossed_without_meeting_were_never_together() -> None:
    span = together([stay(0, 10), stay(10, 20)])
    assert (span.seconds, span.first) == (0, None)


def test_no_more_is_counted_than_the_second_longest_presence() -> None:
    away = Stay(60.0, NINE, NINE + timedelta(minutes=60))  # came for a minute, came back at the very end
    assert together([stay(0, 60), away]).seconds == 60


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=6))
def test_the_time_together_agrees_with_looking_at_every_minute(spans: list[tuple[int, int]]) -> None:
    stays = [stay(start, start + length) for start, length in spans]
    minutes = sum(sum(1 for start, length in spans if start <= minute < start + length) >= 2 for minute in range(1001))
    longest = sorted((length for _, length in spans if length), reverse=True)
    expected = min(minutes, longest[1]) if len(longest) > 1 else 0
    assert together(stays).seconds == expected * 60


@pytest.mark.parametrize(
    ("seconds", "overlap", "outcome"),
    [
        ([0, 0], 0, "nobody-came"),
        ([600, 0], 0, "one-side-came"),
        ([600, 600], 0, "never-together"),
        ([600, 600], 300, "held"),
    ],
)
def test_a_meeting_is_held_only_if_two_sides_were_together(seconds: Any, overlap: float, outcome: str) -> None:
    assert outcome_of(seconds, overlap) == outcome


def test_three_places_make_a_multipoint_meeting() -> None:
    assert [topology_of(sites) for sites in (2, 3, 5)] == ["point-to-point", "multipoint", "multipoint"]


@pytest.mark.parametrize(
    ("places", "destination"),
    [
        ([Place("FR", "53"), Place("FR", "53")], "territory"),
        ([Place("FR", "53"), Place("FR", "11")], "france"),
        ([Place("FR", "11"), Place("CA")], "abroad"),
        ([Place("FR", "53"), Place("FR")], "territory"),
        ([Place("FR"), Place("")], "unknown"),
    ],
)
def test_the_destination_is_the_widest_known_place(places: list[Place], destination: str) -> None:
    assert destination_of(places, frozenset({"53"})) == destination
