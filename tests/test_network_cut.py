"""A call whose packets are really dropped, 4 and 12 seconds long, comes back by itself with its sound."""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, Playwright

from maillage.config.private_server import PrivateServer, private_server
from maillage.config.rehearsal.browsers import frames_decoded, pitch_heard, until
from tests.meetings import Site, enter, make_meetings, site

pytestmark = pytest.mark.browser
TONES = (440, 880)


@pytest.fixture(scope="module")
def house() -> Iterator[PrivateServer]:
    with private_server(door_opens_minutes="30") as running:
        running.start()
        yield running


@pytest.fixture(scope="module")
def sites(playwright: Playwright, house: PrivateServer) -> Iterator[list[Site]]:
    with ExitStack() as stack:
        yield [stack.enter_context(site(playwright, house, hertz)) for hertz in TONES]


@pytest.fixture(scope="module")
def meetings(house: PrivateServer) -> Iterator[list[str]]:
    return iter(make_meetings(house, 2))


@pytest.fixture
def pages(sites: list[Site], meetings: Iterator[list[str]]) -> Iterator[list[Page]]:
    """Two sites in a meeting that see each other."""
    links = next(meetings)
    with ExitStack() as stack:
        contexts = [stack.enter_context(one.context()) for one in sites]
        opened = [enter(context.new_page(), link) for context, link in zip(contexts, links, strict=True)]
        assert until(lambda: all(frames_decoded(page) > 5 for page in opened))
        yield opened


@contextlib.contextmanager
def cut_off() -> Iterator[None]:
    """Drop each packet of any call as it arrives; dropped on its way out, the sender would notice."""
    rule = ["INPUT", "-p", "udp", "--dport", "32768:65535", "-j", "DROP"]
    for tables in ("iptables", "ip6tables"):
        subprocess.run([tables, "-A", *rule], check=True)
    try:
        yield
    finally:
        for tables in ("iptables", "ip6tables"):
            subprocess.run([tables, "-D", *rule], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may drop packets: sudo make browser")
@pytest.mark.parametrize("seconds", [4, 12])
def test_sound_and_image_come_back_by_themselves(pages: list[Page], seconds: int) -> None:
    with cut_off():
        pages[0].wait_for_timeout(seconds * 1000)
        stood = [frames_decoded(page) for page in pages]
        pages[0].wait_for_timeout(500)
        assert [frames_decoded(page) for page in pages] == stood, "the cut cuts nothing"
    restored = time.monotonic()
    for page, tone in zip(pages, reversed(TONES), strict=True):
        assert until(lambda page=page, tone=tone: abs(pitch_heard(page) - tone) < 15, seconds=20)  # type: ignore[misc]
    print(f"sound back {time.monotonic() - restored:.1f} s after a cut of {seconds} s")
    for page, before in zip(pages, stood, strict=True):
        assert until(lambda page=page, before=before: frames_decoded(page) > before + 10, seconds=20)  # type: ignore[misc]
