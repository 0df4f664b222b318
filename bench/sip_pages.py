"""A terminal that calls two browsers who talk directly: they go to the bridge, then hear it and see it."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from maillage.config.rehearsal.browsers import frames_decoded, until
from tests.callers import House, network
from tests.meetings import enter, make_meetings, site
from tooling import media

PROBE = Path(__file__).with_name("sip_probe.js")
TONES = (660, 880)
Times = dict[str, float]


def calls(codec: str, runs: int, floor: Callable[[media.PrivateJanus], Times]) -> Iterator[tuple[Times, Times]]:
    """Yield the ms from each call to the first sound and the first image, at the slower of two browsers.

    With each, what `floor` measured just before on the same bridge.
    """
    with ExitStack() as stack:
        house = stack.enter_context(network(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        playwright = stack.enter_context(sync_playwright())
        (links,) = make_meetings(house.server, 1)
        parties = [int(link.removeprefix("/r/").split(".")[0]) for link in links]
        sites = [stack.enter_context(site(playwright, house.server, hertz)) for hertz in TONES]
        contexts = [stack.enter_context(one.context()) for one in sites]
        for context in contexts:
            context.add_init_script(path=PROBE)
        pages = [enter(context.new_page(), link) for context, link in zip(contexts, links, strict=True)]
        if not until(lambda: all(frames_decoded(page) > 20 for page in pages), seconds=60):
            raise AssertionError("the two sites do not see each other")
        code = house.code_of(parties[0])
        terminal = stack.enter_context(media.terminal(audio=codec))
        for _run in range(runs):
            bare = floor(house.bridge)
            yield _call(house, pages, parties, terminal, code), bare


def _call(house: House, pages: list[Page], parties: list[int], terminal: media.PrivateTerminal, code: str) -> Times:
    for page in pages:
        page.evaluate(f"window.watchCaller({parties})")
    began = time.time() * 1000
    house.dial(terminal, code)
    complete = "Boolean(window.callerTimes.sound && window.callerTimes.image)"
    if not until(lambda: all(page.evaluate(complete) for page in pages), seconds=30):
        raise AssertionError("the terminal is not heard and seen by both")
    told = [page.evaluate("window.callerTimes") for page in pages]
    terminal.command("hangup")
    alone = "document.documentElement.dataset.way === 'p2p'"
    if not until(lambda: all(page.evaluate(alone) for page in pages), seconds=60):
        raise AssertionError("the two sites are not linked directly again")
    return {kind: max(float(times[kind]) for times in told) - began for kind in ("sound", "image")}
