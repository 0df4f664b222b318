"""A process killed between any two statements leaves nothing half-booked: see killed.py, which does the killing."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import connection

ACTS = {"hold", "book", "confirm", "move", "extend", "series", "block"}
ROOT = Path(__file__).resolve().parents[3]


EVEN, ODD = ("0", "2"), ("1", "2")
"""Half of the deaths on each database, so that the suite stays short; `killed.py` alone dies before every statement."""


@pytest.fixture
def database(tmp_path: Path, transactional_db: None) -> Iterator[str]:
    """The address of a copy of the suite's empty database, which other processes may use."""
    if connection.vendor != "postgresql":
        file = tmp_path / "killed.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
        yield f"sqlite:///{file}"
        return
    suite, name = connection.settings_dict, f"killed_{os.getpid()}"
    server = f"postgres://{suite['USER']}@{suite['HOST']}:{suite['PORT']}"
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined] a database in use is no template
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'create database "{name}" template "{suite["NAME"]}"')
        yield f"{server}/{name}"
        admin.execute(f'drop database "{name}" with (force)')


def test_acts_killed_before_any_of_their_statements_leave_nothing_half_done(database: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "MAILLAGE_DATABASE_URL": database,
        "MAILLAGE_DATA": str(tmp_path),
        "MAILLAGE_DEBUG": "1",
        "MAILLAGE_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "maillage.config.settings",
    }
    statements = ODD if connection.vendor == "postgresql" else EVEN
    command = [sys.executable, "-m", "maillage.booking.tests.killed", *statements]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr[-3000:]
    deaths: dict[str, int] = json.loads(done.stdout)
    assert set(deaths) == ACTS
    assert all(count >= 2 for count in deaths.values()), deaths
