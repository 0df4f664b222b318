"""From the touch on a room's screen to the other's voice, beside a bare WebRTC call in the same browser.

Our time holds all that the room needs and nobody does by hand: the page of the meeting opens, camera and microphone are
asked for, the screen goes in, the line opens. The floor's two pages are open and their devices ready beforehand.
"""

import contextlib
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.harness import Figure, Timing
from maillage.config.private_server import PrivateServer, private_server
from maillage.config.rehearsal.browsers import FLAGS, chromium_path
from maillage.config.rehearsal.tone import write_tone
from tests.meetings import enter
from tests.stations import LinkedRoom, make_linked_rooms

RUNS = 8
GOAL = "ratio <= 6"
LONGEST_MS = 4000
"""What a person bears after a touch without touching again."""
HERE = Path(__file__).parent


def _measured(page: Page, touch: Callable[[], None]) -> float:
    """Return the milliseconds from `touch` to the other's voice."""
    touch()
    page.wait_for_function("window.bench && window.bench.soundAt > 0", timeout=30_000)
    return float(page.evaluate("window.bench.soundAt - window.bench.touchedAt()"))


@contextlib.contextmanager
def _window(browser: Browser, url: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=url, bypass_csp=True)
    context.add_init_script(path=HERE / "station_probe.js")
    yield context
    context.close()


def _our_room(browser: Browser, server: PrivateServer, room: LinkedRoom) -> float:
    with _window(browser, server.url) as far, _window(browser, server.url) as here:
        enter(far.new_page(), room.other)
        screen = room.lend_key(here, server)
        screen.goto("/station")
        screen.wait_for_selector("[data-kind=door]")
        return _measured(screen, lambda: screen.locator("[data-part=door]").click())


def _bare_call(browser: Browser, url: str) -> float:
    with _window(browser, url) as window:
        pages = window.new_page(), window.new_page()
        for page in pages:
            page.goto("/sante")
            page.add_script_tag(path=HERE / "call_floor.js")
            page.evaluate("window.floor.ready()")
        return _measured(pages[1], lambda: pages[1].locator("button").click())


def figures() -> Iterator[Figure]:
    """Give the one figure of a room whose people come, the other side being there."""
    with private_server(door_opens_minutes="30") as server, sync_playwright() as playwright:
        server.start()
        rooms = make_linked_rooms(server, RUNS)
        tone = write_tone(server.data / "tone.wav", 440)
        flags = [*FLAGS, f"--use-file-for-fake-audio-capture={tone}"]
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
        pairs = [(_our_room(browser, server, room), _bare_call(browser, server.url)) for room in rooms]
        browser.close()
    ours, floor = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    median = statistics.median(ours)
    yield Figure(
        bench="station",
        case="one touch to the other's voice",
        median=median,
        p95=Timing(ours, sum(ours) / 1000).p95,
        unit="ms",
        floor=statistics.median(floor),
        goal=GOAL,
        faults=int(median > LONGEST_MS),
        notes={"most": LONGEST_MS, "runs": RUNS},
    )
