"""Meetings on a private server, and sites that come to them."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from maillage.config.private_server import PrivateServer
from maillage.config.rehearsal.browsers import FLAGS, PROBE, chromium_path
from maillage.config.rehearsal.tone import write_tone

SCRIPT = "\n".join(path.read_text() for path in (PROBE, Path(__file__).with_name("meeting_probe.js")))
_MAKE = """
import json
from datetime import timedelta
from django.utils import timezone
from maillage.conference.tests.factories import make_meeting, parties_of, token_of
now = timezone.now()
now = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
start = now + timedelta(hours={hours})
made = [make_meeting(start=start, names={names}) for _ in range({count})]
print(json.dumps([[token_of(party, until=start + timedelta(days=30)) for party in parties_of(one)] for one in made]))
"""


def make_meetings(
    server: PrivateServer, count: int, *, names: tuple[str, ...] = ("Callac", "Rennes"), hours: int = 0
) -> list[list[str]]:
    """Make `count` meetings that start `hours` from the present quarter; return the parties' paths of each."""
    printed = server.run("shell", "-v", "0", "-c", _MAKE.format(count=count, names=names, hours=hours))
    return [[f"/r/{token}" for token in tokens] for tokens in json.loads(printed.strip().splitlines()[-1])]


@dataclass
class Site:
    """One simulated site: a browser whose microphone hears a steady tone of `hertz`."""

    browser: Browser
    hertz: int
    url: str

    @contextlib.contextmanager
    def context(self, **options: object) -> Iterator[BrowserContext]:
        """Give a visitor of this site, who speaks French."""
        opened = self.browser.new_context(
            locale="fr-FR",
            timezone_id="Europe/Paris",
            base_url=self.url,
            **options,  # type: ignore[arg-type]
        )
        opened.set_default_timeout(15_000)
        opened.add_init_script(script=SCRIPT)
        try:
            yield opened
        finally:
            opened.close()


@contextlib.contextmanager
def site(playwright: Playwright, server: PrivateServer, hertz: int) -> Iterator[Site]:
    """Give a site whose camera shows Chromium's test picture and whose microphone hears `hertz`."""
    tone = write_tone(server.data / f"tone-{hertz}.wav", hertz)
    flags = [*FLAGS, f"--use-file-for-fake-audio-capture={tone}", "--auto-select-desktop-capture-source=Entire screen"]
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
    try:
        yield Site(browser, hertz, server.url)
    finally:
        browser.close()


def enter(page: Page, path: str) -> Page:
    """Open a party's link and enter."""
    page.goto(path)
    page.click("#enter")
    page.wait_for_selector("html[data-phase=in]")
    return page
