"""What one site still hears of another when packets are lost, or when its line is narrow, in a meeting of three sites.

Packets are dropped as they arrive (iptables): dropped on their way out, the sender would notice. Each figure is the
share of the sound that the listener's browser had to make up. Its floor is the share of packets that were dropped; for
a narrow line, one percent. Needs root.
"""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.harness import Figure, is_wanted
from maillage.config.private_server import private_server
from maillage.config.rehearsal.browsers import frames_decoded, until
from tests.meetings import enter, make_meetings, site
from tooling.media import PrivateJanus, bridges_file, janus

TONES = (440, 660, 880)
NAMES = ("Callac", "Rennes", "Houat")
SETTLE_SECONDS = 10
MEASURE_SECONDS = 15
LOSSES = {10: 0.15, 20: 0.35}
"""Percent of packets lost, and the greatest share of it that may be heard: 1.5 % at 10 %, 7 % at 20 %."""
NARROW = {512: "images adapt", 128: "sound alone"}
_COUNT = """async () => {
  const counted = {};
  for (const [number, connection] of window.rehearsal.connections().entries())
    for (const one of (await connection.getStats()).values())
      if (one.type === "inbound-rtp" && one.kind === "audio")
        counted[`${number} ${one.id}`] = [one.concealedSamples - one.silentConcealedSamples, one.totalSamplesReceived];
  return counted;
}"""


def figures() -> Iterator[Figure]:
    """Yield the losses each way, then the narrow lines."""
    if os.geteuid() != 0:
        raise SystemExit("loss drops packets: run it as root")
    with ExitStack() as stack:
        bridge = stack.enter_context(janus())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        house = private_server(door_opens_minutes="30", bridges_file=str(bridges_file(folder, [bridge])))
        server = stack.enter_context(house)
        server.start()
        playwright = stack.enter_context(sync_playwright())
        (links,) = make_meetings(server, 1, names=NAMES)
        sites = [stack.enter_context(site(playwright, server, hertz)) for hertz in TONES]
        contexts = [stack.enter_context(one.context()) for one in sites]
        pages = [enter(context.new_page(), link) for context, link in zip(contexts, links, strict=True)]
        if not until(lambda: all(frames_decoded(page) > 20 for page in pages), seconds=60):
            raise AssertionError("the three sites do not see each other")
        yield from _losses(pages, bridge)
        yield from _narrow_lines(pages, bridge)


def _losses(pages: Sequence[Page], bridge: PrivateJanus) -> Iterator[Figure]:
    first, last = bridge.place.rtp_ports
    for percent, goal in LOSSES.items():
        lost = ["-m", "statistic", "--mode", "random", "--probability", str(percent / 100), "-j", "DROP"]
        for way, port in (("down", "--sport"), ("up", "--dport")):
            case = f"{percent} % lost {way}"
            if not is_wanted(case):
                continue
            with _rule([port, f"{first}:{last}", *lost]):
                missed = _missed(pages)
            yield Figure("loss", case, missed, missed, "% of the sound", percent, f"ratio <= {goal}")


def _narrow_lines(pages: Sequence[Page], bridge: PrivateJanus) -> Iterator[Figure]:
    """Hold each browser's way up and way down to so many kilobits a second, as a policer does: the rest is dropped."""
    first, last = bridge.place.rtp_ports
    for kbps, what in NARROW.items():
        case = f"{kbps} kbit/s each way, {what}"
        if not is_wanted(case):
            continue
        with ExitStack() as rules:
            for port, by in (("--sport", "dstport"), ("--dport", "srcport")):
                rate = ["--hashlimit-above", f"{kbps // 8}kb/s", "--hashlimit-burst", "64kb", "--hashlimit-mode", by]
                name = ["--hashlimit-name", f"narrow-{by}"]
                rules.enter_context(_rule([port, f"{first}:{last}", "-m", "hashlimit", *rate, *name, "-j", "DROP"]))
            missed = _missed(pages)
            line = pages[0].locator("html").get_attribute("data-line") or ""
        yield Figure("loss", case, missed, missed, "% of the sound", 1, "ratio <= 1", notes={"line": line})


@contextlib.contextmanager
def _rule(rule: list[str]) -> Iterator[None]:
    command = ["INPUT", "-p", "udp", *rule]
    subprocess.run(["iptables", "-A", *command], check=True)
    try:
        yield
    finally:
        subprocess.run(["iptables", "-D", *command], check=True)
        time.sleep(SETTLE_SECONDS / 2)


def _missed(pages: Sequence[Page]) -> float:
    """Return the share of the sound made up at the first page, in percent, once the meeting has settled."""
    time.sleep(SETTLE_SECONDS)
    before = pages[0].evaluate(_COUNT)
    time.sleep(MEASURE_SECONDS)
    after = pages[0].evaluate(_COUNT)
    made, heard = (
        sum(after[one][part] - before.get(one, [0, 0])[part] for one in after) for part in (0, 1)
    )  # a connection that was replaced meanwhile counts from its own beginning
    return 100 * float(made) / float(max(1, heard))
