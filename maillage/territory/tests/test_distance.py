"""How far it is, by land and by sea."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.territory.domain.distance import Harbour, Road, Spot, Travel, great_circle_km, travels_between

ROAD = Road(detour=1.3, speed_kmh=75)
RENNES = Spot(48.11198, -1.67429, "mainland")
VANNES = Spot(47.65835, -2.76097, "mainland")
STIFF = Harbour("Ouessant", landing=(48.4716, -5.0525), port=(48.3598, -4.7794), crossing_minutes=70)
OUESSANT = Spot(48.45536, -5.09737, "mainland", STIFF)
SAINT_DENIS = Spot(-20.87897, 55.44863, "974")

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


def test_a_degree_of_latitude_is_a_360th_of_the_meridian() -> None:
    assert great_circle_km(47, 2, 48, 2) == pytest.approx(2 * math.pi * 6371.0088 / 360)


@given(latitudes, longitudes, latitudes, longitudes)
def test_it_is_as_far_there_as_back_and_never_beyond_the_antipodes(
    lat_1: float, lon_1: float, lat_2: float, lon_2: float
) -> None:
    there = great_circle_km(lat_1, lon_1, lat_2, lon_2)
    assert there == pytest.approx(great_circle_km(lat_2, lon_2, lat_1, lon_1), abs=1e-6)
    assert 0 <= there <= math.pi * 6371.0088 + 1e-6


def test_a_road_is_longer_than_the_flight_by_the_detour() -> None:
    travel = travels_between([VANNES], [RENNES], ROAD)[0][0]
    assert travel.distance_km == pytest.approx(1.3 * 95.45, abs=0.1)
    assert travel.minutes == 99
    assert travel.method == "road-estimate"
    assert travel.is_by_road


def test_the_detour_is_not_applied_to_the_sea() -> None:
    travel = travels_between([OUESSANT], [RENNES], ROAD)[0][0]
    by_land = 1.3 * (
        great_circle_km(48.45536, -5.09737, 48.4716, -5.0525) + great_circle_km(48.3598, -4.7794, 48.11198, -1.67429)
    )
    assert travel.sea_km == pytest.approx(great_circle_km(48.4716, -5.0525, 48.3598, -4.7794))
    assert travel.distance_km == pytest.approx(by_land + travel.sea_km)
    assert travel.minutes == round(by_land / 75 * 60) + 70
    assert travel.method == "road-and-sea"


def test_going_to_an_island_is_as_long_as_coming_from_it() -> None:
    there, back = travels_between([OUESSANT], [RENNES], ROAD)[0][0], travels_between([RENNES], [OUESSANT], ROAD)[0][0]
    assert there.distance_km == pytest.approx(back.distance_km)
    assert there.minutes == back.minutes


def test_no_boat_is_taken_within_an_island() -> None:
    neighbour = Spot(48.46, -5.06, "mainland", STIFF)
    assert travels_between([OUESSANT], [neighbour], ROAD)[0][0].sea_km == 0


def test_two_islands_are_two_boats() -> None:
    other = Harbour("Molène", landing=(48.3985, -4.955), port=(48.3598, -4.7794), crossing_minutes=35)
    travel = travels_between([OUESSANT], [Spot(48.39841, -4.95927, "mainland", other)], ROAD)[0][0]
    assert travel.minutes >= 105
    assert travel.sea_km == pytest.approx(23.68 + 13.67, abs=0.1)


def test_an_ocean_between_is_no_road() -> None:
    travel = travels_between([SAINT_DENIS], [RENNES], ROAD)[0][0]
    assert travel.method == "no-road"
    assert not travel.is_by_road
    assert travel.distance_km == pytest.approx(great_circle_km(-20.87897, 55.44863, 48.11198, -1.67429))


def test_a_place_without_position_has_no_distance() -> None:
    assert travels_between([Spot(None, None)], [RENNES], ROAD) == [[Travel(0.0, 0, "no-position")]]


def test_nobody_going_nowhere_is_an_empty_table() -> None:
    assert travels_between([], [RENNES], ROAD) == []
    assert travels_between([RENNES], [], ROAD) == [[]]
