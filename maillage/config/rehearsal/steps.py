"""The steps of a rehearsal, each with its time. The first that fails ends it."""

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, sync_playwright

from maillage.config.private_server import PrivateServer, ServerFailed, private_server
from maillage.config.rehearsal.browsers import BrowserMissing, frames_decoded, pitch_heard, simulated_site, until

TONES = (440, 880)


class StepFailed(Exception):
    """What should have happened did not."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One step: what it was, whether it held, how long it took in seconds, and what was seen."""

    step: str
    ok: bool
    seconds: float
    seen: str


@dataclass
class Rehearsal:
    """The scene: the server, the two sites' pages, and what earlier steps found."""

    server: PrivateServer
    pages: list[Page] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def serve(self) -> str:
        """Start Maillage on a network of two points."""
        self.server.run("rehearse", "--prepare")
        self.server.start()
        return self.server.url

    def search(self) -> str:
        """Find a common slot, as a visitor would."""
        page = self.pages[0]
        page.goto("/")
        page.fill("[name=place_1]", "Callac")
        page.fill("[name=people_1]", "3")
        page.fill("[name=place_2]", "Rennes")
        page.fill("[name=people_2]", "2")
        page.press("[name=place_2]", "Escape")
        page.click("#find-slot")
        page.wait_for_selector("#slot-list [data-role=proposal]")
        return f"{page.locator('#slot-list [data-role=proposal]').count()} proposals"

    def book(self) -> str:
        """Take the best slot and fill the form in."""
        page = self.pages[0]
        page.click("#slot-list [data-role=proposal] [type=submit] >> nth=0")
        page.fill("[name=name]", "Répétition")
        page.fill("[name=email]", "repetition@maillage.invalid")
        page.select_option("[name=category]", "association")
        page.select_option("[name=travel_mode]", "car-alone")
        page.click("[data-role=confirm] [type=submit]")
        page.wait_for_selector("[data-role=party-link]")
        links = page.locator("[data-role=party-link]")
        self.links = [str(links.nth(index).get_attribute("href")) for index in range(links.count())]
        if len(self.links) != len(TONES):
            raise StepFailed(f"{len(self.links)} links for {len(TONES)} parties")
        return "both rooms booked in one act"

    def join(self) -> str:
        """Enter from both sites."""
        for page, link in zip(self.pages, self.links, strict=True):
            page.goto(link)
            page.click("[data-role=enter]")
        return "both entered"

    def see(self) -> str:
        """Check that each site decodes the other's image."""
        for number, page in enumerate(self.pages, start=1):
            if not until(lambda page=page: frames_decoded(page) > 10):  # type: ignore[misc]
                raise StepFailed(f"site {number} sees no image")
        return " and ".join(f"{frames_decoded(page)} frames" for page in self.pages)

    def hear(self) -> str:
        """Check that each site hears the other's tone."""
        heard = []
        for page, tone in zip(self.pages, reversed(TONES), strict=True):
            if not until(lambda page=page, tone=tone: abs(pitch_heard(page) - tone) < 15):  # type: ignore[misc]
                raise StepFailed(f"a site hears {pitch_heard(page):.0f} Hz in place of {tone} Hz")
            heard.append(f"{tone} Hz")
        return " and ".join(heard)

    def end(self) -> str:
        """End the meeting for everybody."""
        page = self.pages[0]
        page.click("[data-role=end]")
        page.click("[data-role=end-confirm]")
        self.pages[1].wait_for_selector("[data-role=ended]")
        return "ended on both sites"

    def count(self) -> str:
        """Check that the use is counted by itself."""
        if not until(lambda: self._uses() == 1):
            raise StepFailed(f"{self._uses()} uses counted in place of 1")
        return "1 use counted"

    def _uses(self) -> int:
        with urllib.request.urlopen(f"{self.server.url}/api/v1/uses", timeout=10) as answer:  # noqa: S310  (our own)
            return int(json.load(answer)["uses"])


def rehearse() -> Iterator[Outcome]:
    """Give each step's outcome as it ends; nothing is left running or written after the last."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(private_server())
        except ServerFailed as failure:
            yield Outcome("prepare", ok=False, seconds=0, seen=str(failure))
            return
        scene = Rehearsal(server)
        yield (served := _timed("serve", scene.serve))
        if not served.ok:
            return
        yield (opened := _timed("open two browsers", lambda: _open_sites(stack, scene)))
        if not opened.ok:
            return
        steps = (scene.search, scene.book, scene.join, scene.see, scene.hear, scene.end, scene.count)
        for step in steps:
            outcome = _timed(step.__name__, step)
            yield outcome
            if not outcome.ok:
                return


def _open_sites(stack: ExitStack, scene: Rehearsal) -> str:
    playwright = stack.enter_context(sync_playwright())
    for hertz in TONES:
        site = simulated_site(playwright, scene.server.data, hertz=hertz, base_url=scene.server.url)
        scene.pages.append(stack.enter_context(site))
    return "simulated camera and voice"


def _timed(name: str, act: Callable[[], str]) -> Outcome:
    started = time.monotonic()
    try:
        seen, ok = act(), True
    except (StepFailed, ServerFailed, BrowserMissing, BrowserError, OSError) as failure:
        seen, ok = f"{type(failure).__name__}: {failure}", False
    return Outcome(name, ok, round(time.monotonic() - started, 2), seen)
