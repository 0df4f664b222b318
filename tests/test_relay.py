"""Two sites whose networks let nothing through but the relay still see and hear each other."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, WebSocketRoute

from maillage.config.private_server import private_server
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
