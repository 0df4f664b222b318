"""How the sides of a meeting are linked."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

MESH_LIMIT = 4
"""Sites that can be linked each to each other: a fourth one costs each of them three times its own picture."""


class Topology(StrEnum):
    """P2P: each side speaks to each other side directly. BRIDGE: each speaks to a media server."""

    P2P = "p2p"
    BRIDGE = "bridge"


@dataclass(frozen=True, slots=True)
class Route:
    """Where the sound and image of a meeting pass now. `generation` grows with each change: late news are older."""

    topology: Topology = Topology.P2P
    generation: int = 0
    room: str = ""
    server: str = ""


DIRECT = Route()


def topology_for(kinds: Collection[str], *, bridge_available: bool = False) -> Topology:
    """Return how to link parties of these `kinds` (PartyKind: room, browser, sip, phone).

    Two browsers, in rooms or not, are linked directly. With a bridge, three or more, or any terminal or phone,
    go through it; without one, the browsers among up to MESH_LIMIT parties are each linked to each other.
    """
    browsers_only = all(kind in {"room", "browser"} for kind in kinds)
    if bridge_available and (len(kinds) > 2 or not browsers_only):
        return Topology.BRIDGE
    return Topology.P2P
