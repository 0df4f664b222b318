# mypy: disable-error-code="no-untyped-call"
"""The socket of a meeting on a bridge: what pages are told of the way, and what a hostile one cannot do to it."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from maillage.conference.consumers import routes as route_consumer
from maillage.conference.consumers.routes import REPAIRS
from maillage.conference.domain.bridge_choice import ServerState
from maillage.conference.gateways.janus_fake import FakeBridge
from maillage.conference.gateways.pool import BridgePool, PooledServer
from maillage.conference.models import BridgeRoom, QualitySample
from maillage.conference.tests.sockets import Page, come_in, hello, meeting_now, page_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
THREE = ("Ouessant", "Houat", "Rennes")


class CountingPool(BridgePool):
    """A pool that counts how often its servers are asked."""

    asked = 0

    def states(self) -> list[ServerState]:
        self.asked += 1
        return super().states()


@dataclass
class Servers:
    bridges: list[FakeBridge] = field(default_factory=lambda: [FakeBridge("a"), FakeBridge("b")])

    def __post_init__(self) -> None:
        self.pool = CountingPool([PooledServer(one, f"wss://{one.name}.example", "secret") for one in self.bridges])

    def crash(self, name: str) -> None:
        next(one for one in self.bridges if one.name == name).crash()


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Servers:
    made = Servers()
    monkeypatch.setattr(route_consumer, "configured_pool", lambda: made.pool)
    return made


async def on_bridge(page: Page) -> dict[str, Any]:
    told = await page.hear("transport")
    while told["topology"] != "bridge" or not told["room"]:
        told = await page.hear("transport")
    return told


async def test_one_at_the_door_is_told_where_the_bridge_is_and_gets_the_rooms_token_on_entering(
    servers: Servers,
) -> None:
    _, _parties, tokens = await meeting_now(names=THREE)
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b, page_of(tokens[2]) as c:
        await come_in(a, "a")
        await come_in(b, "b")
        welcome = await hello(c, "c")
        door = welcome["transport"]
        assert door["topology"] == "bridge"
        assert door["room"] == ""
        assert all(one["door_token"] and not one["room_token"] for one in door["bridges"])
        await c.say("enter")
        told = await on_bridge(c)
        assert all(f"room={told['room']}" in one["room_token"] for one in told["bridges"])


async def test_a_page_that_comes_back_is_told_the_bridge_its_meeting_is_on_now(servers: Servers) -> None:
    _, _parties, tokens = await meeting_now(names=THREE)
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b:
        await come_in(a, "a")
        await come_in(b, "b")
        async with page_of(tokens[2]) as c:
            await come_in(c, "c")
            before = await on_bridge(a)
        lost = (await BridgeRoom.objects.aget()).server
        servers.crash(lost)
        await a.say("bridge-lost", generation=before["generation"])
        after = await on_bridge(b)
        while after["generation"] == before["generation"]:
            after = await on_bridge(b)
        async with page_of(tokens[2]) as again:
            await hello(again, "c", entered=True)
            told = await on_bridge(again)
            assert told["generation"] == after["generation"]
            assert told["bridges"][0]["name"] != lost


async def test_a_page_that_says_again_and_again_that_the_bridge_is_lost_moves_nobody_and_asks_little(
    servers: Servers,
) -> None:
    _, _parties, tokens = await meeting_now(names=THREE)
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b, page_of(tokens[2]) as hostile:
        for page, name in ((a, "a"), (b, "b"), (hostile, "c")):
            await come_in(page, name)
        before = await BridgeRoom.objects.aget()
        asked = servers.pool.asked
        for _time in range(60):
            await hostile.say("bridge-lost", generation=999)
        await hostile.say("beat")
        await hostile.hear("beat")
        after = await BridgeRoom.objects.aget()
        assert (after.server, after.generation) == (before.server, before.generation)
        assert servers.pool.asked - asked <= REPAIRS + 3
        await a.say("beat")
        await a.hear("beat")


async def test_what_is_measured_on_the_bridge_is_kept_for_each_other_site(servers: Servers) -> None:
    _, (_ouessant, houat, rennes), tokens = await meeting_now(names=THREE)
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b, page_of(tokens[2]) as c:
        for page, name in ((a, "a"), (b, "b"), (c, "c")):
            await come_in(page, name)
        samples = [{"remote": party, "loss_in": 0.0, "audio_level_in": 0.2} for party in (houat, rennes, 999_999)]
        await a.say("quality", samples=samples)
        await a.say("beat")
        await a.hear("beat")
    kept = [one.remote_id async for one in QualitySample.objects.order_by("remote_id")]
    assert kept == sorted([houat, rennes])
