"""Choosing how a meeting is linked, as people come and go: directly, or through a bridge and which one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from maillage.conference.domain.bridge_choice import next_topology
from maillage.conference.domain.topology import MESH_LIMIT, Route, Topology, topology_for
from maillage.conference.gateways.errors import NoBridge
from maillage.conference.gateways.pool import BridgePool
from maillage.conference.models import BridgeRoom
from maillage.conference.selectors.routes import kinds_in, route_in, route_of
from maillage.conference.services.bridge import put_on_bridge
from maillage.core.journal import record


@dataclass(frozen=True, slots=True)
class Settled:
    """The route from now, and whether the pages have to be told."""

    route: Route
    is_new: bool = False


def settle_route(*, conference_id: int, pool: BridgePool, now: datetime) -> Settled:
    """Choose the route for those who are in, and make it so. Asked at each coming and going, and at beats on a bridge.

    Without a living server, browsers stay linked directly. Of two processes that choose at once, one writes.
    """
    if not len(pool):
        return Settled(route_of(conference_id))
    kinds = kinds_in(conference_id)
    room = BridgeRoom.objects.filter(conference_id=conference_id).first()
    current = route_in(room)
    wanted = next_topology(
        current.topology,
        kinds,
        bridge_available=True,
        is_recorded=room is not None and room.is_recorded,
        fitted_direct_seconds=_unneeded_seconds(room, now),
    )
    if wanted is Topology.BRIDGE and current.topology is Topology.P2P:
        return _go_up(conference_id, pool)
    if wanted is Topology.P2P and current.topology is Topology.BRIDGE:
        return _go_down(conference_id, current)
    if room is not None and room.is_in_use:
        needs = room.is_recorded or topology_for(kinds, bridge_available=True) is Topology.BRIDGE
        _note_need(room, needs=needs, now=now)
    return Settled(current)


def _unneeded_seconds(room: BridgeRoom | None, now: datetime) -> float:
    return (now - room.unneeded_since).total_seconds() if room and room.unneeded_since else 0.0


def _note_need(room: BridgeRoom, *, needs: bool, now: datetime) -> None:
    if needs == (room.unneeded_since is None):
        return
    BridgeRoom.objects.filter(pk=room.pk).update(unneeded_since=None if needs else now)


def _go_up(conference_id: int, pool: BridgePool) -> Settled:
    try:
        room = _placed(conference_id, pool)
    except NoBridge:
        return Settled(route_of(conference_id))
    changed = BridgeRoom.objects.filter(pk=room.pk, is_in_use=False).update(
        is_in_use=True, unneeded_since=None, generation=F("generation") + 1
    )
    if changed:
        record("conference.bridged", f"conference:{conference_id}", through="task", server=room.server)
    return Settled(route_of(conference_id), bool(changed))


def _placed(conference_id: int, pool: BridgePool) -> BridgeRoom:
    """Return the room where it was prepared, without asking the server again: a page that finds none there says so."""
    prepared = BridgeRoom.objects.filter(conference_id=conference_id).exclude(server="").first()
    return prepared or put_on_bridge(conference_id=conference_id, pool=pool)


def _go_down(conference_id: int, current: Route, **forgotten: str) -> Settled:
    """Link those who are in directly; the room stays ready unless its server is among what is `forgotten`."""
    changed = BridgeRoom.objects.filter(
        conference_id=conference_id, is_in_use=True, generation=current.generation
    ).update(is_in_use=False, unneeded_since=None, generation=F("generation") + 1, **forgotten)
    if changed:
        record("conference.direct", f"conference:{conference_id}", through="task")
    return Settled(route_of(conference_id), bool(changed))


def repair_route(*, conference_id: int, generation: int, pool: BridgePool) -> Settled:
    """Answer a page that lost the bridge it knew as `generation`: the room is made again there, or elsewhere.

    With no living server left, browsers that can be linked to each other are.
    """
    current = route_of(conference_id)
    if current.topology is Topology.P2P or current.generation > generation:
        return Settled(current)
    try:
        put_on_bridge(conference_id=conference_id, pool=pool)
    except NoBridge:
        kinds = kinds_in(conference_id)
        can_mesh = topology_for(kinds, bridge_available=True) is Topology.P2P or _are_few_browsers(kinds)
        return _go_down(conference_id, current, server="") if can_mesh else Settled(current)
    found = route_of(conference_id)
    return Settled(found, found.generation > current.generation)


def _are_few_browsers(kinds: list[str]) -> bool:
    return len(kinds) <= MESH_LIMIT and set(kinds) <= {"room", "browser"}


def prepare_route(*, conference_id: int, kind: str, pool: BridgePool) -> Route:
    """Return the route that would be if one more party, of this `kind`, came in: what its page at the door prepares."""
    current = route_of(conference_id)
    if not len(pool) or current.topology is Topology.BRIDGE:
        return current
    if topology_for([*kinds_in(conference_id), kind], bridge_available=True) is Topology.P2P:
        return current
    try:
        room = _placed(conference_id, pool)
    except NoBridge:
        return current
    return Route(Topology.BRIDGE, room.generation, room.room, room.server)
