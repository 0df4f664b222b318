"""Terminals that call a meeting, recorded by consent; and one that a room rings with one touch."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, Playwright, expect

from maillage.config.rehearsal.browsers import until
from tests.callers import House, network
from tests.meetings import enter, make_meetings, site
from tests.stations import make_linked_rooms
from tooling import media

pytestmark = pytest.mark.browser
TONES, TERMINAL_HZ = (440, 660), 990
NAMES = ("Callac", "Rennes")
HEARD = "[...document.querySelectorAll('[data-party]:has(audio)')].map((one) => Number(one.dataset.party))"
"""The sides whose sound a page plays."""
_FILM = """
import json
from django.utils import timezone
from maillage.conference.gateways.recorder import film_path
from maillage.conference.models import Recording
from maillage.conference.services.films import film
told = []
for one in Recording.objects.filter(conference__booking__parties={party}):
    film(one.pk, now=timezone.now())
    one.refresh_from_db()
    told.append([one.step, one.seconds, str(film_path(one.folder))])
print(json.dumps(told))
"""


_AGREES = """
from maillage.actors.models import CallWay, Organisation, OrganisationKind, WayToCall
region = Organisation.objects.create(name="Conseil régional", kind=OrganisationKind.REGION)
given = {{"address": "{address}", "note": "Salle Europe", "answers_rooms": True}}
WayToCall.objects.create(organisation=region, kind=CallWay.SIP, **given)
print("agreed")
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with network(tmp_path_factory.mktemp("house")) as running:
        yield running


def heard_by(page: Page, party: int, hertz: int) -> bool:
    return until(lambda: abs(float(page.evaluate(f"window.rehearsal.pitchOf({party})")) - hertz) < 15, seconds=30)


def is_seen(page: Page, party: int) -> bool:
    count = f"window.rehearsal.framesOf({party})"
    before = page.evaluate(count)
    return until(lambda: page.evaluate(count) > before + 3, seconds=30)


def sound_of(path: Path) -> tuple[NDArray[np.float64], int]:
    """Return the sound of a file as one channel, and its rate."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        rate, channels = int(stream.codec_context.sample_rate), stream.codec_context.channels
        frames = [frame.to_ndarray() for frame in container.decode(stream)]
    planar = frames[0].shape[0] == channels and channels > 1
    one = [frame[0] if planar else frame[0][::channels] for frame in frames]
    return np.concatenate(one).astype(np.float64), rate


def share_of(sound: NDArray[np.float64], hertz: int, rate: int) -> float:
    """Return the share of the energy within 15 Hz of `hertz`."""
    energy = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    near = np.abs(np.fft.rfftfreq(len(sound), 1 / rate) - hertz) < 15
    return float(energy[near].sum() / energy.sum())


def recording_is(pages: list[Page], step: str) -> bool:
    now = "document.documentElement.dataset.recording ?? 'off'"
    return until(lambda: {page.evaluate(now) for page in pages} == {step}, seconds=30)


def meet(house: House, pages: list[Page], terminal: media.PrivateTerminal, parties: list[int]) -> int:
    """Bring the terminal in; each hears each, and sees who has an image. Return the terminal's side."""
    house.dial(terminal, house.code_of(parties[0]))
    assert until(lambda: bool(set(pages[0].evaluate(HEARD)) - set(parties)), seconds=30)
    (caller,) = set(pages[0].evaluate(HEARD)) - set(parties)
    for here, page in enumerate(pages):
        assert heard_by(page, parties[1 - here], TONES[1 - here])
        assert heard_by(page, caller, TERMINAL_HZ)
        assert is_seen(page, parties[1 - here])
        assert is_seen(page, caller)
    pages[0].wait_for_timeout(2000)
    sound, rate = sound_of(terminal.heard())
    assert min(share_of(sound[-2 * rate :], hertz, rate) for hertz in TONES) > 0.25, "the terminal hears both sites"
    return int(caller)


def test_a_meeting_with_a_terminal_is_recorded_with_the_consent_of_all_and_not_without(
    house: House, playwright: Playwright
) -> None:
    (links,) = make_meetings(house.server, 1, names=NAMES)
    parties = [int(link.removeprefix("/r/").split(".")[0]) for link in links]
    with ExitStack() as stack:
        terminal = stack.enter_context(media.terminal(audio="PCMA/8000/1", tone_hz=TERMINAL_HZ))
        sites = [stack.enter_context(site(playwright, house.server, hertz)) for hertz in TONES]
        contexts = [stack.enter_context(one.context()) for one in sites]
        pages = [enter(context.new_page(), link) for context, link in zip(contexts, links, strict=True)]
        meet(house, pages, terminal, parties)

        pages[0].evaluate("document.querySelector('[data-ask-recording]').click()")
        assert recording_is(pages, "asked")
        pages[1].click("[data-recording=accept]")
        pages[0].wait_for_timeout(1000)
        assert recording_is(pages, "asked"), "the terminal has not answered"
        assert house.taken == 0
        terminal.command("sndcode", "1")
        assert recording_is(pages, "on")
        pages[0].wait_for_selector("[data-recording-sign]")
        pages[0].wait_for_timeout(5000)
        pages[1].click("[data-recording=stop]")
        assert recording_is(pages, "off")
        pages[0].wait_for_timeout(1000)
        taken = house.taken
        assert taken > 50_000

        pages[0].evaluate("document.querySelector('[data-ask-recording]').click()")
        terminal.command("sndcode", "1")
        pages[1].click("[data-recording=refuse]")
        pages[0].wait_for_timeout(4000)
        assert recording_is(pages, "asked")
        pages[0].click("[data-recording=stop]")
        assert recording_is(pages, "off")
        assert house.taken == taken, "nothing was written after a refusal"

    (step, seconds, film), (refused, none, nothing) = json.loads(house.ask(_FILM, party=parties[0]))
    assert (step, refused, none) == ("ready", "failed", 0)
    assert not Path(nothing).exists()
    probe = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", film]
    told = json.loads(subprocess.run(probe, check=True, capture_output=True).stdout)
    assert {stream["codec_name"] for stream in told["streams"]} == {"h264", "aac"}
    assert float(told["format"]["duration"]) == pytest.approx(seconds, abs=2)
    sound, rate = sound_of(Path(film))
    middle = sound[rate : int(rate * (seconds - 1))]
    assert min(share_of(middle, hertz, rate) for hertz in (*TONES, TERMINAL_HZ)) > 0.05


def test_one_touch_in_a_room_rings_an_organisations_terminal_and_they_hear_each_other(
    house: House, playwright: Playwright
) -> None:
    (room,) = make_linked_rooms(house.server, 1, busy=False, commune="Callac")
    with ExitStack() as stack:
        terminal = stack.enter_context(media.terminal(audio="PCMA/8000/1", tone_hz=TERMINAL_HZ))
        house.ask(_AGREES, address=terminal.uri)
        here = stack.enter_context(site(playwright, house.server, TONES[0]))
        page = room.lend_key(stack.enter_context(here.context(permissions=["microphone", "camera"])), house.server)
        page.goto("/station")
        page.get_by_role("button", name="Appeler un autre point").click()
        page.get_by_role("button", name="Conseil régional").click()
        page.wait_for_selector("html[data-phase=in]")
        page.wait_for_selector("[data-party]:has(audio)", timeout=30_000)
        expect(page.locator(".tile")).to_contain_text("Conseil régional")
        (party,) = page.evaluate(HEARD)
        assert heard_by(page, party, TERMINAL_HZ)
        assert is_seen(page, party)
        page.wait_for_timeout(2000)
        sound, rate = sound_of(terminal.heard())
        assert share_of(sound[-2 * rate :], TONES[0], rate) > 0.5, "the terminal hears the room"
        page.get_by_role("button", name="Terminer").click()
        page.wait_for_selector("[data-kind=door]")
