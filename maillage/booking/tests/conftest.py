"""The network of these tests has a bridge: meetings of any size are booked there, unless a test asks otherwise."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from pytest_django import Settings

from maillage.booking.models import Booking
from maillage.booking.tests.factories import NOW, make_booking, make_rooms
from maillage.points.models import Room


@pytest.fixture(autouse=True)
def _with_a_bridge(settings: Settings) -> None:
    settings.BRIDGES_FILE = "bridges.toml"


@pytest.fixture
def monday() -> Iterator[None]:
    """It is the Monday of these tests, and nothing was said or counted before."""
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def rooms(db: None) -> list[Room]:
    """A room in Callac and one in Rennes."""
    return make_rooms()


@pytest.fixture
def taken(rooms: list[Room]) -> Booking:
    """The two rooms, taken on Tuesday from ten to eleven."""
    return make_booking(rooms)
