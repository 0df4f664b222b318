"""A seeded PostgreSQL database of its own, served by real web processes, for the benchmarks of bookings."""

import http.client
import itertools
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any
from urllib.parse import urlsplit

import psycopg

from maillage.config.private_server import free_port
from tooling.services import wait_for_port

WEB_PROCESSES = 2


@dataclass
class World:
    """A seeded database, the web processes on it, and what is drawn from it."""

    rooms: int
    database: str
    ports: Sequence[int]
    communes: Sequence[str]
    candidates: Sequence[int]
    monday: int
    bare: LifoQueue[psycopg.Connection[Any]] = field(default_factory=LifoQueue)
    web: LifoQueue[http.client.HTTPConnection] = field(default_factory=LifoQueue)

    def __post_init__(self) -> None:
        self._next_port = itertools.cycle(self.ports)

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        """Lend a bare connection, kept from job to job."""
        try:
            kept = self.bare.get_nowait()
        except Empty:
            kept = psycopg.connect(self.database)
        yield kept
        self.bare.put(kept)

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Send JSON, as `ask` does."""
        status, found = self.ask("POST", path, json.dumps(body))
        return status, json.loads(found)

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        """Ask the API on a connection kept from job to job; each new one goes to the next web process."""
        try:
            client = self.web.get_nowait()
        except Empty:
            client = http.client.HTTPConnection("127.0.0.1", next(self._next_port), timeout=60)
        client.request(method, f"/api/v1/{path}", body, {"Content-Type": "application/json"})
        answer = client.getresponse()
        status, found = answer.status, answer.read()
        self.web.put(client)
        return status, found


def database_address() -> str:
    """Return the address of the PostgreSQL that `tooling.services` started."""
    base = os.environ.get("MAILLAGE_DATABASE_URL", "")
    if not base.startswith("postgres"):
        raise SystemExit("PostgreSQL is needed: python -m tooling.services python -m bench NAME")
    return base


@contextmanager
def world(rooms: int, *, seeding: str = "seed") -> Iterator[World]:
    """Make a database of its own, fill it by a function of `bench.data.seeding`, serve it; drop it at the end."""
    with database(f"bench_{rooms}") as address:
        environment = environment_of(address)
        call = f"from bench.data.seeding import {seeding}; {seeding}({rooms})"
        print(run(environment, "shell", "--no-imports", "-c", call), file=sys.stderr)
        with ExitStack() as servers:
            ports = [servers.enter_context(_web_process(environment)) for _process in range(WEB_PROCESSES)]
            with psycopg.connect(address) as reading:
                communes = [row[0] for row in reading.execute("select insee from territory_commune order by insee")]
                ids = [row[0] for row in reading.execute("select id from points_room order by id")]
            midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
            yield World(rooms, address, ports, communes, ids, int(midnight.timestamp()) // 900)


@contextmanager
def database(name: str) -> Iterator[str]:
    """Give the address of an empty, migrated database, dropped at the end."""
    base = database_address()
    address = urlsplit(base)._replace(path=f"/{name}").geturl()
    with psycopg.connect(base, autocommit=True) as admin:
        admin.execute(f"create database {name}")
    try:
        run(environment_of(address), "migrate", "--verbosity", "0")
        yield address
    finally:
        with psycopg.connect(base, autocommit=True) as admin:
            admin.execute(f"drop database {name} with (force)")


@contextmanager
def _web_process(environment: dict[str, str]) -> Iterator[int]:
    """Serve on a port of its own until the end of the block; give the port."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "maillage.config.asgi:application", "--port", str(port), "--lifespan", "off",
         "--log-level", "warning", "--no-access-log", "--timeout-keep-alive", "90"],
        env=environment, stdout=sys.stderr,
    )  # fmt: skip
    try:
        wait_for_port(port, seconds=120)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def environment_of(address: str) -> dict[str, str]:
    """Return the settings of production, but for the limit on acts: one address sends them all."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MAILLAGE_")}
    return {
        **kept,
        "MAILLAGE_DATABASE_URL": address,
        "MAILLAGE_REDIS_URL": os.environ.get("MAILLAGE_REDIS_URL", ""),
        "MAILLAGE_SECRET_KEY": uuid.uuid4().hex * 2,
        "MAILLAGE_BRIDGES_FILE": str(Path(__file__).with_name("bridges.toml")),
        "MAILLAGE_THROTTLE": "0",
        "MAILLAGE_LOG_LEVEL": "ERROR",
    }


def run(environment: dict[str, str], *arguments: str) -> str:
    """Run a command of Maillage; return what it printed."""
    command = [sys.executable, "-m", "maillage.config.cli", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
    return done.stdout.strip()
