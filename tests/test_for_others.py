"""Booked by telephone, opened to the public, lent at once, opened on request: one server, by hand, at 320 px too."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from maillage.config.private_server import PrivateServer, private_server
from tests.agents import SIGN_IN, check, letter_link, signed_in, visitor

pytestmark = pytest.mark.browser

_WORLD = """
from maillage.actors.models import Organisation, Part, Role
from maillage.points.tests.factories import make_point, make_room
for town in ("Callac", "Rennes", "Quimper"):
    make_room(make_point(commune=town, hours="24/7"))
make_room(make_point(commune="Lannion", hours="Mo-Fr 09:00-17:00", request_hours="Mo-Su 07:00-23:00"))
Role.objects.create(user=agent, organisation=Organisation.objects.get(name="Mairie de Lannion"), part=Part.OFFICER)
print(session.session_key)
"""


@pytest.fixture(scope="module")
def house() -> Iterator[PrivateServer]:
    with private_server() as server:
        server.start()
        yield server


@pytest.fixture(scope="module")
def session(house: PrivateServer) -> str:
    """The session of an agent of two rooms that never close."""
    return house.run("shell", "-v", "0", "-c", SIGN_IN + _WORLD).strip().splitlines()[-1]


@pytest.fixture
def agent(browser: Browser, house: PrivateServer, session: str) -> Iterator[BrowserContext]:
    opened = signed_in(browser, house, session)
    yield opened
    opened.close()


@dataclass
class Typist:
    """Somebody who types slowly, counted by the keystroke-level model (Card, Moran and Newell, 1980).

    0.5 s a key, as for random letters; 0.4 s to move the hand, 1.35 s to think before each field or press.
    """

    fields: int = 0
    keys: int = 0
    presses: int = 0

    def fill(self, field: Locator, text: str) -> None:
        """Fill in a field, and count it with the key that leads to the next."""
        field.fill(text)
        self.fields += 1
        self.keys += len(text) + 1

    def press(self) -> None:
        """Count a press of a button."""
        self.presses += 1

    @property
    def seconds(self) -> float:
        """How long all of it takes them."""
        return 0.5 * self.keys + (0.4 + 1.35) * (self.fields + self.presses)


def test_a_caller_is_booked_on_one_screen_the_meeting_opened_to_the_public_and_the_caller_known_again(
    agent: BrowserContext,
) -> None:
    page = agent.new_page()
    page.goto("/planning/pour-quelqu-un")
    check(page)
    began, typist = time.monotonic(), Typist()
    typist.fill(page.get_by_label("Qui appelle"), "Menuiserie Riou")
    typist.fill(page.get_by_label("Son adresse ou son téléphone"), "06 12 34 56 78")
    typist.fill(page.get_by_role("combobox", name="Avec qui"), "Rennes")
    typist.fill(page.get_by_label("Jour", exact=True), (date.today() + timedelta(days=2)).isoformat())
    page.get_by_label("Jour", exact=True).press("Tab")
    page.get_by_role("button", name="Réserver pour eux").click()
    expect(page.get_by_text("quelqu’un sur place démarre")).to_be_visible()
    typist.press()
    assert typist.fields <= 4
    assert typist.seconds + time.monotonic() - began < 60, "one screen, less than a minute, while they are on the line"
    page.get_by_role("link", name="L’ouvrir au public").click()
    check(page)
    page.get_by_label("Titre de la séance").fill("Cité des métiers")
    page.get_by_label("De quoi il s’agit").fill("Trouver sa voie, avec ceux qui l’ont trouvée.")
    page.get_by_label("Places à Point de Rennes").fill("1")
    page.get_by_role("button", name="Publier la séance").click()
    expect(page.get_by_role("heading", name="Cité des métiers")).to_be_visible()
    check(page)
    for reach, said in (("jeanne@example.org", "Votre place est gardée"), ("yann@example.org", "en liste d’attente")):
        page.goto("/seances")
        page.get_by_role("link", name="Cité des métiers").click()
        page.get_by_label("Point de Rennes").check()
        page.get_by_label("Votre nom").fill("Jeanne")
        page.get_by_label("Votre adresse").fill(reach)
        page.get_by_role("button", name="Prendre ma place").click()
        expect(page.get_by_role("status")).to_contain_text(said)
    page.goto("/planning/pour-quelqu-un")  # the caller is known from now on: a press fills in what they said
    page.get_by_label("Qui appelle").press_sequentially("riou")
    page.get_by_role("button", name="Menuiserie Riou").click()
    expect(page.get_by_label("Son adresse ou son téléphone")).to_have_value("0612345678")


def test_a_room_is_lent_at_once(agent: BrowserContext) -> None:
    page = agent.new_page()
    page.goto("/depannage")
    check(page)
    page.get_by_role("combobox", name="Où êtes-vous").fill("Callac")
    page.get_by_role("button", name="Trouver une salle tout de suite").click()
    check(page)
    page.get_by_label("Votre nom").fill("Jeanne Riou")
    page.get_by_label("Votre adresse").fill("jeanne@atelier.example")
    page.get_by_role("button", name="Prendre cette salle tout de suite").click()
    expect(page.get_by_role("link", name="Essayer ma caméra")).to_be_visible()


def ask_for_an_opening(page: Page, name: str) -> str:
    """Ask Lannion to open in the evening, from the nearest miss of a search; return the page of the meeting."""
    page.goto(
        "/creneaux?place_1=Point+de+Lannion&people_1=2&place_2=Rennes&people_2=2&duration=60&when=next-week&part=evening"
    )
    expect(page.get_by_role("button", name="Demander cette ouverture")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Demander cette ouverture").click()
    check(page)
    for field, answer in (("name", name), ("email", "jeanne@atelier.example")):
        page.fill(f"[name={field}]", answer)
    page.select_option("[name=category]", "craft")
    page.locator("[data-role=confirm] [type=submit]").click()
    expect(page.get_by_text("Demande faite à Point de Lannion")).to_be_visible()
    check(page)
    return page.url


def test_a_room_is_asked_to_open_answered_in_one_press_then_at_another_hour(
    browser: Browser, agent: BrowserContext, house: PrivateServer
) -> None:
    people = visitor(browser, house)
    page = people.new_page()
    mine = ask_for_an_opening(page, "Jeanne Riou")
    page.goto(letter_link(page, "Réponse avant", "Accepter"))
    check(page)
    page.get_by_role("button", name="Oui, nous ouvrirons").click()
    expect(page.get_by_role("heading", name="Cette demande est réglée")).to_be_visible()
    check(page)
    page.goto(mine)
    expect(page.get_by_role("link", name="Essayer ma caméra")).to_be_visible()

    other = ask_for_an_opening(page, "Yann Riou")
    host = agent.new_page()
    host.goto("/planning/demandes")
    check(host)
    host.get_by_role("link", name="Refuser").click()
    check(host)
    host.get_by_role("link", name="Proposer une autre heure").click()
    check(host)
    host.get_by_label("Début, proposition 1").fill("09:00")
    host.get_by_role("button", name="Envoyer ces heures").click()
    expect(host.get_by_role("heading", name="Cette demande est réglée")).to_be_visible()
    page.goto(other)
    page.get_by_role("link", name="Choisir l'heure").click()
    check(page)
    page.get_by_role("button", name="9 h 00").click()
    expect(page.get_by_role("link", name="Essayer ma caméra")).to_be_visible()
    people.close()


def test_what_an_agent_sets_of_a_point_and_of_an_organisation(agent: BrowserContext) -> None:
    page = agent.new_page()
    page.goto("/planning/lieux/point-de-lannion")
    check(page)
    page.goto("/planning/organisations")
    expect(page.get_by_role("heading", name="Mairie de Lannion")).to_be_visible()
    check(page)
    page.get_by_label("Nom du programme").fill("Site de la mairie")
    page.get_by_role("button", name="Créer la clé d’accès").click()
    expect(page.locator("[data-role=token]")).to_contain_text("maillage_")
    check(page)
    page.get_by_text("Retirer cet accès").click()
    page.get_by_role("button", name="Le retirer maintenant").click()
    expect(page.get_by_role("status")).to_contain_text("Cet accès est retiré")


def test_the_desk_adds_keys_and_finds_one_to_lend_for_a_meeting_of_today(agent: BrowserContext) -> None:
    page = agent.new_page()
    page.goto("/depannage")
    page.get_by_role("combobox", name="Où êtes-vous").fill("Quimper")
    page.get_by_role("button", name="Trouver une salle tout de suite").click()
    page.get_by_label("Votre nom").fill("Soazig Riou")
    page.get_by_label("Votre adresse").fill("soazig@atelier.example")
    page.get_by_role("button", name="Prendre cette salle tout de suite").click()
    expect(page.get_by_role("link", name="Essayer ma caméra")).to_be_visible()
    page.goto("/planning/cles")
    for number, room in enumerate(("Callac", "Rennes", "Lannion", "Quimper")):
        if number:  # open at first, when there is no key
            page.get_by_text("Ajouter une clé").click()
        page.get_by_label("Salle", exact=True).select_option(label=f"Point de {room}, Salle de visioconférence")
        page.get_by_label("Écrit sur la clé").fill(f"{room} 1")
        page.get_by_role("button", name="Ajouter cette clé").click()
    expect(page.get_by_role("button", name="Prêter cette clé").first).to_be_visible()
    check(page)
