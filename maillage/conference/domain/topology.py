"""How the sides of a meeting are linked."""

from collections.abc import Collection
from enum import StrEnum

MESH_LIMIT = 4


class Topology(StrEnum):
    """P2P: each side speaks to each other side directly. BRIDGE: each speaks to a media server."""

    P2P = "p2p"
    BRIDGE = "bridge"


def topology_for(kinds: Collection[str], *, bridge_available: bool = False) -> Topology:
    """Return how to link parties of these `kinds` (PartyKind: room, browser, sip, phone).

    Two browsers, in rooms or not, are linked directly. With a bridge, three or more, or any terminal or phone,
    go through it; without one, the browsers among up to MESH_LIMIT parties are each linked to each other.
    """
    browsers_only = all(kind in {"room", "browser"} for kind in kinds)
    if bridge_available and (len(kinds) > 2 or not browsers_only):
        return Topology.BRIDGE
    return Topology.P2P
