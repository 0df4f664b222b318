"""Two simulated sites: Chromium with a fake camera and a tone for a voice."""

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Page, Playwright

from maillage.config.rehearsal.tone import write_tone

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
)
PROBE = Path(__file__).with_name("probe.js")


class BrowserMissing(Exception):
    """There is no Chromium to simulate the sites with."""


def chromium_path() -> str:
    """Return where Chromium is. Raises BrowserMissing, with what to install."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        raise BrowserMissing("Chromium is missing: sudo apt-get install --no-install-recommends chromium")
    return found


@contextlib.contextmanager
def simulated_site(playwright: Playwright, folder: Path, *, hertz: int, base_url: str) -> Iterator[Page]:
    """Give a page of a browser of its own, whose microphone hears a tone of `hertz`."""
    tone = write_tone(folder / f"tone-{hertz}.wav", hertz)
    flags = [*FLAGS, f"--use-file-for-fake-audio-capture={tone}"]
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
    try:
        context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", base_url=base_url)
        context.set_default_timeout(20_000)
        context.add_init_script(path=PROBE)
        yield context.new_page()
    finally:
        browser.close()


def frames_decoded(page: Page) -> int:
    """Return the frames of the other sites decoded so far."""
    return int(page.evaluate("() => window.rehearsal.frames()"))


def pitch_heard(page: Page) -> float:
    """Return the loudest frequency received, in hertz; 0 for silence."""
    return float(page.evaluate("() => window.rehearsal.pitch()"))


def until(holds: Callable[[], bool], *, seconds: float = 15) -> bool:
    """Tell whether `holds` became true within `seconds`."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if holds():
            return True
        time.sleep(0.2)
    return holds()
