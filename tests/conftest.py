"""A real server, a real browser: what every journey starts from."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, Route

from maillage.config.private_server import PrivateServer, private_server
from maillage.config.rehearsal.browsers import FLAGS, chromium_path

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def server() -> Iterator[PrivateServer]:
    """The demonstration network, served by `maillage serve` on a port of its own."""
    with private_server(network_file=str(ROOT / "demo" / "bretagne.toml")) as running:
        running.run("demo", "--load-only", "--data", str(ROOT / "demo"))
        running.start()
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, with a fake camera and microphone."""
    running = playwright.chromium.launch(executable_path=chromium_path(), args=[*FLAGS])
    yield running
    running.close()


@pytest.fixture
def context(browser: Browser, server: PrivateServer) -> Iterator[BrowserContext]:
    """A visitor who speaks French, whose browser may talk to nobody but our server."""
    strangers: list[str] = []

    def refuse(route: Route) -> None:
        if route.request.url.startswith((server.url, "data:", "blob:")):
            route.continue_()
        else:
            strangers.append(route.request.url)
            route.abort()

    opened = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", base_url=server.url)
    opened.route("**/*", refuse)
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()
    assert not strangers, f"the pages asked elsewhere: {strangers}"


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose script errors fail the test."""
    errors: list[Error] = []
    opened = context.new_page()

    def note(error: Error) -> None:  # Playwright cannot hold a built-in method such as errors.append
        errors.append(error)

    opened.on("pageerror", note)
    yield opened
    assert not errors, f"script errors: {errors}"
