"""Two sites whose networks let nothing through but the relay still see and hear each other."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, WebSocketRoute, expect

from maillage.config.private_server import PrivateServer, private_server
from maillage.config.rehearsal.browsers import frames_decoded, pitch_heard, until
from tests.meetings import enter, make_meetings, site
from tooling.media import coturn

pytestmark = pytest.mark.browser
TONES = (440, 880)
RELAY_ONLY = """
(() => {
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(settings, ...more) {
      super({ ...settings, iceTransportPolicy: "relay" }, ...more);
    }
  };
})();
"""


def hear_after_entering(context: BrowserContext) -> None:
    """Keep what the server says from the page until its person has pressed the button, as on a slow line."""

    def between(page: WebSocketRoute) -> None:
        server, kept = page.connect_to_server(), list[str | bytes]()
        entered = False

        def said(message: str | bytes) -> None:
            nonlocal entered
            server.send(message)
            if '"type":"enter"' in str(message):
                entered = True
                for one in kept:
                    page.send(one)

        page.on_message(said)
        server.on_message(lambda message: page.send(message) if entered else kept.append(message))

    context.route_web_socket("**/ws/reunion/**", between)


@pytest.fixture
def behind_relay(playwright: Playwright) -> Iterator[tuple[PrivateServer, BrowserContext]]:
    """A network with its relay, and a person without a link at home."""
    with ExitStack() as stack:
        relay = stack.enter_context(coturn())
        server = stack.enter_context(private_server(turn_urls=relay.url, turn_secret=relay.secret))
        server.start()
        yield server, stack.enter_context(stack.enter_context(site(playwright, server, TONES[0])).context())


def spoken_to_echo(page: Page) -> Page:
    page.goto("/essai")
    page.get_by_role("button", name="Commencer").click()
    page.get_by_role("button", name="Parler à l’écho").click()
    return page


def test_the_public_echo_goes_by_the_relay_and_says_when_it_cannot(
    behind_relay: tuple[PrivateServer, BrowserContext],
) -> None:
    _server, home = behind_relay
    page = spoken_to_echo(home.new_page())
    echo = page.locator("[data-gesture=echo]")
    expect(echo.locator("[data-says]")).to_contain_text("votre voix va jusqu’au réseau")
    assert echo.get_attribute("data-path") == "relay"
    assert until(lambda: abs(pitch_heard(page) - TONES[0]) < 15)
    home.route("**/essai/ligne", lambda asked: asked.fulfill(status=429, json={"code": "too-many"}))
    expect(spoken_to_echo(page).locator("[data-gesture=echo] [data-says]")).to_contain_text("Dans dix minutes")
    closed = {"iceServers": [{"urls": ["turn:127.0.0.1:9?transport=udp"], "username": "a", "credential": "b"}]}
    home.unroute("**/essai/ligne")
    home.route("**/essai/ligne", lambda asked: asked.fulfill(json=closed))
    cut = spoken_to_echo(page).locator("[data-gesture=echo]")
    expect(cut.locator("[data-says]")).to_contain_text("notre réseau n’est pas joignable d’ici", timeout=30_000)
    expect(cut).to_have_attribute("data-done", "no")
    page.get_by_role("link", name="Réserver une première réunion avec quelqu’un").click()
    expect(page.get_by_role("checkbox", name="quelqu’un pour nous aider")).to_be_checked()


@pytest.fixture
def pages(playwright: Playwright) -> Iterator[list[Page]]:
    """Two sites whose people are quick, in a meeting, each behind a wall that only the relay crosses."""
    with ExitStack() as stack:
        relay = stack.enter_context(coturn())
        house = private_server(door_opens_minutes="30", turn_urls=relay.url, turn_secret=relay.secret)
        server = stack.enter_context(house)
        server.start()
        (links,) = make_meetings(server, 1)
        opened = []
        for hertz, link in zip(TONES, links, strict=True):
            context = stack.enter_context(stack.enter_context(site(playwright, server, hertz)).context())
            context.add_init_script(RELAY_ONLY)
            hear_after_entering(context)
            opened.append(enter(context.new_page(), link))
        yield opened


def test_the_relay_carries_sound_and_image_with_the_credentials_we_make(pages: list[Page]) -> None:
    for page, tone in zip(pages, reversed(TONES), strict=True):
        assert until(lambda page=page: frames_decoded(page) > 10)  # type: ignore[misc]
        assert until(lambda page=page, tone=tone: abs(pitch_heard(page) - tone) < 15)  # type: ignore[misc]
