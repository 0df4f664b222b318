"""From the press on « Entrer » to the first image of the other site, beside a bare WebRTC call in the same browser.

Both are measured in alternation, devices ready beforehand as they are for a person who reads the page, by the same
probe: the first remote frame that the browser presents.
"""

import contextlib
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.harness import Figure, Timing
from maillage.config.private_server import private_server
from maillage.config.rehearsal.browsers import FLAGS, chromium_path
from tests.meetings import enter, make_meetings

RUNS = 12
GOAL = "ratio <= 1.3"
SETTLED = 1500
HERE = Path(__file__).parent


def _measured(page: Page, press: Callable[[], None]) -> float:
    """Return the milliseconds from `press` to the first remote frame."""
    press()
    page.wait_for_function("window.bench.frameAt > 0", timeout=20_000)
    return float(page.evaluate("window.bench.frameAt - window.bench.clickedAt"))


def _our_call(context: BrowserContext, links: list[str]) -> float:
    waiting, coming = enter(context.new_page(), links[0]), context.new_page()
    coming.goto(links[1])
    coming.wait_for_function("document.querySelector('#self-door').videoWidth > 0")
    coming.wait_for_timeout(SETTLED)
    taken = _measured(coming, lambda: coming.click("#enter"))
    for page in (coming, waiting):
        page.click("[data-act=leave]")
        page.wait_for_url("**/apres")
    return taken


def _bare_call(context: BrowserContext, url: str) -> float:
    pages = context.new_page(), context.new_page()
    for page in pages:
        page.goto(url)
        page.add_script_tag(path=HERE / "call_floor.js")
        page.evaluate("window.floor.ready()")
    pages[1].wait_for_timeout(SETTLED)
    return _measured(pages[1], lambda: pages[1].click("button"))


@contextlib.contextmanager
def _window(browser: Browser, url: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=url, bypass_csp=True)
    context.add_init_script(path=HERE / "call_probe.js")
    yield context
    context.close()


def _alternated(browser: Browser, url: str, links: list[str]) -> tuple[list[float], list[float]]:
    """Return our times and the floor's, one of each in turn, each in a window of its own."""
    ours: list[float] = []
    floor: list[float] = []
    for _run in range(RUNS):
        with _window(browser, url) as window:
            ours.append(_our_call(window, links))
        with _window(browser, url) as window:
            floor.append(_bare_call(window, f"{url}/sante"))
    return ours, floor


def figures() -> Iterator[Figure]:
    """Give the one figure of two sites."""
    with private_server(door_opens_minutes="30") as server, sync_playwright() as playwright:
        server.start()
        links = make_meetings(server, 1)[0]
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*FLAGS])
        ours, floor = _alternated(browser, server.url, links)
        browser.close()
    yield Figure(
        bench="call",
        case="2 sites, click to first remote frame",
        median=statistics.median(ours),
        p95=Timing(ours, sum(ours) / 1000).p95,
        unit="ms",
        floor=statistics.median(floor),
        goal=GOAL,
        notes={"floor_p95": round(Timing(floor, sum(floor) / 1000).p95, 2), "runs": RUNS},
    )
