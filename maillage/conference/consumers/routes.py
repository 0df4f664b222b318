"""What a page's socket does about the way its sound and image take: tells it, and hears that a bridge was lost."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from maillage.conference.consumers.page_socket import PageSocket, in_database
from maillage.conference.domain.flow import Bucket
from maillage.conference.domain.presence import Presence
from maillage.conference.domain.topology import DIRECT, MESH_LIMIT, Route, Topology, topology_for
from maillage.conference.gateways.configured import configured_pool
from maillage.conference.gateways.pool import Placement
from maillage.conference.selectors import kinds_of, route_of
from maillage.conference.services import keep_floor_at_bridge, prepare_route, repair_route, settle_route
from maillage.conference.services.routes import Settled

TOKEN_LIFE = timedelta(hours=1)
REPAIRS = 12
"""Times in a row that one page may have the servers asked for a lost bridge; one more every two seconds."""
RENEWED_AFTER = timedelta(minutes=30)
"""A page on a bridge gets new tokens after that long, at a beat: well before the old ones end."""


class RouteTeller(PageSocket):
    """The part of a meeting's socket that knows how its page is linked with the others."""

    conference_id: int
    meeting: str
    kinds: Mapping[int, str]
    stay_id: int | None
    route: Route = DIRECT
    crowd: int = 0
    is_greeted = False
    told_at: datetime

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.repairs = Bucket(size=REPAIRS, per_second=0.5, tokens=REPAIRS, at=time.monotonic())

    async def prepare_route(self, party: int) -> dict[str, Any]:
        """Return what the page of `party` may prepare while it is at the door."""
        self.is_greeted = True
        prepare = in_database(prepare_route)
        kind = self.kinds.get(party, "browser")
        self.route = await prepare(conference_id=self.conference_id, kind=kind, pool=configured_pool())
        return self._transport(may_join=self.stay_id is not None)

    async def hear_presence(self, present: Sequence[int]) -> None:
        """Note who is in; tell a page at the door if that changes what it should prepare."""
        self.crowd, party = len(present), self.guest.party.pk
        if not self.kinds.keys() >= set(present):
            self.kinds = await in_database(kinds_of)(self.guest.booking.pk)  # a caller that nobody announced
        if self.stay_id is not None or not self.is_greeted or not len(configured_pool()):
            return
        kinds = [self.kinds.get(one, "sip") for one in {*present, party}]
        if topology_for(kinds, bridge_available=True) is not self.route.topology:
            await self.say("transport", **await self.prepare_route(party))

    async def say_prepared(self) -> None:
        """Let a page that enters go where it prepared itself to go, before anything else is looked at."""
        if self.route.topology is Topology.BRIDGE:
            await self.say("transport", **self._transport(may_join=True))

    async def enter_route(self, presence: Presence) -> None:
        """Choose the route now that this page is in, and tell who has to know. Two browsers alone cost no query."""
        if not len(configured_pool()):
            return
        kinds = [self.kinds.get(one.party, "sip") for one in presence.present]
        if self.route.topology is Topology.P2P and topology_for(kinds, bridge_available=True) is Topology.P2P:
            return
        prepared, settled = self.route, await self._settled()
        if settled.route != prepared or prepared.topology is Topology.P2P:
            await self.say_route(settled.route)
        await self._follow(settled)

    @staticmethod
    def most_sites() -> int | None:
        """Return how many sides this network can link: any number with a bridge."""
        return None if len(configured_pool()) else MESH_LIMIT

    async def _settled(self) -> Settled:
        settle = in_database(settle_route)
        return await settle(conference_id=self.conference_id, pool=configured_pool(), now=timezone.now())

    async def bridge_lost(self, generation: int) -> None:
        """Have the room made again, there or elsewhere, and tell this page, or all if it moved.

        A page that says so again and again is told where the meeting is, and no server is asked.
        """
        left = self.repairs.take(time.monotonic())
        if left is None:
            await self.say_route(await in_database(route_of)(self.conference_id))
            return
        self.repairs = left
        repair = in_database(repair_route)
        settled = await repair(conference_id=self.conference_id, generation=generation, pool=configured_pool())
        await self._follow(settled)
        if not settled.is_new:
            await self.say_route(settled.route)

    async def look_at_route(self) -> None:
        """At a beat, on leaving: is the bridge still needed, or there again? Are the page's tokens still fresh?"""
        if self.route.topology is Topology.P2P and (self.crowd <= 2 or not len(configured_pool())):
            return
        settled = await self._settled()
        await self._follow(settled)
        if settled.route.topology is Topology.BRIDGE:
            keep_floor = in_database(keep_floor_at_bridge)
            await keep_floor(conference_id=self.conference_id, pool=configured_pool())
        if settled.route.topology is Topology.BRIDGE and not settled.is_new and self.needs_tokens():
            await self.say_route(settled.route)

    def needs_tokens(self) -> bool:
        """Tell whether this page is in, on a bridge, with tokens that are getting old."""
        is_on_bridge = self.route.topology is Topology.BRIDGE and self.stay_id is not None
        return is_on_bridge and timezone.now() - self.told_at > RENEWED_AFTER

    async def _follow(self, settled: Settled) -> None:
        if settled.is_new:
            await self.channel_layer.group_send(self.meeting, {"type": "meeting.route"})

    async def meeting_route(self, _event: dict[str, Any]) -> None:
        """The route changed: tell the page if it is in."""
        if self.stay_id is not None:
            await self.say_route(await in_database(route_of)(self.conference_id))

    async def say_route(self, route: Route) -> None:
        """Tell the page, with the tokens it needs now."""
        self.route = route
        await self.say("transport", **self._transport(may_join=self.stay_id is not None))

    def _transport(self, *, may_join: bool) -> dict[str, Any]:
        self.told_at = timezone.now()
        route = self.route
        if route.topology is Topology.P2P:
            return {"topology": route.topology, "generation": route.generation, "room": "", "bridges": []}
        addresses = configured_pool().addresses(
            route.room,
            Placement(route.server, route.generation),
            until=self.told_at + TOKEN_LIFE,
            may_join=may_join,
        )
        room = route.room if may_join else ""
        bridges = [asdict(address) for address in addresses]
        return {"topology": route.topology, "generation": route.generation, "room": room, "bridges": bridges}
