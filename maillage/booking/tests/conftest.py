"""The network of these tests has a bridge: meetings of any size are booked there, unless a test asks otherwise."""

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _with_a_bridge(settings: Settings) -> None:
    settings.BRIDGES_FILE = "bridges.toml"
