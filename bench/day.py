"""The facilitator's planning of one day, 90 rooms with four things each, over HTTP on a real server.

The floor, in the same run: an empty page of the same stack (/sante). At most 15 queries whatever the number of rooms,
counted with 3 and with 90; one more is a fault.
"""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from bench.harness import Figure, Timing, measure
from maillage.config.private_server import PrivateServer, private_server

ROOMS = (3, 90)
MOST_QUERIES = 15
TURNS = 60
WARM_UP = 8
GOAL = "ratio <= 60"


def figures() -> Iterator[Figure]:
    """Yield the page of a few rooms, then that of 90, which has the goal."""
    for rooms in ROOMS:
        with private_server() as server:
            day = datetime.now(UTC).date() + timedelta(days=7)
            seeded = _seed(server, rooms, day)
            server.start()
            page = _timed(server, f"/planning?jour={day.isoformat()}", str(seeded["cookie"]))
            empty = _timed(server, "/sante")
        queries, meetings = int(seeded["queries"]), int(seeded["meetings"])
        faults = max(0, queries - MOST_QUERIES) + (meetings != 3 * rooms)
        goal = GOAL if rooms == ROOMS[-1] else ""
        case, notes = f"rooms={rooms}", {"queries": queries, "meetings": meetings}
        yield Figure("day", case, page.median, page.p95, "ms", empty.median, goal, faults, notes)


def _seed(server: PrivateServer, rooms: int, day: date) -> dict[str, str | int]:
    """Fill the server's database in a process of its own; return the session and what was counted there."""
    command = [sys.executable, "bench/data/day_seed.py", str(rooms), day.isoformat()]
    environment = {**server.environment, "DJANGO_SETTINGS_MODULE": "maillage.config.settings", "PYTHONPATH": "."}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the planning could not be seeded:\n{done.stderr[-2000:]}")
    found: dict[str, str | int] = json.loads(done.stdout.splitlines()[-1])
    return found


def _timed(server: PrivateServer, path: str, session: str = "") -> Timing:
    """Ask again and again on one kept connection."""
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=30)
    headers = {"Cookie": f"sessionid={session}", "Accept-Language": "fr"}

    def ask() -> None:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.status}")

    for _turn in range(WARM_UP):
        ask()
    timing = measure([ask] * TURNS, clients=1)
    connection.close()
    return timing
