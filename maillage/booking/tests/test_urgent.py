"""« Notre installation est en panne » : the nearest room free now, taken in one act."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from maillage.booking.models import Booking
from maillage.booking.selectors.urgent import first_quarter_now, rooms_free_now
from maillage.booking.tests.factories import NOW, make_booking
from maillage.core.quarters import moment_of, quarter_of
from maillage.points.services import withhold_room
from maillage.points.tests.factories import make_point, make_room
from maillage.territory.tests.factories import make_commune

pytestmark = pytest.mark.django_db
AT_10_07 = NOW + timedelta(hours=2, minutes=7)
"""Monday 23 November 2026, 10:07 in Paris."""
WHO = {"name": "Jeanne Riou", "reach": "jeanne@atelier.example", "category": "craft"}


@pytest.fixture(autouse=True)
def _nobody_counts() -> None:
    cache.clear()


@pytest.mark.parametrize(("minutes", "later"), [(0, 0), (7, 0), (10, 0), (11, 1), (14, 1)])
def test_a_loan_starts_at_once_or_within_five_minutes(minutes: int, later: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    first = first_quarter_now(now)
    assert first == quarter_of(NOW) + later
    assert moment_of(first) - now <= timedelta(minutes=5)


def test_the_nearest_rooms_free_now_are_shown_and_one_press_takes_one(client: Client) -> None:
    near, far = make_room(make_point(commune="Callac")), make_room(make_point(commune="Rennes"))
    with time_machine.travel(AT_10_07, tick=False):
        page = client.get("/depannage", {"ou": "Callac", "combien": "2", "duree": "60"})
        assert "Point de Callac" in page.content.decode()
        answers = {**WHO, "room": near.pk}
        first = client.post("/depannage?ou=Callac&combien=2&duree=60", answers)
        again = client.post("/depannage?ou=Callac&combien=2&duree=60", answers)
    booking = Booking.objects.get()
    assert first.headers["Location"].startswith("/reunion/")
    assert again.status_code in {303, 409}
    assert booking.is_urgent
    assert moment_of(booking.first_quarter) == NOW + timedelta(hours=2)
    assert moment_of(booking.end_quarter) - AT_10_07 >= timedelta(minutes=60)
    assert [party.kind for party in booking.parties.order_by("position")] == ["room", "browser"]
    assert far.pk not in booking.parties.values_list("room_id", flat=True)


def test_rooms_taken_shut_red_or_on_long_notice_are_not_lent() -> None:
    free = make_room(make_point("Libre", commune="Callac"))
    taken = make_room(make_point("Prise", commune="Callac"))
    red = make_room(make_point("Rouge", commune="Callac"))
    make_room(make_point("Fermée", commune="Callac", hours="Sa 10:00-12:00"))
    make_room(make_point("Sur demande", commune="Callac"), notice_minutes=2880)
    make_room(make_point("Petite", commune="Callac"), capacity=1)
    other = make_room(make_point(commune="Rennes"))
    make_booking([taken, other], first_quarter=quarter_of(AT_10_07) + 1, now=NOW)
    withhold_room(room_id=red.pk, reason="station-red", through="station", now=NOW)
    found = rooms_free_now(make_commune("Callac"), head_count=2, asked=4, now=AT_10_07)
    assert [room.offer.room_id for room in found] == [free.pk]


def test_without_a_room_in_reach_the_page_says_what_to_do(client: Client) -> None:
    make_room(make_point(commune="Callac", hours="Sa 10:00-12:00"))
    with time_machine.travel(AT_10_07, tick=False):
        page = client.get("/depannage", {"ou": "Callac"}, headers={"accept-language": "fr"})
    assert page.status_code == 409
    assert "Aucune salle près de vous n’est libre" in unescape(page.content.decode())
    assert "/creneaux?place_1=Callac" in page.content.decode()


def test_a_town_that_nobody_knows_and_a_landline_are_refused_with_words(client: Client) -> None:
    room = make_room(make_point(commune="Callac"))
    with time_machine.travel(AT_10_07, tick=False):
        assert client.get("/depannage", {"ou": "Nulle-Part"}).status_code == 422
        answer = client.post("/depannage?ou=Callac", {**WHO, "room": room.pk, "reach": "0296000000"})
    assert answer.status_code == 422
    assert not Booking.objects.exists()
