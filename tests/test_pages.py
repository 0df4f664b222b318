"""What every page owes its visitors: no barrier, no sideways scroll, no weight, no stranger."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from maillage.config.private_server import PrivateServer
from tests.pages import KILOBYTE, PAGES, VisitedPage

pytestmark = pytest.mark.browser
every_page = pytest.mark.parametrize("visited", PAGES, ids=lambda visited: visited.name)


@pytest.fixture
def weighed(context: BrowserContext) -> Iterator[tuple[Page, list[int]]]:
    """A page and the bytes it received, as they came over the wire."""
    opened = context.new_page()
    received: list[int] = []
    session = context.new_cdp_session(opened)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    yield opened, received
    session.detach()


def violations(page: Page) -> list[str]:
    """Return what axe finds, one line each: rule, help and the first element."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {rule['help']}: {rule['nodes'][0]['target']}" for rule in found]


@every_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, visited: VisitedPage, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(visited.path, wait_until="networkidle")
    assert violations(page) == []


@every_page
@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_is_wider_than_a_small_phone(
    page: Page, server: PrivateServer, visited: VisitedPage, language: str
) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": server.url}])
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(visited.path, wait_until="networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@every_page
def test_the_page_is_light(weighed: tuple[Page, list[int]], visited: VisitedPage) -> None:
    page, received = weighed
    page.goto(visited.path, wait_until="networkidle")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # what comes only when it is looked at counts too
    page.wait_for_timeout(500)
    page.wait_for_load_state("networkidle")
    assert sum(received) <= visited.most_kilobytes * KILOBYTE


@every_page
def test_the_first_tab_leads_to_the_content(page: Page, visited: VisitedPage) -> None:
    page.goto(visited.path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    assert page.locator("h1").count() == 1
    assert page.locator("#content").count() == 1
