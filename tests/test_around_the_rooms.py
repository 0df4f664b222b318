"""The days of who looks after rooms: prices, who came, keys, who waits, a room that closes. One server, by hand."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from maillage.config.private_server import PrivateServer, private_server
from tests.agents import SIGN_IN, check, letter_link, signed_in, visitor

pytestmark = pytest.mark.browser

_WORLD = """
import json
from dataclasses import replace
from datetime import timedelta
from django.utils import timezone
from maillage.booking.models import Booking
from maillage.booking.selectors.bookings import organiser_token
from maillage.booking.services import book_slot
from maillage.booking.services.blocks import block_room
from maillage.booking.services.turnouts import follow_lifeless
from maillage.booking.tests.factories import ANNE, parties_in
from maillage.core.quarters import quarter_of
from maillage.points.tests.factories import make_point, make_room
towns = ("Callac", "Rennes", "Quimper", "Lannion", "Brest")
rooms = {town: make_room(make_point(commune=town, hours="24/7")) for town in towns}
now = timezone.now()
def book(name, towns, first, at):
    who = replace(ANNE, name=name, email=name.split()[0].lower() + "@atelier.example", title="", phone="")
    return book_slot(
        request_key=name, first_quarter=first, length=8, parties=parties_in([rooms[town] for town in towns]),
        time_zone="Europe/Paris", language="fr", contact=who, now=at,
    )
begun = now - timedelta(minutes=45)
book("Jeanne Riou", ("Callac", "Rennes"), quarter_of(now) - 1, begun)
book("Yann Kerros", ("Quimper", "Brest"), quarter_of(now) - 1, begun)
later = book("Soazig Morvan", ("Callac", "Quimper"), quarter_of(now) + 3 * 96, now)
days = {"first_quarter": quarter_of(now), "end_quarter": quarter_of(now) + 16 * 96}
block_room(room_id=rooms["Lannion"].pk, **days, note="Travaux", now=now)
follow_lifeless(now)
print(json.dumps({"session": session.session_key, "meeting": organiser_token(later)}))
"""
_SERVE_THE_LINE = """
from django.utils import timezone
from maillage.booking.services.waiting_line import serve_line
print(serve_line(timezone.now()))
"""


@pytest.fixture(scope="module")
def house() -> Iterator[PrivateServer]:
    with private_server(no_show_minutes="15") as server:
        server.start()
        yield server


@pytest.fixture(scope="module")
def seeded(house: PrivateServer) -> dict[str, Any]:
    """The session of an agent of five rooms, two of them in use, and the page of a meeting in three days."""
    printed = house.run("shell", "-v", "0", "-c", SIGN_IN + _WORLD)
    found: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    return found


@pytest.fixture
def agent(browser: Browser, house: PrivateServer, seeded: dict[str, Any]) -> Iterator[BrowserContext]:
    opened = signed_in(browser, house, seeded["session"])
    yield opened
    opened.close()


@pytest.fixture
def person(browser: Browser, house: PrivateServer, seeded: dict[str, Any]) -> Iterator[Page]:
    """Somebody who has no account."""
    opened = visitor(browser, house)
    yield opened.new_page()
    opened.close()


def test_who_is_there_keeps_the_rooms_in_one_press_and_who_is_not_gives_them_back(
    agent: BrowserContext, person: Page
) -> None:
    person.goto(letter_link(person, "Vous êtes là", "Nous sommes là, gardez les salles"))
    check(person)
    person.get_by_role("button", name="Nous sommes là").click()
    expect(person.get_by_role("status")).to_contain_text("C'est noté")
    check(person)
    page = agent.new_page()
    page.goto("/planning/presence")
    check(page)
    expect(page.get_by_text("ils l'ont dit par leur lien").first).to_be_visible()
    page.get_by_text("Personne n’est venu", exact=True).first.click()
    page.get_by_role("button", name="Personne n'est venu : rendre les salles").first.click()
    expect(page.get_by_text("personne n'est venu, rendue").first).to_be_visible()
    check(page)


def test_a_key_is_lent_for_a_meeting_and_comes_back(agent: BrowserContext) -> None:
    page = agent.new_page()
    page.goto("/planning/cles")
    for town in ("Callac", "Rennes", "Quimper", "Brest"):
        if not page.get_by_label("Écrit sur la clé").is_visible():
            page.get_by_text("Ajouter une clé").click()
        page.get_by_label("Salle", exact=True).select_option(label=f"Point de {town}, Salle de visioconférence")
        page.get_by_label("Écrit sur la clé").fill(f"{town} 1")
        page.get_by_role("button", name="Ajouter cette clé").click()
    page.get_by_role("button", name="Prêter cette clé").first.click()
    expect(page.get_by_text("Ils ont la clé").first).to_be_visible()
    check(page)
    page.get_by_role("button", name="Elle est revenue").click()
    expect(page.get_by_text("Toutes les clés sont là.")).to_be_visible()


def test_prices_are_read_as_visitors_will_before_they_are_saved(agent: BrowserContext, person: Page) -> None:
    page = agent.new_page()
    page.goto("/planning/lieux/point-de-callac/tarifs")
    check(page)
    page.get_by_label("Les prix écrits ci-dessous").check()
    page.locator("[name=row0-group]").select_option("everyone")
    page.locator("[name=row0-two-hours]").fill("trente")
    see = page.locator("button[value=see]:visible")
    see.click()
    expect(page.get_by_role("alert").first).to_contain_text("Quelque chose est à corriger")
    check(page)
    page.locator("[name=row0-two-hours]").fill("30")
    page.get_by_role("button", name="Ajouter un public").click()
    page.locator("[name=row1-group]").select_option("association")
    page.locator("[name=row1-two-hours]").fill("12,50")
    see.click()
    expect(page.get_by_role("heading", name="Associations")).to_be_visible()
    expect(page.get_by_text("12,50").first).to_be_visible()
    check(page)
    page.get_by_role("button", name="Corriger").click()
    page.locator("[name=row1-two-hours]").fill("10")
    see.click()
    page.get_by_role("button", name="Enregistrer ces tarifs").click()
    expect(page.get_by_role("status")).to_contain_text("C’est enregistré")
    person.goto(
        "/creneaux?place_1=Point+de+Callac&people_1=2&place_2=Rennes&people_2=2&duration=120&when=next-week&part=morning"
    )
    expect(person.locator("[data-role=proposal]").first).to_contain_text("30 €")


def test_a_slot_that_frees_is_offered_to_who_waits_and_taken_in_one_press(
    agent: BrowserContext, house: PrivateServer, person: Page
) -> None:
    person.goto(
        "/creneaux?place_1=Point+de+Lannion&people_1=2&place_2=Rennes&people_2=2&duration=60&when=next-week&part=morning"
    )
    person.get_by_role("link", name="Me prévenir").first.click()
    check(person)
    person.get_by_label("Votre nom").fill("Maël Tanguy")
    person.fill("[name=reach]", "mael@atelier.example")
    person.select_option("[name=category]", "association")
    person.get_by_role("button", name="Attendre").click()
    expect(person.get_by_role("heading", name="Vous êtes en liste d'attente.")).to_be_visible()
    check(person)
    place = person.url
    page = agent.new_page()
    page.goto("/planning/attente")
    expect(page.get_by_text("Maël Tanguy")).to_be_visible()
    check(page)
    page.goto(f"/planning?jour={(date.today() + timedelta(days=1)).isoformat()}")
    page.get_by_role("button", name="Libérer").click()
    expect(page.get_by_role("button", name="Libérer")).to_have_count(0)
    house.run("shell", "-v", "0", "-c", _SERVE_THE_LINE)
    person.goto(place)
    check(person)
    person.get_by_role("button", name="Je prends ce créneau").click()
    expect(person.get_by_role("link", name="Essayer ma caméra")).to_be_visible()
    person.goto(place)
    expect(person.get_by_role("heading", name="Le créneau est à vous.")).to_be_visible()


def test_a_room_that_closes_is_replaced_in_one_press(
    agent: BrowserContext, person: Page, seeded: dict[str, Any]
) -> None:
    page = agent.new_page()
    page.goto("/planning/lieux/point-de-quimper/fermer")
    check(page)
    page.locator("[name=first_day]").fill((date.today() + timedelta(days=1)).isoformat())
    page.get_by_label("Au, compris").fill((date.today() + timedelta(days=9)).isoformat())
    page.get_by_label("Raison").fill("Peinture")
    page.get_by_role("button", name="Voir quelles réunions sont concernées").click()
    expect(page.get_by_role("heading", name="1 réunion est concernée")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Fermer, et les prévenir").click()
    expect(page.get_by_role("heading", name="Réunions sans salle")).to_be_visible()
    check(page)
    person.goto(f"/reunion/{seeded['meeting']}")
    check(person)
    person.get_by_role("link", name="Choisir une autre salle").click()
    expect(person.get_by_role("heading", name="Libres à la même heure")).to_be_visible()
    check(person)
    person.locator("button[name=choice]").first.click()
    expect(person.get_by_role("link", name="Choisir une autre salle")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Chaque réunion a sa salle.")).to_be_visible()
