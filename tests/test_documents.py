"""A document shown in a meeting between two real browsers: turned together, looked at alone, kept after a reload."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright, expect

from maillage.conference.tests.papers import make_pdf
from maillage.config.private_server import PrivateServer
from tests.meetings import enter, make_meetings, site

pytestmark = pytest.mark.browser
DRAWN = "picture => picture.complete && picture.naturalWidth"


@pytest.fixture
def pages(playwright: Playwright, server: PrivateServer) -> Iterator[list[Page]]:
    with ExitStack() as stack:
        here = stack.enter_context(site(playwright, server, 440))
        contexts = [stack.enter_context(here.context()) for _side in range(2)]
        links = make_meetings(server, 1)[0]
        yield [enter(context.new_page(), link) for context, link in zip(contexts, links, strict=True)]


def looks_at(page: Page, number: int) -> None:
    """Wait until this side sees the page, drawn."""
    expect(page.locator("#board")).to_have_attribute("data-page", str(number))
    picture = page.locator("[data-board-page]")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate(DRAWN) == 1920


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def test_a_document_is_turned_together_pointed_at_looked_at_alone_and_kept(pages: list[Page]) -> None:
    callac, rennes = pages
    press(callac, "Montrer")
    file = callac.get_by_label("Un document (PDF)")
    file.set_input_files({"name": "Photo.pdf", "mimeType": "application/pdf", "buffer": b"not a document"})
    expect(callac.get_by_role("alert").filter(has_text="n’a pas pu être ouvert comme un PDF")).to_be_visible()
    file.set_input_files({"name": "Plan local.pdf", "mimeType": "application/pdf", "buffer": make_pdf(4)})
    for page in pages:
        looks_at(page, 1)
        expect(page.locator("#board")).to_contain_text("Plan local")
    press(callac, "Page suivante")
    for page in pages:
        looks_at(page, 2)

    press(callac, "Montrer du doigt")
    callac.locator("[data-board-page]").hover(position={"x": 90, "y": 60})
    expect(rennes.locator("[data-board-pointer]")).to_be_visible()
    press(callac, "Montrer du doigt")
    expect(rennes.locator("[data-board-pointer]")).to_be_hidden()

    press(rennes, "Page précédente")
    looks_at(rennes, 1)
    press(callac, "Page suivante")
    looks_at(callac, 3)
    expect(rennes.locator("[data-board-words]")).to_have_text(
        "Vous regardez seul la page 1 sur 4 ; la page 3 est montrée."
    )
    press(rennes, "Revenir à la page montrée")
    looks_at(rennes, 3)

    rennes.reload()
    rennes.wait_for_selector("html[data-phase=in]")
    looks_at(rennes, 3)
    press(rennes, "Page précédente")
    press(rennes, "Montrer cette page à tous")
    looks_at(callac, 2)

    found = Axe().run(callac).response["violations"]
    assert [f"{rule['id']}: {rule['nodes'][0]['target']}" for rule in found] == []
    callac.set_viewport_size({"width": 320, "height": 640})
    assert callac.evaluate("document.documentElement.scrollWidth") <= 320
    expect(callac.locator("[data-board-page]")).to_be_visible()
    press(callac, "Ranger le document")
    expect(rennes.locator("#board")).to_be_hidden()
