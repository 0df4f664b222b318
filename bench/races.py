"""A thousand rounds of 2, 8 and 32 real processes that compete for the same rooms: nothing double, nothing partial.

Holds, bookings, moves, extensions, series, blocks and imports of calendars, on PostgreSQL; then 8 processes on one file
of SQLite. After each round every span and quarter is looked at; a fault, such as a wait of a second for somebody else
on PostgreSQL, is not ok. The floor, in the same run: the same acts by one client alone.

An act is timed whole, from the gun to its answer, as its client lives it: the waits for the others, and for the
processors that all the clients share. `longest` is the slowest of all acts; `longest_act` tells which kind it was.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from bench.harness import Figure, is_wanted
from bench.world import database, database_address, environment_of, run

ROUNDS = {2: 450, 8: 400, 32: 150}
ALONE, ON_A_FILE = 60, (8, 60)


def figures() -> Iterator[Figure]:
    """Yield one figure for each number of clients; the time is that of an act, waits included."""
    for name, clients, rounds in [
        *(("postgresql", clients, rounds) for clients, rounds in ROUNDS.items()),
        ("sqlite", *ON_A_FILE),
    ]:
        case = f"{name} clients={clients} rounds={rounds}"
        if not is_wanted(case):
            continue
        with _empty(name) as address:
            alone = _compete(_copy_of(address, "alone"), 1, ALONE)
            found = _compete(_copy_of(address, "crowd"), clients, rounds)
        notes = {
            "through": sum(found["won"].values()),
            "refused": sum(found["refused"].values()),
            "longest": max(found["longest_ms"].values()),
            "longest_act": max(found["longest_ms"], key=found["longest_ms"].__getitem__),
        }
        faults = len(found["faults"])
        if faults:
            notes["first_fault"] = found["faults"][0][:160]
        yield Figure("races", case, found["median_ms"], found["p95_ms"], "ms", alone["median_ms"], "", faults, notes)


@contextmanager
def _empty(name: str) -> Iterator[str]:
    """Give the address of an empty, migrated database."""
    if name == "postgresql":
        with database("bench_races") as address:
            yield address
        return
    with tempfile.TemporaryDirectory(prefix="maillage-races-") as folder:
        address = f"sqlite:///{Path(folder) / 'races.sqlite3'}"
        run(environment_of(address), "migrate", "--verbosity", "0")
        yield address


def _copy_of(address: str, name: str) -> str:
    """Return the address of a copy of an empty database, made in a moment where migrating takes half a minute.

    It goes with the original, in its folder; on PostgreSQL with the private server of the benchmarks.
    """
    if not address.startswith("postgres"):
        copy = Path(address.removeprefix("sqlite:///")).with_name(f"{name}.sqlite3")
        shutil.copy(address.removeprefix("sqlite:///"), copy)
        return f"sqlite:///{copy}"
    original = urlsplit(address).path.removeprefix("/")
    with psycopg.connect(database_address(), autocommit=True) as admin:
        admin.execute(f'drop database if exists "{original}_{name}" with (force)')
        admin.execute(f'create database "{original}_{name}" template "{original}"')
    return urlsplit(address)._replace(path=f"/{original}_{name}").geturl()


def _compete(address: str, clients: int, rounds: int) -> dict[str, Any]:
    """Let them compete in processes of their own; half-booked rooms end them, and this benchmark, at once."""
    environment = {**environment_of(address), "DJANGO_SETTINGS_MODULE": "maillage.config.settings"}
    command = [sys.executable, "-m", "maillage.booking.tests.competition", str(clients), str(rounds)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"clients={clients}:\n{done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
