"""A meeting in real browsers whose sites come and go: direct lines, the bridge, another bridge, direct lines again."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from maillage.conference.tests.bridge.agents import Agent
from maillage.config.private_server import PrivateServer, private_server
from maillage.config.rehearsal.browsers import until
from tests.meetings import Site, enter, make_meetings, site
from tooling.media import PrivateJanus, bridges_file, janus

pytestmark = pytest.mark.browser
TONES = (440, 660, 880, 1100)
NAMES = ("Callac", "Rennes", "Houat", "Brest")
PICTURE = (320, 180)
UNNOTICED = 1000
"""Milliseconds: a change of way that is heard as no more than a breath, on a machine that does ten other things."""
LONGEST_LOSS = 3000
"""Milliseconds without sound after a bridge died; the bench « recovery » holds the median."""
FALSE_TONE = 1500
PLACE = """
import json
from maillage.conference.models import Attendance, BridgeRoom
room = BridgeRoom.objects.latest("pk")
page = Attendance.objects.get(party={party}, left_at=None).page
print(json.dumps([room.server, room.room, page]))
"""
FACTS = """
import json
from maillage.conference.models import Conference, QualitySample
from maillage.core.models import JournalEntry
last = Conference.objects.latest("pk")
ways = JournalEntry.objects.filter(subject=f"conference:{last.pk}").order_by("pk").values_list("verb", flat=True)
heard = QualitySample.objects.filter(attendance__conference=last, audio_level_in__gt=0.01, frames_per_second__gt=0)
pairs = heard.values_list("attendance__party", "remote").distinct()
print(json.dumps({"ways": list(ways), "measured": list(pairs)}))
"""


@dataclass
class Network:
    """A house, its two bridges, and a browser for each of four sites."""

    house: PrivateServer
    bridges: list[PrivateJanus]
    sites: list[Site]


@pytest.fixture(scope="module")
def network(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    folder: Path = tmp_path_factory.mktemp("bridges")
    with ExitStack() as stack:
        bridges = [stack.enter_context(janus(f"bridge-{number}")) for number in (1, 2)]
        described = bridges_file(folder, bridges)
        house = stack.enter_context(private_server(door_opens_minutes="30", bridges_file=str(described)))
        house.start()
        sites = [stack.enter_context(site(playwright, house, hertz, picture=PICTURE)) for hertz in TONES]
        yield Network(house, bridges, sites)


@pytest.fixture
def contexts(network: Network) -> Iterator[list[BrowserContext]]:
    with ExitStack() as stack:
        yield [stack.enter_context(one.context()) for one in network.sites]


def parties(links: list[str]) -> list[int]:
    """Return the party of each link."""
    return [int(link.removeprefix("/r/").split(".")[0]) for link in links]


def hears(page: Page, party: int, hertz: int, *, seconds: float = 15) -> bool:
    return until(lambda: abs(float(page.evaluate(f"window.rehearsal.pitchOf({party})")) - hertz) < 15, seconds=seconds)


def sees(page: Page, party: int) -> bool:
    count = f"window.rehearsal.framesOf({party})"
    before = page.evaluate(count)
    return until(lambda: abs(page.evaluate(count) - before) > 3)  # a picture that changes its way counts from 0 again


def everyone_meets(pages: list[Page], who: list[int]) -> None:
    """Each page hears the tone of each other site and sees its picture move."""
    for here, page in enumerate(pages):
        for there, party in enumerate(who):
            if there != here:
                assert hears(page, party, TONES[there]), f"{NAMES[here]} does not hear {NAMES[there]}"
                assert sees(page, party), f"{NAMES[here]} does not see {NAMES[there]}"


def all_go_by(pages: list[Page], way: str, *, seconds: float = 15) -> bool:
    return until(lambda: {page.locator("html").get_attribute("data-way") for page in pages} == {way}, seconds=seconds)


def kill_bridge_in_use(network: Network) -> None:
    """End the server that carries the last meeting, as a crash would."""
    asked = "from maillage.conference.models import BridgeRoom; print(BridgeRoom.objects.latest('pk').server)"
    name = network.house.run("shell", "-v", "0", "-c", asked).strip()
    next(one for one in network.bridges if one.place.name == name).kill()


def facts_of_last(network: Network) -> dict[str, Any]:
    """Return what was kept of the last meeting: its ways, and which side measured the sound of which."""
    told: dict[str, Any] = json.loads(network.house.run("shell", "-v", "0", "-c", FACTS).strip().splitlines()[-1])
    return told


@contextmanager
def impostors(network: Network, party: int) -> Iterator[None]:
    """Have two changed pages in the room of the last meeting, with good tokens, under names like that of `party`."""
    printed = network.house.run("shell", "-v", "0", "-c", PLACE.format(party=party)).strip().splitlines()[-1]
    server, room, page = json.loads(printed)
    bridge = next(one for one in network.bridges if one.place.name == server)
    came, ends = threading.Event(), threading.Event()

    async def take_part() -> None:
        async with AsyncExitStack() as stack:
            for name in (f"{page}.abc123", f"{page}.{'f' * 32}"):
                await stack.enter_async_context(Agent(bridge, room, name, tone_hz=FALSE_TONE))
            came.set()
            await asyncio.to_thread(ends.wait)

    thread = threading.Thread(target=lambda: asyncio.run(take_part()))
    thread.start()
    try:
        assert came.wait(30), "the changed pages do not come in"
        yield
    finally:
        ends.set()
        thread.join()


def nobody_is_taken_in(pages: list[Page], who: list[int]) -> None:
    """For some seconds each other page hears the second site itself, in its own place."""
    for _time in range(12):
        pages[0].wait_for_timeout(250)
        for page in (pages[0], *pages[2:]):
            assert abs(float(page.evaluate(f"window.rehearsal.pitchOf({who[1]})")) - FALSE_TONE) > 15
    for page in (pages[0], *pages[2:]):
        assert hears(page, who[1], TONES[1])


def shows_its_screen(page: Page, party: int, others: list[Page]) -> None:
    """A screen shown on the bridge is received by the others while it is shown, and again the next time."""
    shown = f'.tile[data-party="{party}"] [data-tile-screen]'
    arrived = "video => video.videoWidth > 0 && video.getVideoPlaybackQuality().totalVideoFrames"
    page.evaluate("window.rehearsal.fakeScreen()")
    for _time in range(2):
        page.get_by_role("button", name="Montrer", exact=True).click()
        page.get_by_role("button", name="Un écran ou une fenêtre").click()
        for other in others:
            screen = other.locator(shown)
            screen.wait_for(state="visible")
            before = screen.evaluate(arrived)
            assert until(lambda: screen.evaluate(arrived) > before + 3), "the shown screen does not move"  # noqa: B023
        page.get_by_role("button", name="Ne plus montrer", exact=True).click()
        for other in others:
            other.locator(shown).wait_for(state="hidden")


def silence(page: Page) -> float:
    """Return the longest gap heard since it was last asked, in milliseconds."""
    return float(page.evaluate("window.rehearsal.silence()"))


def test_sites_come_and_go_the_bridge_dies_and_nobody_is_cut_off(
    network: Network, contexts: list[BrowserContext]
) -> None:
    (links,) = make_meetings(network.house, 1, names=NAMES)
    who = parties(links)
    pages = [enter(contexts[number].new_page(), links[number]) for number in (0, 1)]
    everyone_meets(pages, who[:2])
    assert all_go_by(pages, "p2p")
    pages[0].evaluate(f"window.rehearsal.follow({who[1]})")
    pages[0].wait_for_timeout(500)
    silence(pages[0])

    pages.append(enter(contexts[2].new_page(), links[2]))
    assert all_go_by(pages, "bridge")
    everyone_meets(pages, who[:3])
    assert silence(pages[0]) < UNNOTICED
    shows_its_screen(pages[2], who[2], pages[:2])
    pages.append(enter(contexts[3].new_page(), links[3]))
    everyone_meets(pages, who)
    assert silence(pages[0]) < UNNOTICED
    with impostors(network, who[1]):
        nobody_is_taken_in(pages, who)

    kill_bridge_in_use(network)
    everyone_meets(pages, who)
    assert silence(pages[0]) < LONGEST_LOSS
    assert all_go_by(pages, "bridge")

    for leaving in (pages.pop(), pages.pop()):
        leaving.get_by_role("button", name="Quitter").click()
    assert all_go_by(pages, "p2p", seconds=30)
    everyone_meets(pages, who[:2])
    assert silence(pages[0]) < UNNOTICED
    assert pages[0].locator(".tile").count() == 1
    facts = facts_of_last(network)
    assert facts["ways"] == ["conference.bridged", "conference.moved", "conference.direct"]
    assert {tuple(pair) for pair in facts["measured"]} >= {(a, b) for a in who for b in who if a != b}
