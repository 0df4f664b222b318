"""A process killed between any two statements leaves nothing half-booked: see killed.py, which does the killing."""

import json

from django.db import connection

from maillage.booking.tests.copies import copied_database, run_apart  # noqa: F401 a fixture

ACTS = {"hold", "book", "confirm", "move", "extend", "series", "block"}
EVEN, ODD = (0, 2), (1, 2)
"""Half of the deaths on each database, so that the suite stays short; `killed.py` alone dies before every statement."""


def test_acts_killed_before_any_of_their_statements_leave_nothing_half_done(copied_database: str) -> None:  # noqa: F811
    statements = ODD if connection.vendor == "postgresql" else EVEN
    deaths: dict[str, int] = json.loads(run_apart("maillage.booking.tests.killed", *statements, on=copied_database))
    assert set(deaths) == ACTS
    assert all(count >= 2 for count in deaths.values()), deaths
