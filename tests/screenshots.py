"""The pages as PNG into docs/screens/, in French, with real Breton names: `make screenshots`.

Each page at 1280, 768 and 320 px in the light, and at 1280 px in the dark. Looked at by whoever changes a page.
"""

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

from maillage.config.private_server import PrivateServer, private_server
from maillage.config.rehearsal.browsers import FLAGS, chromium_path
from tests.pages import SEARCH

ROOT = Path(__file__).resolve().parent.parent
SCREENS = ROOT / "docs" / "screens"
SIZES = ((1280, "light"), (768, "light"), (320, "light"), (1280, "dark"))
MOST_HEIGHT = 1800
PAGES = {
    "home": "/",
    "proposals": SEARCH,
    "points": "/points",
    "point": "/points/mairie-d-ouessant",
    "figures": "/chiffres/avant",
    "mailbox": "/demo/courrier",
    "screen-of-a-room": "/station",
    "refusal": "/nulle-part",
}


def book(page: Page) -> Iterator[tuple[str, str]]:
    """Book as a visitor does; give the address of each page on the way, with its name."""
    page.goto(SEARCH)
    page.click("#slot-list [data-role=proposal] [type=submit] >> nth=0")
    page.wait_for_selector("[data-role=confirm]")
    yield "form", page.url
    page.fill("[name=name]", "Anne Le Goff")
    page.fill("[name=email]", "anne.legoff@example.org")
    page.select_option("[name=category]", "association")
    page.click("[data-role=confirm] [type=submit]")
    page.wait_for_selector("[data-role=party-link]")
    yield "my-meeting", page.url
    door = page.locator("[data-role=party-link]").first.get_attribute("href")
    yield "door", str(door)


def take(browser: Browser, server: PrivateServer, name: str, address: str) -> None:
    """Write one page at every size."""
    for width, scheme in SIZES:
        page = browser.new_page(
            viewport={"width": width, "height": 900 if width > 320 else 640},
            locale="fr-FR",
            timezone_id="Europe/Paris",
            base_url=server.url,
            reduced_motion="reduce",
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page.goto(address, wait_until="networkidle")
        page.evaluate("scrollTo(0, document.body.scrollHeight)")  # what is drawn only when it comes into view
        page.wait_for_timeout(600)
        page.evaluate("scrollTo(0, 0)")
        height = min(MOST_HEIGHT, page.evaluate("document.documentElement.scrollHeight"))
        clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": height}
        page.screenshot(path=SCREENS / f"{name}-{width}-{scheme}.png", full_page=True, clip=clip)
        page.close()
        print(f"{name} {width} {scheme}", file=sys.stderr)


def main() -> None:
    """Start a demonstration of its own, walk through it, and write what is seen."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    with private_server(network_file=str(ROOT / "demo" / "bretagne.toml")) as server, sync_playwright() as playwright:
        server.run("demo", "--load-only", "--data", str(ROOT / "demo"))
        server.start()
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*FLAGS])
        visitor = browser.new_page(locale="fr-FR", timezone_id="Europe/Paris", base_url=server.url)
        for name, address in chain(PAGES.items(), book(visitor)):  # each before the next: a form goes once sent
            take(browser, server, name, address)
        browser.close()


if __name__ == "__main__":
    main()
