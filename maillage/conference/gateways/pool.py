"""The bridge servers of the network, taken together: where to put a conference, and where it goes when one dies.

Django owns the rooms: a server that comes back empty is given its rooms again before any client is sent to it. The
caller keeps the answer (which server, which generation) with the conference and tells the clients.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from maillage.conference.domain.bridge_choice import ServerState, order_servers
from maillage.conference.domain.janus_requests import RoomPlan
from maillage.conference.gateways.errors import BridgeDown, NoBridge
from maillage.conference.gateways.janus_admin import Bridge
from maillage.conference.gateways.tokens import door_token, room_token


@dataclass(frozen=True, slots=True)
class PooledServer:
    """One server and what clients need to reach it."""

    bridge: Bridge
    client_url: str
    token_secret: str
    capacity: int = 100
    is_draining: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a conference is. `generation` grows each time it moves, so that late reports can be told from new ones."""

    server: str
    generation: int


@dataclass(frozen=True, slots=True)
class Address:
    """One server as a client is told of it, with the tokens that open this room there."""

    name: str
    url: str
    door_token: str
    room_token: str


class BridgePool:
    """The servers in configured order."""

    def __init__(self, servers: Sequence[PooledServer]) -> None:
        self._servers = {server.bridge.name: server for server in servers}

    def __len__(self) -> int:
        return len(self._servers)

    def bridge(self, name: str) -> Bridge:
        """Return one server. Raises NoBridge if it is no longer configured."""
        if name not in self._servers:
            raise NoBridge
        return self._servers[name].bridge

    def states(self) -> list[ServerState]:
        """Ask every server at once how it fares: as slow as the slowest, never longer than its timeout."""
        if not self._servers:
            return []
        with ThreadPoolExecutor(max_workers=len(self._servers)) as together:
            return list(together.map(self._state, self._servers.values()))

    @staticmethod
    def _state(server: PooledServer) -> ServerState:
        name = server.bridge.name
        try:
            load = server.bridge.health().participants
        except BridgeDown:
            return ServerState(name, False, 0, server.capacity, server.is_draining)
        return ServerState(name, True, load, server.capacity, server.is_draining)

    def place(self, plan: RoomPlan, *, current: Placement | None = None) -> Placement:
        """Make sure that the room exists on a living server; return where.

        A conference stays where it is while that server lives, even if it restarted: its room is made again there.
        Raises NoBridge if no server can take it.
        """
        wanted = order_servers(plan.name, self.states(), current=current.server if current else "")
        for name in wanted:
            try:
                self._servers[name].bridge.open_room(plan)
            except BridgeDown:
                continue
            if current is None:
                return Placement(name, 1)
            return current if current.server == name else Placement(name, current.generation + 1)
        raise NoBridge

    def client_urls(self) -> list[str]:
        """Return where browsers speak to the servers."""
        return [server.client_url for server in self._servers.values()]

    def addresses(self, room: str, placement: Placement, *, until: datetime, may_join: bool = True) -> list[Address]:
        """Return the servers a client may try for `room`, the present one first, with tokens valid `until` then.

        One who may not join yet gets as far as the server's door: no token of the room.
        """
        first = [placement.server] if placement.server in self._servers else []
        others = [name for name in self._servers if name != placement.server]
        return [self._address(self._servers[name], room if may_join else "", until) for name in first + others]

    @staticmethod
    def _address(server: PooledServer, room: str, until: datetime) -> Address:
        return Address(
            server.bridge.name,
            server.client_url,
            door_token(server.token_secret, until),
            room_token(server.token_secret, until, room) if room else "",
        )

    def close(self, room: str, placement: Placement) -> None:
        """End the room where it is; a dead server has already forgotten it."""
        try:
            self.bridge(placement.server).close_room(room)
        except (BridgeDown, NoBridge):
            return
