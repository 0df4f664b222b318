"""How far it is: great circle, detour by road, and the sea leg of islands. No clock, no database, no Django.

The great circle is the haversine formula on a sphere of mean radius 6371.0088 km (IUGG 1980, GRS 80 mean radius).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_KM: Final = 6371.0088

ESTIMATED: Final = "road-estimate"
KNOWN: Final = "road-known"
BY_SEA: Final = "road-and-sea"
NO_ROAD: Final = "no-road"
NO_POSITION: Final = "no-position"


@dataclass(frozen=True, slots=True)
class Travel:
    """One way from a place to another. `distance_km` is all of it, `sea_km` the part on a boat.

    `method` says how it was found: `road-estimate` (great circle × detour), `road-known` (a sourced distance),
    `road-and-sea`, `no-road` (an ocean between: great circle, never to be counted as driven) or `no-position`.
    """

    distance_km: float
    minutes: int
    method: str
    sea_km: float = 0.0

    @property
    def is_by_road(self) -> bool:
        """Tell whether somebody could drive it, boat to an island included."""
        return self.method in {ESTIMATED, KNOWN, BY_SEA}


@dataclass(frozen=True, slots=True)
class Harbour:
    """How one leaves an island: `landing` there, `port` on the mainland, (latitude, longitude) each."""

    island: str
    landing: tuple[float, float]
    port: tuple[float, float]
    crossing_minutes: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to leave from or go to. `landmass` tells which land it can be driven from, see `zones`."""

    latitude: float | None
    longitude: float | None
    landmass: str = ""
    harbour: Harbour | None = None


@dataclass(frozen=True, slots=True)
class Road:
    """How roads are: kilometres by road for one as the crow flies, and door-to-door speed."""

    detour: float
    speed_kmh: float


def great_circle_km(
    latitude_1: ArrayLike, longitude_1: ArrayLike, latitude_2: ArrayLike, longitude_2: ArrayLike
) -> Any:
    """Return the distance as the crow flies, in km, from degrees: a float from floats, an array from arrays."""
    phi_1, lambda_1, phi_2, lambda_2 = (
        np.radians(degrees) for degrees in (latitude_1, longitude_1, latitude_2, longitude_2)
    )
    half = np.sin((phi_2 - phi_1) / 2) ** 2 + np.cos(phi_1) * np.cos(phi_2) * np.sin((lambda_2 - lambda_1) / 2) ** 2
    distance = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return float(distance) if np.ndim(distance) == 0 else distance


def travels_between(origins: Sequence[Spot], destinations: Sequence[Spot], road: Road) -> list[list[Travel]]:
    """Return one row per origin, one travel per destination.

    Ways over the same land, nearly all of them, are worked out together; the others one by one.
    """
    if not origins or not destinations:
        return [[] for _ in origins]
    crow = np.atleast_2d(great_circle_km(*_columns(origins), *(row.T for row in _columns(destinations))))
    road_km = crow * road.detour
    minutes = np.rint(road_km / road.speed_kmh * 60).astype(np.int64)
    lands = [_land(spot) for spot in destinations]
    table = []
    for origin, *columns in zip(origins, crow.tolist(), road_km.tolist(), minutes.tolist(), strict=True):
        here = _land(origin)
        table.append(
            [
                Travel(km, time, ESTIMATED) if here and land == here else _travel(origin, spot, straight_km, road)
                for spot, land, straight_km, km, time in zip(destinations, lands, *columns, strict=True)
            ]
        )
    return table


def _land(spot: Spot) -> tuple[str, str] | None:
    """Return the land a spot is on, all of which can be driven; None if we do not know where it is."""
    return None if spot.latitude is None else (spot.landmass, _island(spot))


def _columns(spots: Sequence[Spot]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    positions = np.array([(spot.latitude or 0.0, spot.longitude or 0.0) for spot in spots], dtype=float).reshape(-1, 2)
    return positions[:, :1], positions[:, 1:]


def _travel(origin: Spot, destination: Spot, crow_km: float, road: Road) -> Travel:
    if origin.latitude is None or destination.latitude is None:
        return Travel(0.0, 0, NO_POSITION)
    if origin.landmass != destination.landmass:
        return Travel(crow_km, _minutes(crow_km, road), NO_ROAD)
    if _island(origin) != _island(destination):
        return _travel_by_sea(origin, destination, road)
    road_km = crow_km * road.detour
    return Travel(road_km, _minutes(road_km, road), ESTIMATED)


def _travel_by_sea(origin: Spot, destination: Spot, road: Road) -> Travel:
    """Drive to the boat, cross without detour, drive on; twice from an island to another."""
    land_km, sea_km, crossing_minutes = 0.0, 0.0, 0
    ends: list[tuple[float, float]] = []
    for spot in (origin, destination):
        position = (spot.latitude or 0.0, spot.longitude or 0.0)
        if spot.harbour is None:
            ends.append(position)
            continue
        land_km += great_circle_km(*position, *spot.harbour.landing) * road.detour
        sea_km += great_circle_km(*spot.harbour.landing, *spot.harbour.port)
        crossing_minutes += spot.harbour.crossing_minutes
        ends.append(spot.harbour.port)
    land_km += great_circle_km(*ends[0], *ends[1]) * road.detour
    return Travel(land_km + sea_km, _minutes(land_km, road) + crossing_minutes, BY_SEA, sea_km)


def _island(spot: Spot) -> str:
    return spot.harbour.island if spot.harbour else ""


def _minutes(road_km: float, road: Road) -> int:
    return round(road_km / road.speed_kmh * 60)
