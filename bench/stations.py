"""500 rooms' screens that give a sign of life every 15 seconds to one web process: how much of one core they cost.

Each also holds the wire by which it is told that something waits: what 500 open ones cost is added.
The floor, in the same run on the same server: as many requests to a page that only reads one row (`/sante`).
"""

import asyncio
import http.client
import json
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect

from bench.harness import Figure
from maillage.config.private_server import PrivateServer, private_server

STATIONS = 500
BEAT_SECONDS = 15
BEATS_A_STATE = 8
"""A screen asks for its whole state every two minutes,"""
BEATS_A_PROOF = 20
"""and its key is proved again every five."""
WIRE_SECONDS = 25
"""Longer than the 20 seconds between two pings of the server."""
GOAL = "ratio <= 1.25"
"""A beat with its share of an open wire, beside a request that reads one row."""
MOST_OF_A_CORE = 10.0
_MAKE = """
import json
from django.utils import timezone
from maillage.points.tests.factories import make_point
from maillage.points.models import Room
from maillage.station.domain.keys import digest, new_key
from maillage.station.models import Station
now, point = timezone.now(), make_point()
rooms = Room.objects.bulk_create(Room(point=point, name=f"Salle {{n}}", capacity=8) for n in range({count}))
keys = [new_key() for _room in rooms]
Station.objects.bulk_create(
    Station(room=room, key_digest=digest(key), key_changed_at=now, paired_at=now) for room, key in zip(rooms, keys)
)
print(json.dumps(keys))
"""


def figures() -> Iterator[Figure]:
    """Give the share of a core that the signs of life of 500 stations take, spread over their 15 seconds."""
    with private_server() as server:
        printed = server.run("shell", "-v", "0", "-c", _MAKE.format(count=STATIONS))
        keys: list[str] = json.loads(printed.strip().splitlines()[-1])
        server.start()
        proof, state, sign, bare = _shares(server, keys)
        wires = asyncio.run(_wires(server, keys))
    often = 1 - 1 / BEATS_A_STATE - 1 / BEATS_A_PROOF
    cost = proof / BEATS_A_PROOF + state / BEATS_A_STATE + sign * often + wires
    yield Figure(
        bench="stations",
        case=f"{STATIONS} stations, every {BEAT_SECONDS} s",
        median=cost,
        p95=max(proof, state, sign),
        unit="% of a core",
        floor=bare,
        goal=GOAL,
        faults=int(cost > MOST_OF_A_CORE),
        notes={"most": MOST_OF_A_CORE}
        | {"proof": round(proof, 1), "state": round(state, 1), "sign": round(sign, 1), "wires": round(wires, 1)},
    )


def _shares(server: PrivateServer, keys: Sequence[str]) -> list[float]:
    """Return what one beat of all costs: the first with each key, with the whole state, an ordinary one, the floor."""
    _round(server, "/station/etat", keys[:50])
    return [_spent(server, path, keys) for path in ("/station/signe", "/station/etat", "/station/signe", "/sante")]


async def _wires(server: PrivateServer, keys: Sequence[str]) -> float:
    """Return what the open wires of every station cost while nothing happens, as a percentage of one core."""
    address = f"ws://{urlsplit(server.url).netloc}/station/fil"
    opened: list[ClientConnection] = []
    for key in keys:
        headers = {"Cookie": f"station={key}", "Origin": server.url}
        opened.append(await connect(address, additional_headers=headers))
    await asyncio.sleep(2)
    before = _seconds(server)
    await asyncio.sleep(WIRE_SECONDS)
    spent = _seconds(server) - before
    if any(one.close_code is not None for one in opened):
        raise RuntimeError("a wire was closed")
    await asyncio.gather(*(one.close() for one in opened))
    return spent / WIRE_SECONDS * 100


def _spent(server: PrivateServer, path: str, keys: Sequence[str]) -> float:
    """Return the processor time of one beat of every station, as a percentage of one core over the beat."""
    before = _seconds(server)
    _round(server, path, keys)
    return (_seconds(server) - before) / BEAT_SECONDS * 100


def _round(server: PrivateServer, path: str, keys: Sequence[str]) -> None:
    """Let every station ask once, spread over the beat as they are in life, on kept connections."""
    quarters = [keys[rank::4] for rank in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda some: _ask(server, path, some), quarters))


def _ask(server: PrivateServer, path: str, keys: Sequence[str]) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    for key in keys:
        began = time.monotonic()
        connection.request("GET", path, headers={"Cookie": f"station={key}", "Accept": "application/json"})
        answer = connection.getresponse()
        answer.read()
        if answer.status not in (200, 204):
            raise RuntimeError(f"{path} answered {answer.status}")
        time.sleep(max(0.0, BEAT_SECONDS / len(keys) - (time.monotonic() - began)))
    connection.close()


def _seconds(server: PrivateServer) -> float:
    """Return the processor time that the web process has used, without its worker and its clock."""
    if server.process is None:
        raise RuntimeError("the server does not run")
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
