"""How many sites one machine carries: the bridge with sound and image, the web process without.

The bridge's floor is itself with twelve sites: more conferences must not cost more for each. The web process's floor is
a bare one, under the same server, that answers the same messages of as many sockets and does nothing else.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

from bench.crowd import CrowdPage, CrowdSite, Load
from bench.harness import Figure, is_wanted
from maillage.conference.domain.janus_requests import RoomPlan
from maillage.conference.tests.bridge.conftest import bridge_of
from maillage.config.private_server import PrivateServer, private_server
from tests.meetings import make_meetings
from tooling import media
from tooling.services import free_port, process

SITES = (12, 20, 40)
A_CONFERENCE = 4
SETTLE_SECONDS, MEASURE_SECONDS = 3, 10
MOST_OF_A_CORE = 100.0
LEAST_RECEIVED = 0.95
BRIDGE_GOAL = "ratio <= 1.25"

PAGES = (40, 160, 500)
AT_ONCE = 10
"""Pages that enter at the same time: 500 people do not press in the same second."""
SLOWEST_MS = 500.0
"""An answer that takes longer is felt."""
WEB_GOAL = "ratio <= 25"


def seconds_of(pid: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def figures() -> Iterator[Figure]:
    """Give the bridge's figures, then the web process's."""
    if is_wanted("bridge"):
        with media.janus() as janus:
            yield from asyncio.run(_bridge_figures(janus))
    if is_wanted("web"):
        yield from _web_figures()


# The bridge


async def _bridge_figures(janus: media.PrivateJanus) -> list[Figure]:
    CrowdSite.load = Load()
    made: list[Figure] = []
    async with AsyncExitStack() as stack:
        everyone: list[CrowdSite] = []
        price = 0.0
        for wanted in SITES:
            while len(everyone) < wanted:
                everyone += await _conference(stack, janus, f"meeting-{len(everyone)}")
            await asyncio.sleep(SETTLE_SECONDS)
            core, sent, received = await _measured(janus, everyone)
            price = price or core / (sent + received)
            made.append(_bridge_figure(len(everyone), core, sent, received, price))
    return made


async def _conference(stack: AsyncExitStack, janus: media.PrivateJanus, room: str) -> list[CrowdSite]:
    """Bring four sites into a room of their own, each receiving the three others."""
    bridge_of(janus).open_room(RoomPlan(room))
    sites = [CrowdSite(janus, room, f"{room}-{number}") for number in range(A_CONFERENCE)]
    for site in sites:
        await stack.enter_async_context(site)
    for site in sites:
        await site.receive_all([other.name for other in sites if other is not site])
    return sites


async def _measured(janus: media.PrivateJanus, everyone: Sequence[CrowdSite]) -> tuple[float, float, float]:
    """Return the bridge's share of a core, and the packets sent to it and received from it each second."""
    assert janus.server
    began, spent = time.monotonic(), seconds_of(janus.server.pid)
    sent, received = await _counts(everyone)
    await asyncio.sleep(MEASURE_SECONDS)
    sent_after, received_after = await _counts(everyone)
    passed = time.monotonic() - began
    core = (seconds_of(janus.server.pid) - spent) / passed * 100
    return core, (sent_after - sent) / passed, (received_after - received) / passed


async def _counts(everyone: Sequence[CrowdSite]) -> tuple[int, int]:
    return sum([await site.sent() for site in everyone]), sum(site.received for site in everyone)


def _bridge_figure(sites: int, core: float, sent: float, received: float, price: float) -> Figure:
    """price: percent of a core for one packet a second, with the first sites."""
    expected = sent * (A_CONFERENCE - 1)
    return Figure(
        bench="scale",
        case=f"bridge, {sites} sites in {sites // A_CONFERENCE} conferences",
        median=core,
        p95=core,
        unit="% of a core",
        floor=price * (sent + received),
        goal=BRIDGE_GOAL,
        faults=int(core > MOST_OF_A_CORE) + int(received < expected * LEAST_RECEIVED),
        notes={"packets_in": round(sent), "packets_out": round(received), "a_site": round(core / sites, 2)},
    )


# The web process


def _web_figures() -> Iterator[Figure]:
    with ExitStack() as stack:
        bridge = stack.enter_context(media.janus())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        described = str(media.bridges_file(folder, [bridge]))
        server = stack.enter_context(private_server(door_opens_minutes="30", bridges_file=described))
        meetings = make_meetings(server, max(PAGES) // A_CONFERENCE, names=("Callac", "Rennes", "Houat", "Lannion"))
        server.start()
        port = free_port()
        command = [sys.executable, "-m", "bench.bare_socket", str(port)]
        bare = stack.enter_context(process(command, port, folder / "bare.log"))
        yield from asyncio.run(_signalled(server, bare, port, meetings))


async def _signalled(
    server: PrivateServer, bare: "subprocess.Popen[bytes]", port: int, meetings: Sequence[Sequence[str]]
) -> list[Figure]:
    assert server.process
    made: list[Figure] = []
    links = [link for meeting in meetings for link in meeting]
    who = [int(link.removeprefix("/r/").split(".")[0]) for link in links]
    async with AsyncExitStack() as stack:
        ours: list[CrowdPage] = []
        floor: list[CrowdPage] = []
        for wanted in PAGES:
            for number in range(len(ours), wanted):
                first = number // A_CONFERENCE * A_CONFERENCE
                others = [party for party in who[first : first + A_CONFERENCE] if party != who[number]]
                address = f"{server.url.replace('http', 'ws')}{links[number].replace('/r/', '/ws/reunion/')}"
                ours.append(CrowdPage(address, number, others))
                floor.append(CrowdPage(f"ws://127.0.0.1:{port}/", number, others))
            entering = await _enter(stack, ours)
            await _enter(stack, floor)
            await asyncio.sleep(SETTLE_SECONDS)
            made.append(await _web_figure(ours, server.process.pid, floor, bare.pid, entering))
    return made


async def _enter(stack: AsyncExitStack, pages: Sequence[CrowdPage]) -> list[float]:
    """Let those who are not in enter, some at once; return how many milliseconds each took."""
    coming = [page for page in pages if page.socket is None]
    took: list[float] = []

    async def come(page: CrowdPage) -> None:
        began = time.perf_counter()
        stack.push_async_callback(page.leave)
        await page.enter()
        took.append((time.perf_counter() - began) * 1000)

    for first in range(0, len(coming), AT_ONCE):
        await asyncio.gather(*(come(page) for page in coming[first : first + AT_ONCE]))
    return took


async def _web_figure(
    ours: Sequence[CrowdPage], pid: int, floor: Sequence[CrowdPage], floor_pid: int, entering: Sequence[float]
) -> Figure:
    for page in [*ours, *floor]:
        page.beats_ms.clear()
        page.told_ms.clear()
    began, spent, floor_spent = time.monotonic(), seconds_of(pid), seconds_of(floor_pid)
    for second in range(MEASURE_SECONDS):
        await asyncio.sleep(1)
        await asyncio.gather(*(page.line() for page in ours[second :: MEASURE_SECONDS * A_CONFERENCE]))
    passed = time.monotonic() - began
    core, floor_core = (
        (after - before) / passed * 100
        for before, after in ((spent, seconds_of(pid)), (floor_spent, seconds_of(floor_pid)))
    )
    answers, floor_answers, told = (
        sorted(ms for page in pages for ms in getattr(page, kind))
        for pages, kind in ((ours, "beats_ms"), (floor, "beats_ms"), (ours, "told_ms"))
    )
    p95 = answers[int(len(answers) * 0.95)]
    refused = [code for page in ours for code in page.refused]
    return Figure(
        bench="scale",
        case=f"web process, {len(ours)} pages in, answer to a beat",
        median=statistics.median(answers),
        p95=p95,
        unit="ms",
        floor=statistics.median(floor_answers),
        goal=WEB_GOAL,
        faults=len(refused)
        + int(core > MOST_OF_A_CORE / 2)
        + int(p95 > SLOWEST_MS)
        + int(len(answers) < len(ours) * 2),
        notes={
            "core": round(core, 1),
            "core_floor": round(floor_core, 1),
            "line_ms": round(statistics.median(told), 1),
            "entry_ms": round(statistics.median(entering), 1),
            "answers": len(answers),
        },
    )
