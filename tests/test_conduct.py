"""Leading a meeting, in real browsers: hands, the floor, the door, written lines, the code."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Playwright

from maillage.config.private_server import PrivateServer, private_server
from maillage.config.rehearsal.browsers import frames_decoded, until
from tests.meetings import Site, enter, make_meetings, site

pytestmark = pytest.mark.browser
NAMES = ("Ouessant", "Houat", "Rennes")
DROP = """() => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(["a"], "budget.pdf"));
  const dropped = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
  document.querySelector("#panel-chat").dispatchEvent(dropped);
}"""


@pytest.fixture(scope="module")
def house() -> Iterator[PrivateServer]:
    with private_server(door_opens_minutes="30", help_phone="0296000000") as server:
        server.start()
        yield server


@pytest.fixture(scope="module")
def place(playwright: Playwright, house: PrivateServer) -> Iterator[Site]:
    with site(playwright, house, 440) as one:
        yield one


@pytest.fixture(scope="module")
def meetings(house: PrivateServer) -> Iterator[list[str]]:
    return iter(make_meetings(house, 4, names=NAMES))


@pytest.fixture
def links(meetings: Iterator[list[str]]) -> list[str]:
    return next(meetings)


@pytest.fixture
def contexts(place: Site) -> Iterator[list[BrowserContext]]:
    with ExitStack() as stack:
        yield [stack.enter_context(place.context()) for _name in NAMES]


@pytest.fixture
def pages(contexts: list[BrowserContext], links: list[str]) -> list[Page]:
    """Three sides, in the meeting, the organiser's first."""
    return [enter(context.new_page(), link) for context, link in zip(contexts, links, strict=True)]


def open_sides(page: Page) -> None:
    page.get_by_role("button", name="Les lieux").click()
    page.locator("#panel-sites").wait_for()


def test_hands_the_floor_and_an_own_microphone(pages: list[Page]) -> None:
    ouessant, houat, rennes = pages
    rennes.get_by_role("button", name="Lever la main").click()
    rennes.get_by_role("button", name="Baisser la main").wait_for()
    houat.keyboard.press("l")
    open_sides(ouessant)
    hands = ouessant.locator("#hands > li")
    hands.nth(1).wait_for()
    assert [hands.nth(rank).locator("[data-name]").inner_text() for rank in (0, 1)] == ["Rennes", "Houat"]
    hands.nth(1).get_by_role("button", name="Plus tôt").click()
    ouessant.locator("#hands > li:first-child [data-name]", has_text="Houat").wait_for()
    ouessant.get_by_label("Comment on parle").select_option("strict")
    rennes.get_by_role("button", name="La parole est à un autre lieu").wait_for()
    rennes.locator("#muted-note").wait_for()
    ouessant.get_by_label("Temps de chaque prise").select_option("2")
    hands.first.get_by_role("button", name="Donner la parole").click()
    houat.locator("#told", has_text="Vous avez la parole").wait_for()
    houat.locator("#muted-note").wait_for()
    houat.get_by_role("button", name="Remettre le son").click()
    rennes.locator("#floor-line", has_text="Houat a la parole, encore 1:").wait_for()
    silenced = (
        "page => [...document.querySelectorAll('.tile')].map(t => [t.dataset.party, t.querySelector('audio').muted])"
    )
    assert [muted for _party, muted in sorted(ouessant.evaluate(silenced))] == [False, True]
    houat.get_by_role("button", name="J’ai fini").click()
    houat.locator("#muted-note").wait_for()
    axe = Axe().run(ouessant)
    assert axe.violations_count == 0, axe.generate_report()


def test_where_someone_opens_one_waits_at_the_door_and_lines_are_read_by_late_comers(
    contexts: list[BrowserContext], links: list[str]
) -> None:
    ouessant = enter(contexts[0].new_page(), links[0])
    open_sides(ouessant)
    ouessant.get_by_label("Qui peut entrer").select_option("knock")
    ouessant.get_by_role("button", name="Écrire").click()
    ouessant.get_by_label("Votre message").fill("<b>Bienvenue</b> à tous")
    ouessant.keyboard.press("Enter")
    ouessant.get_by_text("<b>Bienvenue</b> à tous").wait_for()
    ouessant.evaluate(DROP)
    ouessant.get_by_text("Les fichiers ne passent pas par ici").wait_for()
    houat = contexts[1].new_page()
    houat.goto(links[1])
    houat.click("#enter")
    houat.get_by_role("heading", name="Vous êtes à la porte.").wait_for()
    assert Axe().run(houat).violations_count == 0
    ouessant.get_by_text("Houat demande à entrer, depuis un ordinateur.").last.wait_for()
    assert ouessant.evaluate("document.activeElement.id") == "chat-text"
    assert ouessant.locator(".tile").count() == 0
    ouessant.get_by_role("button", name="Ouvrir", exact=True).click()
    houat.wait_for_selector("html[data-phase=in]")
    houat.keyboard.press("t")
    houat.get_by_text("<b>Bienvenue</b> à tous").wait_for()
    ouessant.locator("#knocks").wait_for(state="hidden")
    rennes = contexts[2].new_page()
    rennes.goto(links[2])
    rennes.click("#enter")
    ouessant.get_by_role("button", name="Pas maintenant").click()
    rennes.get_by_role("heading", name="Ceux qui sont à l’intérieur ne peuvent pas vous ouvrir maintenant.").wait_for()


def test_a_guest_with_the_code_comes_in_and_two_sides_stay_in_the_corridor(
    place: Site, contexts: list[BrowserContext], links: list[str]
) -> None:
    ouessant, houat = (enter(context.new_page(), link) for context, link in zip(contexts[:2], links[:2], strict=True))
    open_sides(ouessant)
    code = ouessant.locator(".panel__code strong").inner_text()
    with place.context() as elsewhere:
        guest = elsewhere.new_page()
        guest.goto("/rejoindre")
        guest.fill("#join-code", f"{code[:3]} {code[3:]}")
        guest.keyboard.press("Enter")
        guest.get_by_label("Votre nom").fill("Mairie de Groix")
        assert Axe().run(guest).violations_count == 0
        guest.get_by_role("button", name="Aller à la porte").click()
        guest.click("#enter")
        guest.wait_for_selector("html[data-phase=in]")
        ouessant.locator(".tile", has_text="Mairie de Groix").wait_for()
        houat.locator(".tile", has_text="Mairie de Groix").wait_for()
    ouessant.get_by_role("button", name="Terminer pour tous").click()
    ouessant.locator("#end-confirmed").click()
    for page, other in ((ouessant, "Houat"), (houat, "Ouessant")):
        page.wait_for_url("**/apres")
        page.get_by_role("button", name=f"Parler avec {other}").click()
    assert Axe().run(houat).violations_count == 0
    for page, other in ((ouessant, "Houat"), (houat, "Ouessant")):
        page.get_by_role("link", name=f"Parler avec {other}").click()
        page.click("#enter")
        page.wait_for_selector("html[data-phase=in]")
    for page in (ouessant, houat):
        assert until(lambda page=page: frames_decoded(page) > 5, seconds=15)  # type: ignore[misc]
        assert page.locator(".tile").count() == 1
    assert ouessant.get_by_role("button", name="Terminer pour tous").count() == 0
    for page in (ouessant, houat):
        page.get_by_role("button", name="Quitter").click()
        page.wait_for_url("**/apres")
