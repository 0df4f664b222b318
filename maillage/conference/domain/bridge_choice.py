"""Where a conference's sound and image pass: straight between two browsers, or through which bridge server.

Pure: the state of the servers and the present time are arguments.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from maillage.conference.domain.topology import Topology, topology_for

STEP_DOWN_SECONDS = 5.0
"""How long a conference must have been a pair of browsers before it leaves the bridge: a site that drops out for a
moment must not move the two others twice."""


def next_topology(
    current: Topology,
    kinds: Collection[str],
    *,
    bridge_available: bool,
    is_recorded: bool = False,
    fitted_direct_seconds: float = 0.0,
) -> Topology:
    """Return the topology for parties of these `kinds` (PartyKind), now linked by `current`.

    Up at once, since the third site is waiting to be heard, or the recording to begin; down only after
    `fitted_direct_seconds` (how long the parties have not needed a bridge) reaches STEP_DOWN_SECONDS.
    """
    if not bridge_available:
        return Topology.P2P
    if is_recorded or topology_for(kinds, bridge_available=True) is Topology.BRIDGE:
        return Topology.BRIDGE
    if current is Topology.BRIDGE and fitted_direct_seconds < STEP_DOWN_SECONDS:
        return Topology.BRIDGE
    return Topology.P2P


@dataclass(frozen=True, slots=True)
class ServerState:
    """What is known of one bridge server. `load` counts participants, `capacity` how many it should carry at most."""

    name: str
    is_alive: bool
    load: int
    capacity: int = 100
    is_draining: bool = False


def _preference(conference: str, server: ServerState) -> tuple[bool, bool, float, str]:
    """Sort key: willing before draining, roomy before full, lightest first, then spread by conference."""
    spread = hashlib.sha256(f"{conference} {server.name}".encode()).hexdigest()
    share = server.load / server.capacity if server.capacity else 1.0
    return server.is_draining, server.load >= server.capacity, round(share, 1), spread


def order_servers(conference: str, servers: Sequence[ServerState], *, current: str = "") -> list[str]:
    """Return the living servers, the one to use first, for clients to try in this order.

    The conference stays on `current` while that one lives. Full and draining servers come last but are still listed:
    a crowded bridge is better than none. The order depends on nothing else, so every client gets the same.
    """
    alive = [server for server in servers if server.is_alive]
    ranked = sorted(alive, key=lambda server: (server.name != current, *_preference(conference, server)))
    return [server.name for server in ranked]
