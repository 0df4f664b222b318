"""Documents turned together, a room's second screen, and minutes, in real browsers."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Locator, Page, Playwright, WebSocketRoute, expect

from maillage.conference.tests.papers import make_pdf
from maillage.config.private_server import PrivateServer
from maillage.config.rehearsal.browsers import until
from tests.agents import SIGN_IN, check
from tests.meetings import enter, make_meetings, site
from tests.stations import LinkedRoom, make_linked_rooms

pytestmark = pytest.mark.browser
DRAWN = "picture => picture.complete && picture.naturalWidth"


@pytest.fixture(scope="module")
def rooms(server: PrivateServer) -> Iterator[LinkedRoom]:
    """Linked rooms, one for each test that takes one."""
    return iter(make_linked_rooms(server, 2))


@pytest.fixture
def room(rooms: Iterator[LinkedRoom]) -> LinkedRoom:
    return next(rooms)


@pytest.fixture
def pages(playwright: Playwright, server: PrivateServer) -> Iterator[list[Page]]:
    with ExitStack() as stack:
        here = stack.enter_context(site(playwright, server, 440))
        contexts = [stack.enter_context(here.context()) for _side in range(2)]
        links = make_meetings(server, 1)[0]
        yield [enter(context.new_page(), link) for context, link in zip(contexts, links, strict=True)]


def test_what_is_shown_goes_to_the_second_screen_of_a_room_by_itself(
    playwright: Playwright, server: PrivateServer, room: LinkedRoom
) -> None:
    with site(playwright, server, 440) as here, here.context() as there, here.context() as away:
        second = there.new_page()
        second.goto("/station/ecran")
        expect(second.locator("[data-part=clock]")).to_be_visible()
        main = room.lend_key(there, server)
        main.goto("/station")
        main.get_by_role("link", name="Entrer en réunion").click()
        main.wait_for_selector("html[data-phase=in][data-second-screen]")
        lannion = enter(away.new_page(), room.other)

        press(lannion, "Montrer")
        plan = FilePayload(name="Plan.pdf", mimeType="application/pdf", buffer=make_pdf(2))
        lannion.get_by_label("Un document (PDF)").set_input_files(plan)
        expect(second.get_by_role("img", name="Page 1 de « Plan »")).to_be_visible()
        expect(main.locator(".tile")).to_be_visible()
        expect(main.locator("#board")).to_be_hidden()
        press(lannion, "Montrer du doigt")
        lannion.locator("[data-board-page]").hover(position={"x": 90, "y": 60})
        expect(second.locator("[data-part=pointer]")).to_be_visible()
        press(lannion, "Ranger le document")
        expect(second.locator("[data-part=pointer]")).to_be_hidden()
        expect(second.locator("[data-part=clock]")).to_be_visible()

        lannion.evaluate("window.rehearsal.fakeScreen()")
        press(lannion, "Montrer")
        press(lannion, "Un écran ou une fenêtre")
        video = second.locator("[data-part=video]")
        expect(video).to_be_visible()
        assert until(lambda: video.evaluate("video => video.videoWidth") > 0)
        press(lannion, "Ne plus montrer")
        expect(second.locator("[data-part=clock]")).to_be_visible()


def test_a_second_screen_on_a_machine_of_its_own_is_linked_once_and_then_fed_by_itself(
    playwright: Playwright, server: PrivateServer, room: LinkedRoom
) -> None:
    session = server.run("shell", "-v", "0", "-c", f"{SIGN_IN}print(session.session_key)").strip().splitlines()[-1]
    with site(playwright, server, 440) as here, ExitStack() as stack:
        machine, there, away, desk = (stack.enter_context(here.context()) for _one in range(4))
        desk.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
        second, agent = machine.new_page(), desk.new_page()
        cut = cuttable_wire(second)
        code = link_by_its_code(second, agent, room)
        main = room.lend_key(there, server)
        main.goto("/station")
        main.get_by_role("link", name="Entrer en réunion").click()
        main.wait_for_selector("html[data-phase=in][data-second-screen]")
        lannion = enter(away.new_page(), room.other)
        screen_is_seen(lannion, second)
        page_is_seen(lannion, second)
        expect(main.locator(".tile")).to_be_visible()
        expect(main.locator("#board")).to_be_hidden()

        cut(True)
        expect(second.locator("[data-part=offline]")).to_be_visible(timeout=10_000)
        expect(second.locator("[data-part=clock]")).to_be_visible()
        expect(main.locator("#board")).to_be_visible(timeout=10_000)
        cut(False)
        expect(second.locator("[data-part=page]")).to_be_visible(timeout=25_000)

        agent.goto("/station/associer")
        agent.get_by_role("button", name=re.compile(f"Dissocier le deuxième écran.*{room.point}")).click()
        expect(code).to_be_visible()
        main.wait_for_selector("html:not([data-second-screen])")
        expect(main.locator("#board")).to_be_visible(timeout=10_000)


def link_by_its_code(second: Page, agent: Page, room: LinkedRoom) -> Locator:
    """Link a screen that shows a code; return where it showed it."""
    second.set_viewport_size({"width": 1280, "height": 720})
    second.goto("/station/ecran")
    code = second.locator("[data-part=code]")
    expect(code).to_be_visible()
    expect(code).to_have_text(re.compile(r"^\w{3} \w{3}$"))
    expect(second.locator("[data-part=clock]")).to_be_visible()
    reads_at_three_metres(second, "code", "pair-how")
    no_barrier(second)
    agent.goto("/station/associer")
    agent.get_by_label("Code affiché").fill(code.inner_text())
    agent.locator("[name=room]").select_option(str(room.room_id))
    press(agent, "Associer cet écran")
    expect(agent.get_by_role("status")).to_contain_text("C’est fait : c’est maintenant le deuxième écran")
    expect(second.locator("[data-part=place]")).to_contain_text(room.point)
    expect(code).to_be_hidden()
    reads_at_three_metres(second, "clock", "day", "place")
    no_barrier(second)
    return code


def screen_is_seen(presenter: Page, second: Page) -> None:
    """A shown screen is seen on the second one, which may start again meanwhile."""
    presenter.evaluate("window.rehearsal.fakeScreen()")
    press(presenter, "Montrer")
    press(presenter, "Un écran ou une fenêtre")
    video = second.locator("[data-part=video]")
    expect(video).to_be_visible()
    assert until(lambda: video.evaluate("video => video.videoWidth") > 0)
    second.reload()
    assert until(lambda: video.evaluate("video => video.videoWidth") > 0, seconds=20)
    press(presenter, "Ne plus montrer")
    expect(second.locator("[data-part=clock]")).to_be_visible()


def page_is_seen(presenter: Page, second: Page) -> None:
    """A page, and where somebody points on it, are seen on the second screen by its own address."""
    press(presenter, "Montrer")
    plan = FilePayload(name="Plan.pdf", mimeType="application/pdf", buffer=make_pdf(2))
    presenter.get_by_label("Un document (PDF)").set_input_files(plan)
    picture = second.get_by_role("img", name="Page 1 de « Plan »")
    expect(picture).to_be_visible()
    expect(picture).to_have_attribute("src", re.compile(r"^/station/ecran/page/\d+/1$"))
    assert until(lambda: picture.evaluate(DRAWN) == 1920)
    press(presenter, "Montrer du doigt")
    presenter.locator("[data-board-page]").hover(position={"x": 90, "y": 60})
    expect(second.locator("[data-part=pointer]")).to_be_visible()


def cuttable_wire(page: Page) -> Callable[[bool], None]:
    """Return what cuts the wire of a second screen, or lets it come back."""
    wires: list[WebSocketRoute] = []
    state = {"is_cut": False}

    def route(wire: WebSocketRoute) -> None:
        if state["is_cut"]:
            wire.close(code=1012)
        else:
            wire.connect_to_server()
            wires.append(wire)

    def cut(is_cut: bool) -> None:
        state["is_cut"] = is_cut
        if is_cut:
            wires[-1].close(code=1012)

    page.route_web_socket(re.compile("/station/ecran/fil"), route)
    return cut


def reads_at_three_metres(page: Page, *parts: str) -> None:
    """Letters that matter are 4 hundredths of the screen's height at least."""
    for part in parts:
        size = page.locator(f"[data-part={part}]").evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
        assert size >= 0.04 * page.evaluate("innerHeight"), part


def no_barrier(page: Page) -> None:
    """No fault for axe at both widths, nothing to scroll sideways."""
    found = Axe().run(page).response["violations"]
    assert [f"{rule['id']}: {rule['nodes'][0]['target']}" for rule in found] == []
    check(page)


def test_minutes_are_kept_as_they_are_written_and_sent(pages: list[Page]) -> None:
    writer, reader = (page.context.new_page() for page in pages)
    for page, seat in zip((writer, reader), pages, strict=True):
        page.goto(f"{seat.url.split('?')[0]}/compte-rendu")
    expect(writer.get_by_label("Qui était là")).to_have_value(re.compile("Callac"))
    writer.get_by_label("Ce qui a été décidé").fill("On refait le toit.")
    expect(writer.locator("[data-kept]")).to_contain_text("Gardé à")
    reader.get_by_label("Ce qui a été décidé").fill("On ne refait rien.")
    expect(reader.get_by_role("alert")).to_contain_text("Quelqu’un d’autre a écrit")
    press(reader, "Garder mon texte")
    expect(reader.locator("[data-kept]")).to_contain_text("Gardé à")
    writer.reload()
    expect(writer.get_by_label("Ce qui a été décidé")).to_have_value("On ne refait rien.")
    press(writer, "Ajouter une ligne")
    writer.get_by_label("Quoi").last.fill("Demander trois devis")
    press(writer, "Envoyer à tous")
    expect(writer.get_by_role("status").first).to_contain_text("Le compte rendu part vers tous.")
    expect(writer.get_by_label("Quoi").first).to_have_value("Demander trois devis")
    found = Axe().run(writer).response["violations"]
    assert [f"{rule['id']}: {rule['nodes'][0]['target']}" for rule in found] == []
    writer.set_viewport_size({"width": 320, "height": 640})
    assert writer.evaluate("document.documentElement.scrollWidth") <= 320


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


def test_a_shown_screen_is_pointed_at_and_who_shows_it_reads_where(pages: list[Page]) -> None:
    callac, rennes = pages
    callac.evaluate("window.rehearsal.fakeScreen()")
    press(callac, "Montrer")
    press(callac, "Un écran ou une fenêtre")
    screen = rennes.locator("[data-tile-screen]")
    assert until(lambda: screen.evaluate("video => video.videoWidth") > 0)
    press(rennes, "Montrer du doigt sur l’écran")
    box = screen.bounding_box()
    assert box
    rennes.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.5)
    rennes.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5, steps=3)
    expect(rennes.locator("[data-tile-pointer]")).to_be_visible()
    expect(callac.locator("[data-pointed-at]")).to_have_text("Rennes montre du doigt votre écran : au milieu.")
    for _press in range(20):
        rennes.locator("[data-tile-point]").press("ArrowUp")
        rennes.wait_for_timeout(110)
    expect(callac.locator("[data-pointed-at]")).to_have_text("Rennes montre du doigt votre écran : en haut.")
    found = Axe().run(rennes).response["violations"]
    assert [f"{rule['id']}: {rule['nodes'][0]['target']}" for rule in found] == []
    press(rennes, "Montrer du doigt sur l’écran")
    expect(rennes.locator("[data-tile-pointer]")).to_be_hidden()
    expect(callac.locator("[data-pointed-at]")).to_have_text("")
    press(callac, "Ne plus montrer")
    expect(rennes.locator("[data-tile-point]")).to_be_hidden()
