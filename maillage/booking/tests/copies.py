"""Another process on a copy of the suite's empty database: for what threads cannot show, deaths and real processes."""

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

_ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def copied_database(tmp_path: Path, transactional_db: None) -> Iterator[str]:
    """The address of a copy of the suite's database, of the kind the suite runs on: a file, or one of PostgreSQL."""
    if connection.vendor != "postgresql":
        file = tmp_path / "copy.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
        yield f"sqlite:///{file}"
        return
    suite, name = connection.settings_dict, f"copy_{os.getpid()}"
    server = f"postgres://{suite['USER']}@{suite['HOST']}:{suite['PORT']}"
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # a database in use is no template
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        # A thread of an earlier test may have died with its connection open.
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [suite["NAME"]])
        admin.execute(f'create database "{name}" template "{suite["NAME"]}"')
        yield f"{server}/{name}"
        admin.execute(f'drop database "{name}" with (force)')


def run_apart(module: str, *arguments: object, on: str) -> str:
    """Run a module in a process of its own on the database `on`; return what it printed. Fails with what it said."""
    environment = {
        **os.environ,
        "MAILLAGE_DATABASE_URL": on,
        "MAILLAGE_DEBUG": "1",
        "MAILLAGE_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "maillage.config.settings",
    }
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr[-3000:]
    return done.stdout
