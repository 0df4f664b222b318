"""What a journey would have cost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.usage.domain.journeys import NOTHING, TRAVELLING, Journey, access_trip, return_trip
from maillage.usage.tests.rates import RATES

BREST_RENNES = Journey(ground_km=210.7 * 1.3, minutes=219, air_km=210.7)
journeys = st.builds(
    Journey,
    ground_km=st.floats(0, 3000),
    minutes=st.floats(0, 5000),
    air_km=st.floats(0, 3000),
    sea_km=st.floats(0, 200),
    by_ground=st.booleans(),
)
modes = st.sampled_from(["", "no-travel", *sorted(TRAVELLING)])


def test_brest_to_rennes_and_back_alone_in_a_diesel_car_is_about_125_kg() -> None:
    cost = return_trip(BREST_RENNES, mode="car-alone", people=1, rates=RATES)
    assert cost.co2_kg == pytest.approx(125, abs=0.5)
    assert cost.km == pytest.approx(547.8, abs=0.1)
    assert cost.minutes == 438
    assert cost.factors == {"car-diesel-medium"}


def test_each_in_their_own_car_costs_as_many_cars_as_people() -> None:
    alone = return_trip(BREST_RENNES, mode="car-alone", people=1, rates=RATES)
    three = return_trip(BREST_RENNES, mode="car-alone", people=3, rates=RATES)
    assert three.co2_kg == pytest.approx(3 * alone.co2_kg)


def test_together_in_a_car_divides_the_vehicle_by_its_people() -> None:
    alone = return_trip(BREST_RENNES, mode="car-alone", people=1, rates=RATES)
    shared = return_trip(BREST_RENNES, mode="car-shared", people=1, rates=RATES)
    assert shared.co2_kg == pytest.approx(alone.co2_kg / 2.25)
    assert shared.km == alone.km


@pytest.mark.parametrize(("km", "factor"), [(199, "train-regional"), (201, "train-fast")])
def test_the_train_is_a_regional_one_up_to_its_limit_then_a_fast_one(km: float, factor: str) -> None:
    cost = return_trip(Journey(km, 100, km), mode="train", people=1, rates=RATES)
    assert cost.co2_kg == pytest.approx(2 * km * RATES[factor])
    assert cost.factors == {factor, "train-regional-limit"}


@pytest.mark.parametrize(("km", "factor"), [(1000, "plane-short"), (1001, "plane-long")])
def test_a_flight_takes_the_factor_of_its_range_and_the_great_circle(km: float, factor: str) -> None:
    cost = return_trip(Journey(5 * km, 100, km, by_ground=False), mode="plane", people=1, rates=RATES)
    assert cost.co2_kg == pytest.approx(2 * km * RATES[factor])
    assert cost.km == 2 * km
    assert cost.minutes == pytest.approx(2 * 60 * (km / 600 + 3))


def test_the_sea_leg_of_an_island_is_by_boat_whatever_the_mode_on_land() -> None:
    to_ouessant = Journey(ground_km=60, minutes=140, air_km=45, sea_km=22)
    cost = return_trip(to_ouessant, mode="car-alone", people=2, rates=RATES)
    assert cost.co2_kg == pytest.approx(2 * 2 * (38 * 0.2276 + 22 * 0.048))
    assert "ferry-foot" in cost.factors


def test_nobody_drives_over_an_ocean() -> None:
    to_cayenne = Journey(7000, 5600, 7000, by_ground=False)
    assert return_trip(to_cayenne, mode="car-alone", people=1, rates=RATES) == NOTHING
    assert return_trip(to_cayenne, mode="train", people=1, rates=RATES) == NOTHING


@pytest.mark.parametrize("mode", ["", "no-travel", "on-foot"])
def test_a_mode_that_does_not_travel_costs_nothing(mode: str) -> None:
    assert return_trip(BREST_RENNES, mode=mode, people=4, rates=RATES) == NOTHING


def test_the_way_to_the_room_is_by_car_shared_only_by_those_who_share() -> None:
    ten_km = Journey(10, 8, 10)
    alone = access_trip(ten_km, mode="train", people=1, rates=RATES)
    shared = access_trip(ten_km, mode="car-shared", people=1, rates=RATES)
    assert alone.co2_kg == pytest.approx(20 * 0.2276)
    assert shared.co2_kg == pytest.approx(20 * 0.2276 / 2.25)


@given(journey=journeys, mode=modes, people=st.integers(0, 500))
def test_no_journey_costs_less_than_nothing(journey: Journey, mode: str, people: int) -> None:
    cost = return_trip(journey, mode=mode, people=people, rates=RATES)
    assert cost.km >= 0
    assert cost.minutes >= 0
    assert cost.co2_kg >= 0
    assert bool(cost.factors) == (cost != NOTHING)


@given(journey=journeys, mode=modes, people=st.integers(1, 499))
def test_one_person_more_never_costs_less(journey: Journey, mode: str, people: int) -> None:
    fewer = return_trip(journey, mode=mode, people=people, rates=RATES)
    more = return_trip(journey, mode=mode, people=people + 1, rates=RATES)
    assert more.km >= fewer.km
    assert more.co2_kg >= fewer.co2_kg
