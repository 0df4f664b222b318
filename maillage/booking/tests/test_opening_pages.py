"""The pages on which a point answers: opening one changes nothing, one press does, and no link serves another."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from maillage.accounts.models import User
from maillage.actors.models import Part, Role
from maillage.booking.models import BookingStatus, HostLevel, OpeningRequest, OpeningStatus
from maillage.booking.selectors.bookings import organiser_token
from maillage.booking.selectors.openings import Answerer, agent_address, opening_address
from maillage.booking.services import accept_opening, cancel_booking
from maillage.booking.tests.factories import ANNE, NOW, make_booking, make_hold
from maillage.booking.tests.test_openings import EVENING, evening_rooms, make_request, refreshed
from maillage.booking.views.links import book_url
from maillage.points.models import Point
from maillage.points.tests.factories import make_point, make_room

pytestmark = pytest.mark.django_db
FRENCH = {"accept-language": "fr"}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        yield


@pytest.fixture
def opening() -> OpeningRequest:
    return make_request()


def page_of(opening: OpeningRequest, act: str = "", email: str = "accueil@callac.example") -> str:
    return opening_address(opening, email).removeprefix("http://localhost:8000") + act


def text_of(content: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", content.decode())).split())


@pytest.mark.parametrize("act", ["", "/accepter", "/autre-heure", "/refuser"])
def test_a_mail_scanner_that_opens_every_link_answers_nothing(
    client: Client, opening: OpeningRequest, act: str
) -> None:
    answer = client.get(page_of(opening, act), headers=FRENCH)
    text = text_of(answer.content)
    assert answer.status_code == 200
    assert "Anne Le Goff" in text
    assert "Réponse avant mercredi 25 novembre, 9 h 00" in text
    assert refreshed(opening).status == OpeningStatus.ASKED


def test_one_press_accepts_and_the_page_says_so(client: Client, opening: OpeningRequest) -> None:
    answer = client.post(page_of(opening, "/accepter"), headers=FRENCH, follow=True)
    assert "C'est accepté." in text_of(answer.content)
    assert refreshed(opening).booking.status == BookingStatus.CONFIRMED
    assert refreshed(opening).answered_by == "point"


def test_the_second_to_press_reads_that_somebody_already_answered(client: Client, opening: OpeningRequest) -> None:
    client.post(page_of(opening, "/accepter"))
    answer = client.post(page_of(opening, "/refuser"), {"cause": "nobody"}, headers=FRENCH)
    assert answer.status_code == 409
    assert "Quelqu'un a déjà répondu à cette demande : acceptée." in text_of(answer.content)


def test_a_refusal_asks_its_cause_and_passes_on_a_word(client: Client, opening: OpeningRequest) -> None:
    assert client.post(page_of(opening, "/refuser"), {"cause": "because"}).status_code == 422
    client.post(page_of(opening, "/refuser"), {"cause": "works", "note": "Peinture"})
    answer = client.get(f"/reunion/{organiser_token(opening.booking)}", headers=FRENCH)
    text = text_of(answer.content)
    assert "n'a pas pu accepter : des travaux ou une panne." in text
    assert "Peinture" in text
    assert "Ces heures sont libres pour les mêmes personnes" in text


def test_other_times_are_proposed_then_chosen_by_the_organiser(client: Client, opening: OpeningRequest) -> None:
    half = {"day_1": "2026-11-27", "time_1": "19:00", "day_2": "2026-11-28", "time_2": ""}
    assert "Donnez le jour et l'heure." in text_of(
        client.post(page_of(opening, "/autre-heure"), half, headers=FRENCH).content
    )
    times = {"day_1": "2026-11-27", "time_1": "19:00", "day_2": "2026-11-27", "time_2": "20:00", "note": "Plus tard ?"}
    client.post(page_of(opening, "/autre-heure"), times)
    token = organiser_token(opening.booking)
    page = f"/reunion/{token}/autres-heures"
    shown = text_of(client.get(page, headers=FRENCH).content)
    assert "Vendredi 27 novembre, 19 h 00" in shown
    assert "Plus tard ?" in shown
    assert client.post(page, {"time": "12"}, headers=FRENCH).status_code == 409
    assert client.post(page, {"time": str(EVENING + 96)}).status_code == 303
    booking = refreshed(opening).booking
    assert (booking.status, booking.first_quarter) == (BookingStatus.CONFIRMED, EVENING + 96)


def test_after_the_deadline_the_link_says_that_it_is_too_late(client: Client, opening: OpeningRequest) -> None:
    page = page_of(opening, "/accepter")
    with time_machine.travel(opening.deadline + timedelta(minutes=1), tick=False):
        answer = client.post(page, headers=FRENCH)
    assert answer.status_code == 410
    assert "Il fallait répondre avant mercredi 25 novembre, 9 h 00." in text_of(answer.content)


def test_a_request_cancelled_meanwhile_says_that_there_is_nothing_to_do(
    client: Client, opening: OpeningRequest
) -> None:
    cancel_booking(booking_id=opening.booking_id, cause="organiser", through="link", now=NOW)
    assert "Vous n'avez rien à faire" in text_of(client.post(page_of(opening, "/accepter"), headers=FRENCH).content)


def test_a_link_of_somebody_who_no_longer_answers_for_the_point_is_refused(
    client: Client, opening: OpeningRequest
) -> None:
    page = page_of(opening, "/accepter")
    Point.objects.filter(pk=opening.point_id).update(email="nouvelle@callac.example")
    assert client.post(page).status_code == 403
    assert client.post(page[:-15] + "/accepter").status_code == 404
    assert refreshed(opening).status == OpeningStatus.ASKED


def test_an_agents_own_link_serves_nobody_else(client: Client, opening: OpeningRequest) -> None:
    agent = User.objects.create_user("agent@exemple.bzh", None)
    Role.objects.create(user=agent, organisation=opening.point.host, part=Part.FACILITATOR)
    page = agent_address(opening, agent).removeprefix("http://localhost:8000") + "/accepter"
    assert client.post(page).status_code == 403
    client.force_login(agent)
    listed = client.get("/planning/demandes", headers=FRENCH)
    assert "Anne Le Goff" in text_of(listed.content)
    assert "1 demande à traiter" in text_of(client.get("/planning?jour=2026-11-26", headers=FRENCH).content)
    assert client.post(page).status_code == 303
    assert refreshed(opening).answered_by == "agent"
    assert "Personne n'attend de réponse." in text_of(client.get("/planning/demandes", headers=FRENCH).content)


def test_the_form_says_who_must_answer_and_until_when_before_it_is_sent(client: Client) -> None:
    held = make_hold(evening_rooms(), first_quarter=EVENING)
    page = book_url(held)
    text = text_of(client.get(page, headers=FRENCH).content)
    assert "Point de Callac doit d'abord accepter. Réponse avant mercredi 25 novembre, 9 h 00." in text
    assert "Envoyer ma demande" in text
    answer = client.post(
        page, {"name": ANNE.name, "email": ANNE.email, "category": "association"}, headers=FRENCH, follow=True
    )
    assert "Demande faite à Point de Callac. Réponse avant mercredi 25 novembre, 9 h 00." in text_of(answer.content)
    assert client.get(page).status_code == 303


def test_who_wants_another_hour_where_somebody_answers_is_led_to_ask_for_it(client: Client) -> None:
    room = make_room(make_point(commune="Callac"), needs_answer=True)
    booking = make_booking([room, make_room(make_point(commune="Rennes"))])
    accept_opening(opening_id=booking.openings.get().pk, round_=1, by=Answerer(HostLevel.POINT), now=NOW)
    page = client.get(f"/reunion/{organiser_token(booking)}/changer", headers=FRENCH).content
    assert "Point de Callac dit oui ou non à chaque fois" in text_of(page)
    assert "Déplacer à cette heure" not in text_of(page)
    search = re.search(r'href="(/creneaux[^"]+)"[^>]*>(?:<svg.*?</svg>)?Demander une autre heure', page.decode())
    assert search
    assert client.get(unescape(search.group(1)), headers=FRENCH).status_code == 200
