"""A meeting between two real browsers: seen, heard, muted, shown, cut, resumed, taken over, ended."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Playwright, WebSocketRoute

from maillage.config.private_server import PrivateServer, private_server
from maillage.config.rehearsal.browsers import frames_decoded, pitch_heard, until
from tests.meetings import Site, enter, make_meetings, site

pytestmark = pytest.mark.browser
TONES = (440, 880)
KILOBYTE = 1000
MEASURED = """
import json
from maillage.conference.models import QualitySample
heard = QualitySample.objects.filter(attendance__party={party}, frames_per_second__gt=5, audio_level_in__gt=0.01)
print(json.dumps(heard.exclude(path="").exists()))
"""


@pytest.fixture(scope="module")
def house() -> Iterator[PrivateServer]:
    with private_server(door_opens_minutes="30", help_phone="0296000000") as server:
        server.start()
        yield server


@pytest.fixture(scope="module")
def sites(playwright: Playwright, house: PrivateServer) -> Iterator[list[Site]]:
    with ExitStack() as stack:
        yield [stack.enter_context(site(playwright, house, hertz)) for hertz in TONES]


@pytest.fixture(scope="module")
def meetings(house: PrivateServer) -> Iterator[list[str]]:
    """Links by two, one pair for each test that takes one."""
    return iter(make_meetings(house, 20))


@pytest.fixture
def links(meetings: Iterator[list[str]]) -> list[str]:
    return next(meetings)


@pytest.fixture
def contexts(sites: list[Site]) -> Iterator[list[BrowserContext]]:
    with ExitStack() as stack:
        yield [stack.enter_context(one.context()) for one in sites]


@pytest.fixture
def pages(contexts: list[BrowserContext], links: list[str]) -> list[Page]:
    """Both sites, in the meeting."""
    return [enter(context.new_page(), link) for context, link in zip(contexts, links, strict=True)]


def sees(page: Page) -> bool:
    """Tell whether new frames are being decoded."""
    before = frames_decoded(page)
    return until(lambda: frames_decoded(page) > before + 3, seconds=10)


def stands_still(pages: list[Page]) -> bool:
    """Tell whether no page decodes an image for a second and a half."""
    before = [frames_decoded(page) for page in pages]
    pages[0].wait_for_timeout(1500)
    return [frames_decoded(page) for page in pages] == before


def hears(page: Page, hertz: int) -> bool:
    return until(lambda: abs(pitch_heard(page) - hertz) < 15, seconds=10)


def phase(page: Page) -> str | None:
    return page.locator("html").get_attribute("data-phase")


def test_both_sites_see_and_hear_each_other(pages: list[Page]) -> None:
    for page, other in zip(pages, reversed(TONES), strict=True):
        assert sees(page)
        assert hears(page, other)
    assert pages[0].inner_text("[data-tile-name]") == "Rennes, 2 personnes"
    assert pages[0].inner_text("#line") == "La ligne est bonne."


def test_sound_repair_is_agreed_both_ways(pages: list[Page]) -> None:
    assert sees(pages[0])
    for side in ("localDescription", "remoteDescription"):
        text = pages[0].evaluate(f"window.rehearsal.connections()[0].{side}.sdp")
        opus = next(line.split(":")[1].split()[0] for line in text.splitlines() if "opus/48000" in line)
        assert f"a=rtcp-fb:{opus} nack" in text
        assert "useinbandfec=1" in text


def test_cutting_the_sound_silences_it_and_giving_it_back_restores_it(pages: list[Page]) -> None:
    callac, rennes = pages
    assert hears(rennes, TONES[0])
    callac.get_by_role("button", name="Couper le son").click()
    assert until(lambda: pitch_heard(rennes) == 0)
    rennes.locator("#stage").get_by_text("Son coupé").wait_for()
    callac.get_by_text("Les autres ne vous entendent pas").wait_for()
    callac.get_by_text("Votre son est coupé : les autres n’entendent pas ce que vous dites").wait_for()
    callac.get_by_role("button", name="Remettre le son").click()
    callac.get_by_text("Votre son est coupé : les autres").wait_for(state="hidden")
    assert hears(rennes, TONES[0])


def test_putting_the_image_out_stops_it_and_says_so(pages: list[Page]) -> None:
    callac, rennes = pages
    assert sees(rennes)
    callac.get_by_role("button", name="Éteindre l’image").click()
    rennes.get_by_text("Image éteinte").wait_for()
    assert until(lambda: stands_still([rennes]))
    assert hears(rennes, TONES[0])


def test_sound_only_stops_images_both_ways(pages: list[Page]) -> None:
    callac, rennes = pages
    assert sees(callac)
    callac.get_by_role("button", name="Son seul").click()
    assert until(lambda: stands_still(pages))
    assert hears(callac, TONES[1])
    callac.get_by_role("button", name="Remettre l’image").click()
    assert sees(callac)
    assert sees(rennes)


def test_a_shown_screen_is_seen_by_the_other(pages: list[Page]) -> None:
    callac, rennes = pages
    assert sees(rennes)
    callac.evaluate("window.rehearsal.fakeScreen()")
    callac.get_by_role("button", name="Montrer", exact=True).click()
    callac.get_by_role("button", name="Un écran ou une fenêtre").click()
    screen = rennes.locator("[data-tile-screen]")
    screen.wait_for(state="visible")
    assert until(lambda: screen.evaluate("video => video.videoWidth") > 0)
    callac.get_by_role("button", name="Ne plus montrer").click()
    screen.wait_for(state="hidden")


def test_one_waits_in_the_right_place_and_is_told_of_arrivals_and_departures(
    contexts: list[BrowserContext], links: list[str]
) -> None:
    callac = enter(contexts[0].new_page(), links[0])
    callac.get_by_text("Rennes n’est pas encore arrivé. Vous êtes au bon endroit.").wait_for()
    rennes = enter(contexts[1].new_page(), links[1])
    callac.get_by_text("Rennes, 2 personnes est arrivé.").wait_for(state="attached")
    callac.locator("#waiting").wait_for(state="hidden")
    rennes.get_by_role("button", name="Quitter").click()
    callac.get_by_text("Rennes, 2 personnes est parti.").wait_for(state="attached")
    rennes.wait_for_url("**/apres")
    rennes.get_by_role("link", name="Revenir dans la réunion").click()
    rennes.click("#enter")
    assert sees(callac)


def test_at_the_door_the_line_is_open_and_nothing_passes(contexts: list[BrowserContext], links: list[str]) -> None:
    callac, rennes = enter(contexts[0].new_page(), links[0]), contexts[1].new_page()
    rennes.goto(links[1])
    opened = "window.rehearsal.connections().some((line) => line.connectionState === 'connected')"
    assert until(lambda: all(page.evaluate(opened) for page in (callac, rennes)))
    rennes.wait_for_timeout(1500)
    for page in (callac, rennes):
        assert frames_decoded(page) == 0
        assert pitch_heard(page) == 0
    assert callac.locator(".tile").count() == 0
    rennes.click("#enter")
    assert sees(rennes)
    assert hears(callac, TONES[1])


def test_a_reload_enters_again_at_once(pages: list[Page]) -> None:
    callac, rennes = pages
    assert sees(callac)
    rennes.reload()
    rennes.wait_for_selector("html[data-phase=in]")
    assert sees(callac)
    assert sees(rennes)
    assert hears(rennes, TONES[0])


def test_the_same_link_opened_twice_asks_and_moves(pages: list[Page], links: list[str], sites: list[Site]) -> None:
    callac, rennes = pages
    assert sees(callac)
    with sites[1].context() as elsewhere:
        second = elsewhere.new_page()
        second.goto(links[1])
        second.click("#enter")
        second.get_by_role("heading", name="Cette réunion est ouverte ailleurs").wait_for()
        assert phase(rennes) == "in"
        second.get_by_role("button", name="Continuer ici").click()
        second.wait_for_selector("html[data-phase=in]")
        rennes.get_by_role("heading", name="La réunion continue sur votre autre écran.").wait_for()
        assert sees(callac)
        assert sees(second)
        rennes.get_by_role("button", name="La reprendre ici").click()
        rennes.wait_for_selector("html[data-phase=in]")
        assert sees(rennes)
        assert phase(second) == "moved"


def test_media_never_stop_when_the_server_restarts(pages: list[Page], house: PrivateServer) -> None:
    callac, rennes = pages
    assert sees(callac)
    house.stop(at_once=True)
    try:
        callac.locator("#reconnecting").wait_for(state="visible")
        assert sees(callac)
        assert hears(rennes, TONES[0])
    finally:
        house.start()
    for page in pages:
        page.locator("#reconnecting").wait_for(state="hidden")
        assert phase(page) == "in"
    assert callac.evaluate("window.rehearsal.connections().length") == 1
    callac.get_by_role("button", name="Couper le son").click()
    rennes.locator("#stage").get_by_text("Son coupé").wait_for()
    assert sees(rennes)


def test_a_cut_socket_comes_back_and_the_call_goes_on(contexts: list[BrowserContext], links: list[str]) -> None:
    callac = enter(contexts[0].new_page(), links[0])
    rennes = contexts[1].new_page()
    doors: list[WebSocketRoute] = []

    def pass_through(socket: WebSocketRoute) -> None:
        doors.append(socket)
        socket.connect_to_server()

    rennes.route_web_socket("**/ws/**", pass_through)
    enter(rennes, links[1])
    assert sees(callac)
    doors[0].close(code=3999)
    assert until(lambda: phase(rennes) == "in" and len(doors) > 1)
    rennes.locator("#reconnecting").wait_for(state="hidden")
    rennes.get_by_role("button", name="Couper le son").click()
    callac.get_by_text("Son coupé").wait_for()
    assert callac.evaluate("window.rehearsal.connections().length") == 1


def test_one_who_vanishes_is_gone_within_15_seconds_and_the_line_was_measured(
    sites: list[Site], links: list[str], house: PrivateServer
) -> None:
    with sites[0].context() as first, sites[1].context() as second:
        callac = enter(first.new_page(), links[0])
        rennes = enter(second.new_page(), links[1])
        assert sees(callac)
        callac.wait_for_timeout(11_000)
        rennes.close()
        assert until(lambda: callac.locator(".tile").count() == 0, seconds=15)
        callac.get_by_text("Rennes n’est pas encore arrivé").wait_for()
    party = links[0].removeprefix("/r/").split(".")[0]
    assert json.loads(house.run("shell", "-v", "0", "-c", MEASURED.format(party=party)))


def test_ending_for_all_asks_first_and_hangs_everyone_up(pages: list[Page]) -> None:
    callac, rennes = pages
    callac.get_by_role("button", name="Terminer pour tous").click()
    dialog = callac.get_by_role("dialog")
    dialog.get_by_role("button", name="Rester dans la réunion").click()
    assert phase(callac) == "in"
    callac.get_by_role("button", name="Terminer pour tous").click()
    dialog.get_by_role("button", name="Terminer pour tous").click()
    for page in pages:
        page.locator("[data-role=ended]").wait_for()
    rennes.get_by_label("Oui, bien").check()
    rennes.check("input[value=car-shared]")
    rennes.get_by_role("button", name="Envoyer mes réponses").click()
    rennes.get_by_role("heading", name="Merci.").wait_for()


def test_without_camera_nor_microphone_one_enters_and_listens(contexts: list[BrowserContext], links: list[str]) -> None:
    rennes = contexts[1].new_page()
    rennes.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    )
    rennes.goto(links[1])
    rennes.get_by_text("Votre navigateur ne nous prête ni la caméra ni le micro.").wait_for()
    callac = enter(contexts[0].new_page(), links[0])
    rennes.click("#enter")
    assert sees(rennes)
    assert hears(rennes, TONES[0])
    callac.get_by_text("Image éteinte").wait_for()


def test_before_its_time_the_page_waits_and_lets_one_try(contexts: list[BrowserContext], house: PrivateServer) -> None:
    link = make_meetings(house, 1, hours=26)[0][0]
    page = contexts[0].new_page()
    page.goto(link)
    page.get_by_text("Elle commence dans 1").wait_for()
    page.get_by_role("button", name="Essayer mon matériel").click()
    assert until(lambda: page.locator("#level").evaluate("meter => meter.value") > 0.2)
    page.get_by_role("button", name="Entendre trois notes").click()
    page.get_by_text("Vous devez avoir entendu trois notes.").wait_for()
    page.get_by_role("button", name="Essayer ma ligne").click()
    page.get_by_text("Votre ligne porte le son").wait_for()
    page.get_by_role("button", name="Dire une phrase et la réécouter").click()
    page.get_by_text("Voici ce que les autres entendront.").wait_for()
    assert page.locator("audio[data-replay]").evaluate("audio => audio.src").startswith("blob:")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door_and_the_meeting_raise_no_barrier(
    contexts: list[BrowserContext], links: list[str], scheme: Literal["light", "dark"]
) -> None:
    page = contexts[0].new_page()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(links[0])
    page.set_viewport_size({"width": 320, "height": 640})
    for _screen in ("door", "meeting"):
        found = Axe().run(page).response["violations"]
        assert [f"{rule['id']}: {rule['nodes'][0]['target']}" for rule in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.locator("#enter").focus() if phase(page) == "door" else None
        page.keyboard.press("Enter")
        page.wait_for_selector("html[data-phase=in]")
    assert page.get_by_role("button", name="Quitter").is_visible()


def test_the_page_of_the_call_weighs_little(contexts: list[BrowserContext], links: list[str]) -> None:
    page = contexts[0].new_page()
    received: list[int] = []
    session = contexts[0].new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(links[0], wait_until="networkidle")
    assert 0 < sum(received) <= 120 * KILOBYTE
