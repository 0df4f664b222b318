"""A room calls the desk in the middle of its meeting: rooms that nobody has called yet, a server of their own."""

import pytest
from playwright.sync_api import Browser, Page, expect

from maillage.config.private_server import PrivateServer
from tests.stations import LinkedRoom
from tests.test_desk import HEARS, context, desk, house, rooms, session  # noqa: F401  the same desk, made anew

pytestmark = pytest.mark.browser


def test_what_a_room_says_to_the_desk_in_a_meeting_is_not_heard_by_the_meeting(
    browser: Browser,
    desk: Page,  # noqa: F811
    house: PrivateServer,  # noqa: F811
    rooms: list[LinkedRoom],  # noqa: F811
) -> None:
    there, elsewhere = (
        browser.new_context(locale="fr-FR", base_url=house.url, permissions=["microphone", "camera"]) for _side in "ab"
    )
    screen, other = rooms[0].lend_key(there, house), elsewhere.new_page()
    screen.goto("/station")
    screen.wait_for_selector("[data-kind=door]")
    screen.keyboard.press("Space")
    other.goto(rooms[0].other)
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
