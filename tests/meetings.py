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


def write_picture(path: Path, width: int, height: int, *, per_second: int = 10) -> Path:
    """Write a second of a bar that crosses the picture, as a camera's file (YUV4MPEG2); return `path`."""
    step, grey = width // per_second, bytes([128]) * (width * height // 2)
    with path.open("wb") as film:
        film.write(b"YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420\n" % (width, height, per_second))
        for number in range(per_second):
            row = bytes([60]) * (number * step) + bytes([200]) * step
            film.write(b"FRAME\n" + row.ljust(width, bytes([60])) * height + grey)
    return path


@contextlib.contextmanager
def site(
    playwright: Playwright,
    server: PrivateServer,
    hertz: int,
    *,
    picture: tuple[int, int] | None = None,
    sound: Path | None = None,
) -> Iterator[Site]:
    """Give a site whose microphone hears `hertz` and whose camera shows Chromium's test picture.

    picture: width and height of a film of ten images a second to show instead, light enough for several sites at once.
    sound: a WAV file that the microphone hears instead of the tone, over and over.
    """
    heard = sound or write_tone(server.data / f"tone-{hertz}.wav", hertz)
    flags = [*FLAGS, f"--use-file-for-fake-audio-capture={heard}", "--auto-select-desktop-capture-source=Entire screen"]
    if picture:
        film = write_picture(server.data / f"picture-{hertz}.y4m", *picture)
        flags.append(f"--use-file-for-fake-video-capture={film}")
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
