"""What one site still hears of another when packets are lost or its line is narrow: of three sites, and two directly.

Packets are dropped as they arrive (iptables): dropped on their way out, the sender would notice. Each figure is the
share of the sound that the listener's browser had to make up. Its floor is the share of packets that were dropped; for
a narrow line, one percent. The sites speak French: Opus guards speech against loss, and not a steady tone. Needs root.
"""

import contextlib
import itertools
import os
import subprocess
import tempfile
import time
import wave
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.harness import Figure, is_wanted
from maillage.conference.gateways.relay.prompts import NAMES as PROMPTS
from maillage.conference.gateways.relay.prompts import prompt
from maillage.config.private_server import private_server
from maillage.config.rehearsal.browsers import frames_decoded, until
from tests.meetings import enter, make_meetings, site
from tooling.media import PrivateJanus, bridges_file, janus

TONES = (440, 660, 880)
NAMES = ("Callac", "Rennes", "Houat")
SETTLE_SECONDS = 15
MEASURE_SECONDS = 45
PAUSE_SECONDS = 5
LOSSES = {10: 0.15, 20: 0.35}
"""Percent of packets lost, and the greatest share of it that may be heard: 1.5 % at 10 %, 7 % at 20 %."""
TABLES = ("iptables", "ip6tables")
"""Two browsers of one machine find each other by either."""
NARROW = {512: "images adapt", 256: "sound and slides", 128: "sound alone"}
_COUNT = """async () => {
  const counted = {};
  for (const [number, connection] of window.rehearsal.connections().entries())
    for (const one of (await connection.getStats()).values())
      if (one.type === "inbound-rtp" && one.kind === "audio")
        counted[`${number} ${one.id}`] = [one.concealedSamples - one.silentConcealedSamples, one.totalSamplesReceived];
  return counted;
}"""


def figures() -> Iterator[Figure]:
    """Yield the narrow lines, then the losses each way: these leave few images, which those are to show."""
    if os.geteuid() != 0:
        raise SystemExit("loss drops packets: run it as root")
    with meeting_of(3) as (pages, bridge):
        yield from _narrow_lines(pages, bridge)
        yield from _losses(pages, bridge)
    if any(is_wanted(_case_of_direct(percent)) for percent in LOSSES):
        with meeting_of(2) as (pages, _bridge):
            yield from _losses_of_direct(pages)


@contextlib.contextmanager
def meeting_of(count: int) -> Iterator[tuple[list[Page], PrivateJanus]]:
    """Have so many sites in a meeting, which see each other: two are linked directly, three through the bridge."""
    with ExitStack() as stack:
        bridge = stack.enter_context(janus())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        house = private_server(door_opens_minutes="30", bridges_file=str(bridges_file(folder, [bridge])))
        server = stack.enter_context(house)
        server.start()
        playwright = stack.enter_context(sync_playwright())
        (links,) = make_meetings(server, 1, names=NAMES[:count])
        voices = [write_speech(folder / f"{number}.wav", number) for number in range(count)]
        sites = [
            stack.enter_context(site(playwright, server, hertz, sound=voice))
            for hertz, voice in zip(TONES, voices, strict=False)
        ]
        contexts = [stack.enter_context(one.context()) for one in sites]
        pages = [enter(context.new_page(), link) for context, link in zip(contexts, links, strict=True)]
        if not until(lambda: all(frames_decoded(page) > 20 for page in pages), seconds=60):
            raise AssertionError("the sites do not see each other")
        yield pages, bridge


def write_speech(path: Path, number: int) -> Path:
    """Write a minute of what callers are told, one after the other; return `path`.

    number: of the site. Each begins elsewhere: two microphones that hear the same at once are an echo to a browser.
    """
    begin = number * len(PROMPTS) // len(NAMES)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(prompt(name).tobytes() for name in PROMPTS[begin:] + PROMPTS[:begin]))
    return path


def _losses_of_direct(pages: Sequence[Page]) -> Iterator[Figure]:
    """Lose packets both ways between two browsers, whose line goes by any port above 32768."""
    for percent, goal in LOSSES.items():
        if not is_wanted(_case_of_direct(percent)):
            continue
        with _rule(["--dport", "32768:65535", *_lost(percent)]):
            heard = _heard(pages)
        yield _figure(_case_of_direct(percent), heard, percent, goal)


def _case_of_direct(percent: int) -> str:
    return f"2 sites linked directly, {percent} % lost"


def _lost(percent: int) -> list[str]:
    return ["-m", "statistic", "--mode", "random", "--probability", str(percent / 100), "-j", "DROP"]


def _losses(pages: Sequence[Page], bridge: PrivateJanus) -> Iterator[Figure]:
    first, last = bridge.place.rtp_ports
    for percent, goal in LOSSES.items():
        for way, port in (("down", "--sport"), ("up", "--dport")):
            case = f"{percent} % lost {way}"
            if not is_wanted(case):
                continue
            with _rule([port, f"{first}:{last}", *_lost(percent)]):
                heard = _heard(pages)
            yield _figure(case, heard, percent, goal)


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
            heard = _heard(pages)
            seen = frames_decoded(pages[0])
            time.sleep(PAUSE_SECONDS)
            images = f"{max(0, frames_decoded(pages[0]) - seen) / PAUSE_SECONDS:.0f} a second"  # none once given up
            line = pages[0].locator("html").get_attribute("data-line") or ""
        yield _figure(case, heard, 1, 1, line=line, images=images)


@contextlib.contextmanager
def _rule(rule: list[str]) -> Iterator[None]:
    command = ["INPUT", "-p", "udp", *rule]
    for table in TABLES:
        subprocess.run([table, "-A", *command], check=True)
    try:
        yield
    finally:
        for table in TABLES:
            subprocess.run([table, "-D", *command], check=True)
        time.sleep(PAUSE_SECONDS)


def _figure(case: str, heard: tuple[float, float], floor: float, goal: float, **notes: str) -> Figure:
    settling, missed = heard
    notes["while settling"] = f"{settling:.1f} %"
    return Figure("loss", case, missed, missed, "% of the sound", floor, f"ratio <= {goal}", notes=notes)


def _heard(pages: Sequence[Page]) -> tuple[float, float]:
    """Return the share of the sound made up at the first page, in percent: while the meeting settles, and then."""
    counts = [pages[0].evaluate(_COUNT)]
    for seconds in (SETTLE_SECONDS, MEASURE_SECONDS):
        time.sleep(seconds)
        counts.append(pages[0].evaluate(_COUNT))
    settling, missed = (_share(before, after) for before, after in itertools.pairwise(counts))
    return settling, missed


def _share(before: dict[str, list[int]], after: dict[str, list[int]]) -> float:
    made, heard = (
        sum(after[one][part] - before.get(one, [0, 0])[part] for one in after) for part in (0, 1)
    )  # a connection that was replaced meanwhile counts from its own beginning
    return 100 * float(made) / float(max(1, heard))
