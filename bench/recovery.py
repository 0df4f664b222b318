"""How long sound is missing when a part fails: the bridge in use killed, the web server restarted, the network cut.

Three of our pages, and beside them in the same bridges two bare pages that know the next bridge and try at once: the
floor of the same failure at the same moment. What is asked is absolute, a median and a worst gap: what is beyond is a
fault.
"""

import contextlib
import os
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence

from playwright.sync_api import Page

from bench.bridged import Bridged, bridged, follow, parties, silence
from bench.harness import Figure, is_wanted

KILLS = 5
CUTS = ((4, 2), (12, 2))
"""Seconds of a cut, and how many times."""
WORST_AFTER_A_KILL, MEDIAN_AFTER_A_KILL = 3000.0, 1000.0
WORST_AFTER_A_CUT = 3500.0
WORST_AT_A_RESTART = 250.0
VANISHED_WITHIN = 15.0
SETTLED = 6.0
"""Seconds that a meeting is left in peace before something fails again."""


class _Meeting:
    """Three sites of ours, two bare ones, each listening to another of its kind."""

    def __init__(self, world: Bridged, stack: contextlib.ExitStack) -> None:
        self.world = world
        links = world.links(3)
        self.ours = world.sites(stack.enter_context(world.window()), links)
        who = parties(links)
        _wait_for_way(self.ours, "bridge")
        self.bare = world.bare_pages(stack.enter_context(world.window()), (0, 1), first=world.in_use())
        for page in self.bare:
            page.click("button")
        for number, page in enumerate(self.ours):
            follow(page, who[number - 1])
        for number, page in enumerate(self.bare):
            follow(page, 2 - number)
        self.rest()

    def rest(self) -> None:
        """Let everything be heard again, and forget what was missed.

        Nothing tells bare pages where the others went: two that sit on two bridges after a failure are called together.
        """
        if self._is_heard():
            return
        for page in self.bare:
            page.evaluate("window.floor.again()")
        if not self._is_heard():
            raise TimeoutError(f"not everyone is heard again, ours and the bare ones: {self.gaps()}")

    def _is_heard(self) -> bool:
        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            time.sleep(SETTLED / 2)
            self.gaps()
            time.sleep(SETTLED / 2)
            gaps = self.gaps()
            if max(*gaps[0], *gaps[1]) < WORST_AFTER_A_CUT / 2:
                return True
        return False

    def gaps(self) -> tuple[list[float], list[float]]:
        """Return the longest gap of each page since last asked, ours then the bare ones."""
        return [silence(page) for page in self.ours], [silence(page) for page in self.bare]


def _wait_for_way(pages: Sequence[Page], way: str) -> None:
    for page in pages:
        page.wait_for_selector(f"html[data-way={way}]")


def _figure(case: str, ours: Sequence[float], bare: Sequence[float], faults: int, **notes: float | str) -> Figure:
    return Figure(
        bench="recovery",
        case=case,
        median=statistics.median(ours),
        p95=max(ours),
        unit="ms",
        floor=statistics.median(bare),
        faults=faults,
        notes={"worst": round(max(ours)), "floor_worst": round(max(bare)), "gaps": len(ours), **notes},
    )


def _killed(meeting: _Meeting) -> Figure:
    ours: list[float] = []
    bare: list[float] = []
    for _time in range(KILLS):
        lost = meeting.world.in_use()
        meeting.gaps()
        lost.kill()
        time.sleep(SETTLED)
        mine, theirs = meeting.gaps()
        ours += mine
        bare += theirs
        lost.start()
        meeting.world.open_bare_room(lost)
        meeting.rest()
    late = sum(gap > WORST_AFTER_A_KILL for gap in ours) + (statistics.median(ours) > MEDIAN_AFTER_A_KILL)
    return _figure("bridge in use killed, sound missing", ours, bare, late, kills=KILLS)


def _restarted(meeting: _Meeting) -> Figure:
    meeting.gaps()
    meeting.world.house.stop(at_once=True)
    time.sleep(2)
    meeting.world.house.start()
    time.sleep(SETTLED)
    ours, bare = meeting.gaps()
    meeting.rest()
    return _figure("web server restarted, sound missing", ours, bare, sum(gap > WORST_AT_A_RESTART for gap in ours))


def _rules(world: Bridged) -> list[list[str]]:
    """Return what drops each packet that these pages send and get, on its arrival, and nobody else's."""
    rules: list[list[str]] = []
    web = int(world.house.url.rpartition(":")[2])
    for one in world.bridges:
        first, last = one.place.rtp_ports
        rules += [["-p", "udp", end, f"{first}:{last}"] for end in ("--dport", "--sport")]
        rules += [["-p", "tcp", end, str(one.place.client_port)] for end in ("--dport", "--sport")]
    return rules + [["-p", "tcp", end, str(web)] for end in ("--dport", "--sport")]


@contextlib.contextmanager
def _cut(world: Bridged) -> Iterator[None]:
    rules = _rules(world)
    for rule in rules:
        subprocess.run(["iptables", "-I", "INPUT", *rule, "-j", "DROP"], check=True)
    try:
        yield
    finally:
        for rule in rules:
            subprocess.run(["iptables", "-D", "INPUT", *rule, "-j", "DROP"], check=True)


def _after_cut(meeting: _Meeting, seconds: int, times: int) -> Figure:
    ours: list[float] = []
    bare: list[float] = []
    for _time in range(times):
        meeting.gaps()
        with _cut(meeting.world):
            began = time.monotonic()
            time.sleep(seconds)
            cut_ms = (time.monotonic() - began) * 1000
        time.sleep(SETTLED + 4)
        mine, theirs = meeting.gaps()
        if min(mine) < cut_ms * 0.8:
            raise AssertionError(f"the cut of {seconds} s cuts nothing: {mine}")
        ours += [max(0.0, gap - cut_ms) for gap in mine]
        bare += [max(0.0, gap - cut_ms) for gap in theirs]
        meeting.rest()
    late = sum(gap > WORST_AFTER_A_CUT for gap in ours)
    return _figure(f"network cut {seconds} s, sound back after the link", ours, bare, late, cuts=times)


def _vanished(meeting: _Meeting) -> Figure:
    """The last of our pages vanishes without a word: how long the others still show it."""
    began = time.monotonic()
    meeting.ours.pop().close()
    for page in meeting.ours:
        page.wait_for_function("document.querySelectorAll('.tile').length === 1")
    took = (time.monotonic() - began) * 1000
    return _figure("side vanished, still shown", [took], [VANISHED_WITHIN * 1000], int(took > VANISHED_WITHIN * 1000))


def figures() -> Iterator[Figure]:
    """Give a figure for each failure. Only root may cut the network."""
    with contextlib.ExitStack() as stack:
        meeting = _Meeting(stack.enter_context(bridged()), stack)
        if is_wanted("bridge in use killed, sound missing"):
            yield _killed(meeting)
        if is_wanted("web server restarted, sound missing"):
            yield _restarted(meeting)
        for seconds, times in CUTS if os.geteuid() == 0 else ():
            if is_wanted(f"network cut {seconds} s, sound back after the link"):
                yield _after_cut(meeting, seconds, times)
        if is_wanted("side vanished, still shown"):
            yield _vanished(meeting)
