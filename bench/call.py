"""From the press on « Entrer » to the first image of another site, beside a bare call in the same browser: two pages
linked directly, then a fourth one that joins three in a room of the same Janus.

Both are measured in alternation, devices ready beforehand as they are for a person who reads the page, by the same
probe: the first remote frame that the browser presents.
"""

import contextlib
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.bridged import Bridged, bridged
from bench.harness import Figure, Timing, is_wanted
from maillage.config.private_server import private_server
from maillage.config.rehearsal.browsers import FLAGS, chromium_path
from tests.meetings import enter, make_meetings
from tooling.media import PrivateJanus

RUNS = 12
GOAL, GOAL_OF_FOUR = "ratio <= 1.3", "ratio <= 1.5"
TWO, FOUR = "2 sites, click to first remote frame", "4 sites, click to first remote frame"
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


def _fourth_of_ours(window: BrowserContext, link: str) -> float:
    coming = window.new_page()
    coming.goto(link)
    coming.wait_for_function("document.querySelector('#self-door').videoWidth > 0")
    coming.wait_for_timeout(SETTLED)
    taken = _measured(coming, lambda: coming.click("#enter"))
    coming.click("[data-act=leave]")
    coming.wait_for_url("**/apres")
    coming.close()
    return taken


def _fourth_bare(world: Bridged, window: BrowserContext, first: PrivateJanus) -> float:
    (coming,) = world.bare_pages(window, (3,), first=first)
    coming.wait_for_timeout(SETTLED)
    taken = _measured(coming, lambda: coming.click("button"))
    coming.evaluate("window.floor.leave()")
    coming.close()
    return taken


def _four() -> tuple[list[float], list[float]]:
    """Return the times of a fourth site of ours and of a fourth bare page, in turn, three others being in."""
    probe = (HERE / "call_probe.js").read_text()
    with bridged() as world, world.window(probe) as ours, world.window(probe) as bare:
        links = world.links(4)
        for page in world.sites(ours, links[:3]):
            page.wait_for_selector("html[data-way=bridge]")
        used = world.in_use()
        for page in world.bare_pages(bare, (0, 1, 2), first=used):
            page.click("button")
        times: tuple[list[float], list[float]] = ([], [])
        for _run in range(RUNS):
            times[0].append(_fourth_of_ours(ours, links[3]))
            times[1].append(_fourth_bare(world, bare, used))
        return times


def _two() -> tuple[list[float], list[float]]:
    with private_server(door_opens_minutes="30") as server, sync_playwright() as playwright:
        server.start()
        links = make_meetings(server, 1)[0]
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*FLAGS])
        times = _alternated(browser, server.url, links)
        browser.close()
        return times


def _figure(case: str, times: tuple[list[float], list[float]], goal: str) -> Figure:
    ours, floor = times
    return Figure(
        bench="call",
        case=case,
        median=statistics.median(ours),
        p95=Timing(ours, sum(ours) / 1000).p95,
        unit="ms",
        floor=statistics.median(floor),
        goal=goal,
        notes={"floor_p95": round(Timing(floor, sum(floor) / 1000).p95, 2), "runs": len(ours)},
    )


def figures() -> Iterator[Figure]:
    """Give the figure of two sites, linked directly, and of four, through the bridge."""
    if is_wanted(TWO):
        yield _figure(TWO, _two(), GOAL)
    if is_wanted(FOUR):
        yield _figure(FOUR, _four(), GOAL_OF_FOUR)
