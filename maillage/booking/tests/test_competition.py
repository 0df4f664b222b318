"""Everything that takes rooms, at the same instant, from real processes: see competition.py, which lets them compete.

A thousand rounds: `make bench NAME=races`.
"""

import json
from typing import Any

import pytest
from django.db import connection

from maillage.booking.tests.copies import copied_database, run_apart  # noqa: F401 a fixture

PATIENCE_MS = 4_000
"""A machine that runs other tests beside is slow by fits; the benchmark allows a second."""


def competed(clients: int, rounds: int, *, on: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        run_apart("maillage.booking.tests.competition", clients, rounds, PATIENCE_MS, on=on)
    )
    assert found["faults"] == []
    assert sum(found["won"].values()) + sum(found["refused"].values()) == clients * rounds
    assert found["won"], "somebody goes through"
    return found


@pytest.mark.postgresql
@pytest.mark.parametrize(("clients", "rounds"), [(2, 20), (8, 12), (32, 3)])
def test_whatever_takes_rooms_at_once_takes_each_quarter_once(
    copied_database: str,  # noqa: F811
    clients: int,
    rounds: int,
) -> None:
    competed(clients, rounds, on=copied_database)


def test_eight_processes_on_one_file_take_each_quarter_once(copied_database: str) -> None:  # noqa: F811
    if connection.vendor == "postgresql":
        pytest.skip("a file is SQLite's")
    competed(8, 12, on=copied_database)
