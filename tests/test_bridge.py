"""A meeting of two sites in real browsers that a third one joins: from direct lines to the bridge."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from maillage.config.private_server import PrivateServer, private_server
from maillage.config.rehearsal.browsers import until
from tests.meetings import Site, enter, make_meetings, site
from tooling.media import PrivateJanus, bridges_file, janus

pytestmark = pytest.mark.browser
TONES = (440, 660, 880)
NAMES = ("Callac", "Rennes", "Houat")
UNNOTICED = 1000
"""Milliseconds: a change of way that is heard as no more than a breath, on a machine that does ten other things."""


@dataclass
class Network:
    """A house, its two bridges, and a browser for each of three sites."""

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
        sites = [stack.enter_context(site(playwright, house, hertz)) for hertz in TONES]
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


def test_the_third_site_takes_two_to_the_bridge_and_their_sound_never_stops(
    network: Network, contexts: list[BrowserContext]
) -> None:
    (links,) = make_meetings(network.house, 1, names=NAMES)
    who = parties(links)
    pages = [enter(contexts[number].new_page(), links[number]) for number in (0, 1)]
    everyone_meets(pages, who[:2])
    assert all_go_by(pages, "p2p")
    pages[0].evaluate(f"window.rehearsal.follow({who[1]})")
    pages[0].wait_for_timeout(500)
    pages[0].evaluate("window.rehearsal.silence()")

    pages.append(enter(contexts[2].new_page(), links[2]))
    assert all_go_by(pages, "bridge")
    everyone_meets(pages, who)
    assert pages[0].evaluate("window.rehearsal.silence()") < UNNOTICED
