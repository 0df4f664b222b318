"""The concierge's desk in a browser: trouble comes by itself, the keyboard is enough, a room hears what is done."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from maillage.config.private_server import PrivateServer, private_server
from tests.agents import SIGN_IN
from tests.stations import LinkedRoom, make_linked_rooms

pytestmark = pytest.mark.browser

_DEAF = """
from dataclasses import replace
from django.utils import timezone
from maillage.station.models import Station, TestOccasion
from maillage.station.services import record_self_test
from maillage.station.tests.test_verdict import WELL
record_self_test(station=Station.objects.get(room={room}), occasion=TestOccasion.NIGHT, booking_id=None,
                 measures=replace(WELL, sound_dbfs=None), now=timezone.now())
"""

SETTINGS = {
    "door_opens_minutes": "30",
    "fallback_url": "https://secours.example/{reference}",
    "help_phone": "0296000000",
    "help_ring_seconds": "8",
}


@pytest.fixture(scope="module")
def house() -> Iterator[PrivateServer]:
    with private_server(**SETTINGS) as server:
        server.start()
        yield server


@pytest.fixture(scope="module")
def rooms(house: PrivateServer) -> list[LinkedRoom]:
    return make_linked_rooms(house, 3)


@pytest.fixture(scope="module")
def session(house: PrivateServer) -> str:
    """The session of an operator."""
    return house.run("shell", "-v", "0", "-c", f"{SIGN_IN}print(session.session_key)").strip().splitlines()[-1]


@pytest.fixture
def context(browser: Browser, house: PrivateServer, session: str) -> Iterator[BrowserContext]:
    opened = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", base_url=house.url)
    opened.add_cookies([{"name": "sessionid", "value": session, "url": house.url}])
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


@pytest.fixture
def desk(context: BrowserContext, rooms: list[LinkedRoom]) -> Page:
    page = context.new_page()
    page.goto("/conciergerie")
    expect(page.locator(".desk__row")).to_have_count(len(rooms))
    return page


HEARS = """async () => {
  const voice = document.querySelector('[data-line-audio]').srcObject;
  if (!voice) return false;
  const context = new AudioContext(), analyser = context.createAnalyser(), samples = new Float32Array(2048);
  context.createMediaStreamSource(voice).connect(analyser);
  for (let turn = 0; turn < 100; turn++) {
    await new Promise((next) => setTimeout(next, 100));
    analyser.getFloatTimeDomainData(samples);
    if (samples.some((sample) => Math.abs(sample) > 0.01)) return true;
  }
  return false;
}"""
"""Whether the other's voice comes out within ten seconds: Chromium's fake microphone beeps once a second."""


def barriers(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['target']}" for rule in found]


def test_the_desk_raises_no_barrier_and_fits_a_small_phone(desk: Page, rooms: list[LinkedRoom]) -> None:
    desk.set_viewport_size({"width": 320, "height": 640})
    for scheme in ("light", "dark"):
        desk.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert barriers(desk) == []
        assert desk.evaluate("document.documentElement.scrollWidth") <= 320
    for address in (
        "/conciergerie/postes",
        "/conciergerie/incidents",
        "/conciergerie/mur",
        desk.locator("[data-row]").first.get_attribute("href") or "",
    ):
        desk.goto(address)
        assert barriers(desk) == []
        assert desk.evaluate("document.documentElement.scrollWidth") <= 320


def test_one_goes_from_meeting_to_meeting_and_into_one_by_keyboard(desk: Page) -> None:
    ids = [row.get_attribute("id") for row in desk.locator("[data-row]").all()]
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    assert desk.evaluate("document.activeElement.id") == ids[1]
    with desk.expect_response("**/conciergerie"):
        pass  # the board was swapped meanwhile
    desk.wait_for_timeout(300)
    assert desk.evaluate("document.activeElement.id") == ids[1]
    desk.keyboard.press("k")
    desk.keyboard.press("Enter")
    desk.locator("#meeting").wait_for()


def test_a_room_that_turns_red_comes_up_without_a_gesture(
    desk: Page, house: PrivateServer, rooms: list[LinkedRoom]
) -> None:
    house.run("shell", "-v", "0", "-c", _DEAF.format(room=rooms[2].room_id))
    desk.locator("[data-role=rooms]", has_text=rooms[2].point).wait_for()
    row = desk.locator(f"[data-reference='{rooms[2].reference}']")
    expect(row).to_contain_text("l’essai de sa salle est rouge")
    expect(row).to_have_attribute("data-state", "trouble")


def test_what_the_desk_shows_in_a_room_is_read_there(
    browser: Browser, desk: Page, house: PrivateServer, rooms: list[LinkedRoom]
) -> None:
    there = browser.new_context(locale="fr-FR", base_url=house.url)
    screen = rooms[0].lend_key(there, house)
    screen.goto("/station")
    screen.wait_for_selector("[data-kind=door]")
    desk.locator(f"[data-reference='{rooms[0].reference}'] [data-row]").click()
    side = desk.locator(".side", has_text="Plougasnou")
    side.get_by_label("Message affiché dans la salle").fill("Nous arrivons dans deux minutes.")
    side.get_by_role("button", name="L’afficher").click()
    desk.get_by_text("L’écran le fait aussitôt").wait_for()
    side.get_by_role("button", name="Sonner dans la salle").click()
    screen.get_by_text("La conciergerie : Nous arrivons dans deux minutes.").wait_for()
    expect(screen.locator("[data-part=help-dialog]")).to_contain_text("La conciergerie appelle cette salle")
    side.get_by_role("button", name="Y ouvrir la réunion").click()
    screen.wait_for_selector("html[data-phase=in]", timeout=30_000)
    desk.goto("/conciergerie")
    expect(desk.locator(f"[data-reference='{rooms[0].reference}'] .chip").first).to_contain_text("présent")
    there.close()


def test_a_ticket_is_opened_told_and_closed(desk: Page, rooms: list[LinkedRoom]) -> None:
    desk.locator(f"[data-reference='{rooms[1].reference}'] [data-row]").click()
    desk.get_by_text("Ouvrir un ticket").click()
    desk.select_option("[name=cause]", "sound")
    desk.get_by_label("Ce que l’on sait").fill("Le micro est muet.")
    desk.get_by_role("button", name="Ouvrir ce ticket").click()
    ticket = desk.locator("[data-ticket]").filter(has_text="Le micro est muet.")
    expect(ticket).to_have_count(1)
    ticket.get_by_label("Ce qui a été fait").fill("Câble rebranché.")
    ticket.get_by_role("button", name="Fermer le ticket").click()
    expect(ticket).to_contain_text("Câble rebranché.")
    assert ticket.get_by_role("button", name="Fermer le ticket").count() == 0


def test_one_touch_in_the_room_speaks_to_the_desk_in_one_press(
    browser: Browser, desk: Page, house: PrivateServer, rooms: list[LinkedRoom]
) -> None:
    there = browser.new_context(locale="fr-FR", base_url=house.url, permissions=["microphone"])
    screen = rooms[1].lend_key(there, house)
    screen.goto("/station")
    screen.wait_for_selector("[data-kind=door]")
    screen.get_by_role("button", name="Aide").click()
    expect(screen.locator("[data-line-says]")).to_contain_text("Ça sonne à la conciergerie")
    expect(screen.locator("[data-part=help-dialog]")).to_contain_text("02")
    assert barriers(screen) == []
    panel = desk.locator("#desk-line")
    expect(panel.get_by_role("button", name="Répondre à")).to_contain_text("Plougasnou")
    assert barriers(desk) == []
    desk.keyboard.press("r")
    for page in (screen, desk):
        expect(page.locator("[data-line-says]")).to_contain_text("Vous parlez avec")
        assert page.evaluate(HEARS)
    panel.get_by_role("button", name="Raccrocher").click()
    expect(screen.locator("[data-line-says]")).to_contain_text("L’appel est terminé")
    desk.goto("/conciergerie")
    expect(desk.locator("[data-call=ended]")).to_contain_text("Maëlle Riou")
    there.close()


def test_a_side_at_its_door_is_told_what_comes_next_when_nobody_answers(
    browser: Browser, house: PrivateServer, rooms: list[LinkedRoom]
) -> None:
    there = browser.new_context(locale="fr-FR", base_url=house.url, permissions=["microphone", "camera"])
    page = there.new_page()
    page.goto(rooms[1].other)
    page.get_by_role("button", name="Être aidé").click()
    page.get_by_role("button", name="Parler à la conciergerie").click()
    expect(page.locator("[data-line-says]")).to_contain_text("nous vous rappelons", timeout=20_000)
    there.close()


def test_one_rehearses_alone_in_three_gestures_and_the_echo_answers(
    browser: Browser, desk: Page, house: PrivateServer, rooms: list[LinkedRoom]
) -> None:
    home = browser.new_context(locale="fr-FR", base_url=house.url, viewport={"width": 320, "height": 700})
    page = home.new_page()
    page.goto(f"{rooms[2].other}/essai")
    page.get_by_role("button", name="Commencer").click()
    page.get_by_role("button", name="Le jouer").click()
    page.get_by_role("button", name="Je l’entends").click()
    page.get_by_role("button", name="Dire « Bonjour").click()
    page.get_by_role("button", name="Écouter ma phrase").click()
    page.get_by_role("button", name="C’est bien ma voix").click()
    expect(page.locator("#verdict")).to_have_text("Tout va bien : vous êtes prêt.")
    page.get_by_role("button", name="Parler à l’écho").click()
    expect(page.locator("[data-gesture=echo] [data-says]")).to_contain_text("votre voix revient")
    assert page.evaluate(HEARS.replace("[data-line-audio]", "[data-back]"))
    page.get_by_role("button", name="Il me répond").click()
    expect(page.locator("[data-done=yes]")).to_have_count(4)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    desk.locator(f"[data-reference='{rooms[2].reference}'] [data-row]").click()
    expect(desk.locator("[data-trial=green]")).to_contain_text("tout va bien")
    home.close()


def test_what_a_room_says_to_the_desk_in_a_meeting_is_not_heard_by_the_meeting(
    browser: Browser,
    desk: Page,
    house: PrivateServer,
    rooms: list[LinkedRoom],
) -> None:
    there, elsewhere = (
        browser.new_context(locale="fr-FR", base_url=house.url, permissions=["microphone", "camera"]) for _side in "ab"
    )
    screen, other = rooms[1].lend_key(there, house), elsewhere.new_page()
    screen.goto("/station")
    screen.wait_for_selector("[data-kind=door]")
    screen.keyboard.press("Space")
    other.goto(rooms[1].other)
    other.click("#enter")
    for page in (screen, other):
        page.wait_for_selector(".tile[data-line=connected]")
    of_the_room = HEARS.replace("[data-line-audio]", "[data-tile-audio]")
    assert other.evaluate(of_the_room)
    other.evaluate("document.querySelector('[data-act=chat]').click()")
    other.fill("#chat-text", "Le plan est au mur.")
    other.press("#chat-text", "Enter")
    expect(screen.locator("#captions")).to_contain_text("Lannion : Le plan est au mur.")
    screen.locator("#bar").get_by_role("button", name="Aide").click()
    expect(desk.locator("#desk-line").get_by_role("button", name="Répondre à")).to_contain_text("Plougasnou")
    desk.keyboard.press("r")
    expect(screen.locator("#help [data-line-says]")).to_contain_text("Vous parlez avec")
    assert desk.evaluate(HEARS)
    expect(other.locator("[data-tile-muted]")).to_be_visible()
    assert not other.evaluate(of_the_room)
    screen.locator("#help").get_by_role("button", name="Raccrocher").click()
    expect(other.locator("[data-tile-muted]")).to_be_hidden()
    assert other.evaluate(of_the_room)
    there.close()
    elsewhere.close()
