"""The nearest rooms of a whole country, looked for in bands: the same as looking at every room."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from maillage.points.domain.catalogue import Catalogue, RoomOffer

MANY = 2_500


def offer(number: int, latitude: float, longitude: float, capacity: int) -> RoomOffer:
    where = (latitude, longitude, capacity, "24/7", "Europe/Paris", 0, 0, 0)
    return RoomOffer(number, number, "Salle", "Point", "point", "22025", *where)


def country(seed: int) -> Catalogue:
    """Return rooms crowded in a few towns, scattered elsewhere, some of them at the same place, and one overseas."""
    chance = np.random.default_rng(seed)
    towns = np.stack([chance.uniform(42, 51, 60), chance.uniform(-5, 8, 60)], axis=1)
    places = towns[chance.integers(0, 60, MANY)] + np.round(chance.normal(0, 0.3, (MANY, 2)), 1)
    capacities = chance.integers(2, 40, MANY)
    offers = [offer(n + 1, float(places[n, 0]), float(places[n, 1]), int(capacities[n])) for n in range(MANY)]
    offers.append(offer(MANY + 1, -21.1, 55.5, 40))
    return Catalogue(offers, chance.integers(0, 8, MANY + 1))


COUNTRY = country(7)


@given(
    latitude=st.floats(-60, 60),
    longitude=st.floats(-180, 180),
    head_count=st.sampled_from([1, 12, 38, 40, 41]),
    needs=st.sampled_from([0, 1, 7]),
    limit=st.integers(1, 40),
)
def test_bands_find_what_looking_at_every_room_finds(
    latitude: float, longitude: float, head_count: int, needs: int, limit: int
) -> None:
    found = COUNTRY.nearest_positions(latitude, longitude, head_count=head_count, needs=needs, limit=limit)
    closeness = np.round(COUNTRY._directions @ direction(latitude, longitude), 12)
    fits = [
        position
        for position, room in enumerate(COUNTRY.offers)
        if room.capacity >= head_count and COUNTRY.needs[position] & needs == needs
    ]
    fits.sort(key=lambda position: (-closeness[position], COUNTRY.offers[position].capacity, position))
    assert found.tolist() == fits[:limit]


def direction(latitude: float, longitude: float) -> NDArray[np.float64]:
    phi, lam = np.radians(latitude), np.radians(longitude)
    return np.array([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
