"""From the call of a SIP terminal to its sound and image at a site, beside a site that joins the same bare bridge.

Timed from the decision to join to the first loud sample and the first decoded frame: at a listening site that has no
page, so that only the way through the gateway is compared; then in two pages of the product, which are linked directly
until the terminal calls, at the slower of both.
"""

import asyncio
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from time import perf_counter

import numpy as np

from bench.harness import Figure, is_wanted
from bench.sip_pages import calls
from maillage.conference.gateways.sip.agent import AgentSettings
from maillage.conference.gateways.sipgate.directory import Invitation
from maillage.conference.gateways.sipgate.gateway import GatewaySettings, gateway
from maillage.conference.gateways.sipgate.switchboard import Switchboard
from maillage.conference.tests.bridge.agents import Agent, Received, until
from maillage.conference.tests.bridge.directory import PlainDirectory
from tooling import media

RUNS = 6
ROOM = "bench"
CODE = "123456"
LOUD = 1000
GOALS = {"sound": "ratio <= 2", "image": "ratio <= 3"}
CALLS = 5
PAGE_GOALS = {"sound": "ratio <= 5", "image": "ratio <= 5"}
"""Two browsers talk directly until the call: they move to the bridge first, then decode what comes."""
CODECS = {"Opus": "opus/48000/2", "G.711": "PCMA/8000/1"}
Times = dict[str, float]


class _NoAccounts:
    def password_of(self, _username: str) -> str | None:
        return None


@asynccontextmanager
async def _switchboard(directory: PlainDirectory) -> AsyncIterator[Switchboard]:
    first, last = media.free_range(100)
    agent = AgentSettings(media.machine_address(), media.free_range(2)[0])
    async with gateway(GatewaySettings(agent, first, last), directory, _NoAccounts()) as board:
        yield board


async def _timed(listener: Agent, begin: Callable[[], Awaitable[object]], name: Callable[[], str]) -> Times:
    """Return the ms from `begin` to the first sound and the first image of the participant then called `name()`."""
    began = perf_counter()
    await begin()
    await until(lambda: name() in listener.feeds, 20)
    heard = await listener.hear(name())
    times: Times = {}

    def is_complete() -> bool:
        now = (perf_counter() - began) * 1000
        if heard.frames:
            times.setdefault("image", now)
        if _is_loud(heard):
            times.setdefault("sound", now)
        return len(times) == 2

    await until(is_complete, 20)
    return times


def _is_loud(heard: Received) -> bool:
    return bool(heard.chunks) and int(np.abs(heard.chunks[-1]).max(initial=0)) > LOUD


async def _floor(janus: media.PrivateJanus, listener: Agent, number: int) -> Times:
    async with AsyncExitStack() as stack:
        site = Agent(janus, ROOM, f"site-{number}", tone_hz=440)
        return await _timed(listener, lambda: stack.enter_async_context(site), lambda: site.name)


async def _call(board: Switchboard, listener: Agent, terminal: media.PrivateTerminal) -> Times:
    assert board.agent
    uri = f"sip:{CODE}@{board.agent.settings.host}:{board.agent.settings.port}"
    times = await _timed(
        listener,
        lambda: asyncio.to_thread(terminal.command, "dial", uri),
        lambda: next(iter(board.legs), ""),
    )
    await asyncio.to_thread(terminal.command, "hangup")
    await until(lambda: not board.legs)
    return times


async def _measured(janus: media.PrivateJanus, codec: str) -> tuple[list[Times], list[Times]]:
    directory = PlainDirectory([janus], {CODE: Invitation(ROOM, "Terminal")})
    await directory.access(ROOM)
    ours, floors = [], []
    with media.terminal(audio=codec) as terminal:
        async with _switchboard(directory) as board, Agent(janus, ROOM, "listener", with_video=False) as listener:
            for number in range(RUNS):
                floors.append(await _floor(janus, listener, number))
                ours.append(await _call(board, listener, terminal))
    return ours, floors


def figures() -> Iterator[Figure]:
    """Measure both codecs, alternating with the floor: to a bare listener, then to two browsers."""
    for codec, offered in CODECS.items():
        if is_wanted(f"{codec} listener"):
            with media.janus() as janus:
                ours, floors = asyncio.run(_measured(janus, offered))
            yield from _figures(f"{codec}, a listener", ours, floors, GOALS)
        if is_wanted(f"{codec} browsers"):
            pairs = list(calls(offered, CALLS, _bare_join))
            ours, floors = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
            yield from _figures(f"{codec}, two browsers", ours, floors, PAGE_GOALS)


def _figures(where: str, ours: list[Times], floors: list[Times], goals: dict[str, str]) -> Iterator[Figure]:
    for kind, goal in goals.items():
        times = sorted(each[kind] for each in ours)
        floor = statistics.median(each[kind] for each in floors)
        median = statistics.median(times)
        yield Figure("sip", f"{where}, call to first {kind}", median, times[-1], "ms", floor, goal)


def _bare_join(janus: media.PrivateJanus) -> Times:
    """Return how long a bare site takes to be heard and seen by a bare one on this bridge."""

    async def join() -> Times:
        await PlainDirectory([janus]).access(ROOM)
        async with Agent(janus, ROOM, "listener", with_video=False) as listener:
            return await _floor(janus, listener, 0)

    with ThreadPoolExecutor(1) as pool:  # this thread has the loop of the browsers
        return pool.submit(asyncio.run, join()).result()
