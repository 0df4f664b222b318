"""A house with two bridges and its sites, and bare pages on the same bridges: what the benchmarks of calls start from.

All pages are of one browser, with a light film for a camera: what is timed is the way, not the picture.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from maillage.conference.domain.janus_requests import RoomPlan
from maillage.conference.gateways.tokens import door_token, room_token
from maillage.conference.tests.bridge.conftest import bridge_of
from maillage.config.private_server import PrivateServer, private_server
from maillage.config.rehearsal.browsers import FLAGS, chromium_path
from maillage.config.rehearsal.tone import write_tone
from tests.meetings import SCRIPT, enter, make_meetings, write_picture
from tooling.media import PrivateJanus, bridges_file, janus

HERE = Path(__file__).parent
BARE = "bare"
NAMES = ("Callac", "Rennes", "Houat", "Brest")
IN_USE = "from maillage.conference.models import BridgeRoom; print(BridgeRoom.objects.latest('pk').server)"


@dataclass
class Bridged:
    """The house, its bridges, and the browser of every page."""

    house: PrivateServer
    bridges: list[PrivateJanus]
    browser: Browser

    @contextlib.contextmanager
    def window(self, *scripts: str) -> Iterator[BrowserContext]:
        """Give a window of its own, with the probe and `scripts`."""
        opened = self.browser.new_context(locale="fr-FR", base_url=self.house.url, bypass_csp=True)
        opened.set_default_timeout(30_000)
        for script in (SCRIPT, *scripts):
            opened.add_init_script(script=script)
        yield opened
        opened.close()

    def links(self, count: int) -> list[str]:
        """Make a meeting of `count` sites; return their paths."""
        return make_meetings(self.house, 1, names=NAMES[:count])[0]

    def sites(self, window: BrowserContext, links: Sequence[str]) -> list[Page]:
        """Bring a site in for each of `links`."""
        return [enter(window.new_page(), link) for link in links]

    def in_use(self) -> PrivateJanus:
        """Return the bridge that carries the last meeting."""
        name = self.house.run("shell", "-v", "0", "-c", IN_USE).strip()
        return next(one for one in self.bridges if one.place.name == name)

    @staticmethod
    def open_bare_room(server: PrivateJanus) -> None:
        """Make the room of the bare pages on one bridge: one that was killed has forgotten it."""
        bridge_of(server).open_room(RoomPlan(BARE))

    def bare_pages(self, window: BrowserContext, numbers: Sequence[int], *, first: PrivateJanus) -> list[Page]:
        """Open bare pages that are ready to call, on `first` and then on the others: those of `numbers` in the room."""
        servers = [first, *(one for one in self.bridges if one is not first)]
        for one in servers:
            self.open_bare_room(one)
        until = timezone.now() + timedelta(hours=1)
        plan = {
            "room": BARE,
            "parties": {f"bare{number}": number + 1 for number in range(len(NAMES))},
            "servers": [
                {
                    "url": one.client_url,
                    "door": door_token(one.place.token_secret, until),
                    "room": room_token(one.place.token_secret, until, BARE),
                }
                for one in servers
            ],
        }
        pages = [window.new_page() for _number in numbers]
        for number, page in zip(numbers, pages, strict=True):
            page.goto("/sante")
            page.add_script_tag(path=HERE / "janus_floor.js")
            page.evaluate("plan => window.floor.ready(plan)", plan | {"name": f"bare{number}"})
        return pages


@contextlib.contextmanager
def bridged() -> Iterator[Bridged]:
    """Start all of it; stop it at the end."""
    with contextlib.ExitStack() as stack:
        bridges = [stack.enter_context(janus(f"bridge-{number}")) for number in (1, 2)]
        folder = bridges[0].folder
        described = bridges_file(folder, bridges)
        house = stack.enter_context(private_server(door_opens_minutes="30", bridges_file=str(described)))
        house.start()
        playwright = stack.enter_context(sync_playwright())
        tone = write_tone(house.data / "tone.wav", 440)
        film = write_picture(house.data / "picture.y4m", 320, 180)
        flags = [*FLAGS, f"--use-file-for-fake-audio-capture={tone}", f"--use-file-for-fake-video-capture={film}"]
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
        stack.callback(browser.close)
        yield Bridged(house, bridges, browser)


def follow(page: Page, party: int) -> None:
    """Listen to a tile of `page` without a break from now."""
    page.evaluate(f"window.rehearsal.follow({party})")


def silence(page: Page) -> float:
    """Return the longest gap heard since it was last asked, in milliseconds."""
    return float(page.evaluate("window.rehearsal.silence()"))


def parties(links: Sequence[str]) -> list[int]:
    """Return the party of each link."""
    return [int(link.removeprefix("/r/").split(".")[0]) for link in links]
