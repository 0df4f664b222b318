"""What a journey would have cost: kilometres, hours, CO2. Pure: distances and factors are arguments.

Every formula counts the way there and back, for all the people of the party. Factors come by code from
`data/factors.toml`, where each has its publisher, edition and scope.
"""

from collections.abc import Mapping
from dataclasses import dataclass

RETURN = 2
MINUTES_PER_HOUR = 60
SHORT_FLIGHT_KM = 1000
TRAVELLING = frozenset({"car-alone", "car-shared", "train", "plane"})
DECLARED = TRAVELLING | {"no-travel"}


@dataclass(frozen=True, slots=True)
class Journey:
    """One way between two places. `ground_km` includes `sea_km`; `air_km` is the great circle.

    `by_ground` is False where no road or boat of ours leads (overseas): only a flight can be counted there.
    """

    ground_km: float
    minutes: float
    air_km: float
    sea_km: float = 0.0
    by_ground: bool = True


@dataclass(frozen=True, slots=True)
class Cost:
    """Kilometres and minutes of all the people together, CO2 in kg, and the codes of the factors used."""

    km: float = 0.0
    minutes: float = 0.0
    co2_kg: float = 0.0
    factors: frozenset[str] = frozenset()

    def __sub__(self, other: "Cost") -> "Cost":
        used = self.factors | other.factors
        return Cost(self.km - other.km, self.minutes - other.minutes, self.co2_kg - other.co2_kg, used)


NOTHING = Cost()


def return_trip(journey: Journey, *, mode: str, people: int, rates: Mapping[str, float]) -> Cost:
    """Return what `people` people would have spent to go and come back by `mode`.

    CO2 = 2 × km × people × factor. By car the factor is per vehicle (ADEME, 0.2276): divided by the people in the
    car, 1 when each takes their own, the mean of long trips (ADEME, 2.25) when they come together. The sea leg of
    an island is by boat, on foot, whatever the mode on land. A mode that does not travel costs nothing, nor does
    a place that this mode cannot reach.
    """
    if mode not in TRAVELLING or people < 1:
        return NOTHING
    if mode == "plane":
        return _flight(journey, people, rates)
    if not journey.by_ground:
        return NOTHING
    land_km = max(journey.ground_km - journey.sea_km, 0.0)
    per_km, used = _land_rate(mode, land_km, rates)
    co2_kg = RETURN * people * land_km * per_km
    if journey.sea_km:
        co2_kg += RETURN * people * journey.sea_km * rates["ferry-foot"]
        used |= {"ferry-foot"}
    return Cost(RETURN * people * journey.ground_km, RETURN * people * journey.minutes, co2_kg, used)


def access_trip(journey: Journey, *, mode: str, people: int, rates: Mapping[str, float]) -> Cost:
    """Return what the way to the room and back really cost, by car: shared if they said they share, else one each.

    The most cautious reading for those who would have come by train or plane: a car each.
    """
    road_mode = "car-shared" if mode == "car-shared" else "car-alone"
    return return_trip(journey, mode=road_mode, people=people, rates=rates)


def _land_rate(mode: str, land_km: float, rates: Mapping[str, float]) -> tuple[float, frozenset[str]]:
    """Return kgCO2e per person and kilometre on land, and the factors it rests on."""
    if mode == "car-alone":
        return rates["car-diesel-medium"], frozenset({"car-diesel-medium"})
    if mode == "car-shared":
        per_person = rates["car-diesel-medium"] / rates["car-occupancy"]
        return per_person, frozenset({"car-diesel-medium", "car-occupancy"})
    code = "train-regional" if land_km <= rates["train-regional-limit"] else "train-fast"
    return rates[code], frozenset({code, "train-regional-limit"})


def _flight(journey: Journey, people: int, rates: Mapping[str, float]) -> Cost:
    """Fly the great circle: the factors are per passenger and kilometre flown (Base Carbone, two ranges)."""
    code = "plane-short" if journey.air_km <= SHORT_FLIGHT_KM else "plane-long"
    hours = journey.air_km / rates["plane-speed"] + rates["plane-ground-time"]
    return Cost(
        km=RETURN * people * journey.air_km,
        minutes=RETURN * people * hours * MINUTES_PER_HOUR,
        co2_kg=RETURN * people * journey.air_km * rates[code],
        factors=frozenset({code, "plane-speed", "plane-ground-time"}),
    )
