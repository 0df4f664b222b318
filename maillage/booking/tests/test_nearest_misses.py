"""A search that finds nothing tells what would nearly do, each tried: its button gives the hour it announces."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.booking.domain.misses import Change
from maillage.booking.domain.tariffs import Price, Tariff, Unit
from maillage.booking.models import Booking, BookingStatus, UnmetDemand
from maillage.booking.selectors.misses import near_misses
from maillage.booking.services import confirm_booking
from maillage.booking.services.blocks import block_room
from maillage.booking.services.tariffs import write_tariff
from maillage.booking.tests.factories import ANNE, NOW, TOMORROW_10, make_rooms, wish_from
from maillage.booking.tests.test_search_page import hold, offers, search
from maillage.core.quarters import PER_DAY, quarter_at
from maillage.points.models import Point, Room
from maillage.points.services import renew_catalogue
from maillage.points.tests.factories import make_point, make_room
from maillage.territory.tests.factories import make_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
TUESDAY = "2026-11-24"
MIDNIGHT = quarter_at(datetime(2026, 11, 23, 23, 0, tzinfo=UTC))
"""Tuesday 24 November 2026, 0:00 in Paris."""
ASKED = {"place_1": "Callac", "people_1": "2", "place_2": "Rennes", "people_2": "2", "when": TUESDAY}


def take(room: Room, first: int, end: int) -> None:
    block_room(room_id=room.pk, first_quarter=first, end_quarter=end, note="Théâtre", now=NOW, agent_id=None)


def page_of(client: Client, **asked: str) -> str:
    return unescape(search(client, **asked).content.decode())


def miss(page: str, kind: str) -> str:
    """Return what the page tells of one kind of change."""
    found = re.search(rf'<li class="miss" data-role="miss" data-kind="{kind}">(.*?)</li>', page, re.DOTALL)
    assert found, (kind, re.findall('data-kind="([a-z-]+)"', page))
    return found[1].replace("\xa0", " ").replace("\u202f", " ")


def hours_behind(client: Client, told: str) -> list[str]:
    """Press the button of a miss; return the offers of the cards it leads to."""
    link = re.search(r'href="(/creneaux\?[^"]+)"', told)
    assert link
    return offers(client.get(link[1], headers={"accept-language": "fr"}))


def test_a_day_that_is_full_leads_to_another_that_is_not(client: Client) -> None:
    callac, _rennes = make_rooms()
    take(callac, MIDNIGHT, MIDNIGHT + PER_DAY)
    told = miss(page_of(client, **ASKED), "other-days")
    assert "La semaine prochaine" in told
    assert hours_behind(client, told)


def test_the_longest_time_that_is_free_is_told(client: Client) -> None:
    callac, _rennes = make_rooms()
    take(callac, MIDNIGHT, TOMORROW_10)
    take(callac, TOMORROW_10 + 5, MIDNIGHT + PER_DAY)  # one hour with its settling in, of which 45 minutes remain
    page = page_of(client, **ASKED, duration="120")
    told = miss(page, "shorter")
    assert "Pour 1 h" in told
    assert hours_behind(client, told)


def opens_on_request(room: Room, hours: str = "Mo-Su 07:00-23:00") -> None:
    Point.objects.filter(pk=room.point_id).update(request_hours=hours)
    renew_catalogue()


def test_an_evening_is_told_as_an_opening_asked_for_in_one_press_with_its_price(client: Client) -> None:
    callac, rennes = make_rooms()
    Room.objects.filter(pk=rennes.pk).update(hours="Mo-Su 08:00-23:00")
    opens_on_request(callac)
    tariff = Tariff((Price(Unit.HOUR, 1_000),), evening_opening_cents=3_000)
    write_tariff(point=callac.point, tariff=tariff, valid_from=date(2026, 1, 1))
    told = miss(page_of(client, **{**ASKED, "when": "2026-11-26"}, part="evening"), "opening")
    assert "À 17 h 00, si Callac ferme plus tard" in told
    assert "40 €" in told
    offer = re.search(r'name="offer" value="([^"]+)"', told)
    assert offer
    held = hold(client, offer[1])
    assert held.status_code == 303
    booking = confirm_booking(booking_id=Booking.objects.get().pk, contact=ANNE, now=NOW)
    assert booking.status == BookingStatus.ASKED
    assert booking.openings.get().point_id == callac.point_id


def test_a_point_that_never_opens_outside_its_hours_is_not_asked(client: Client) -> None:
    make_rooms()
    assert 'data-kind="opening"' not in page_of(client, **ASKED, part="evening")


def test_an_opening_whose_answer_would_come_too_late_is_not_told(client: Client) -> None:
    for room in make_rooms():
        opens_on_request(room)
    with time_machine.travel(NOW.replace(hour=15), tick=False):
        page = page_of(client, **{**ASKED, "when": "today"})
    assert 'data-kind="opening"' not in page


def test_a_closed_day_is_told_as_such(client: Client) -> None:
    for room in make_rooms():
        opens_on_request(room)
    told = miss(page_of(client, **{**ASKED, "when": "2026-11-28"}), "opening")
    assert "ouvrent ce jour-là" in told


@pytest.mark.parametrize("dear", ["Callac", "Lannion"])
def test_of_two_openings_as_far_the_cheapest_is_told(client: Client, dear: str) -> None:
    make_rooms("Rennes")
    Room.objects.update(hours="Mo-Su 08:00-23:00")
    point_one, point_two = make_point("Point Un", commune="Callac"), make_point("Point Deux", commune="Callac")
    for point, is_dear in ((point_one, dear == "Callac"), (point_two, dear != "Callac")):
        opens_on_request(make_room(point))
        tariff = Tariff((Price(Unit.HOUR, 1_000),), evening_opening_cents=9_000 if is_dear else 1_000)
        write_tariff(point=point, tariff=tariff, valid_from=date(2026, 1, 1))
    told = miss(page_of(client, **{**ASKED, "when": "2026-11-26"}, part="evening"), "opening")
    assert ("Point Deux" if dear == "Callac" else "Point Un") in told


def test_a_party_joins_from_a_computer_when_its_rooms_are_taken(client: Client) -> None:
    callac, _rennes = make_rooms()
    brest = make_room(make_point(commune="Brest"))
    take(callac, MIDNIGHT, MIDNIGHT + 50)
    take(brest, MIDNIGHT, MIDNIGHT + PER_DAY)
    page = page_of(client, **ASKED, place_3="Brest", people_3="1")
    told = miss(page, "elsewhere")
    assert "depuis un ordinateur" in told
    assert hours_behind(client, told)


def test_a_named_room_that_is_taken_leads_to_others_further_booked_at_once(client: Client) -> None:
    callac, _rennes = make_rooms()
    make_room(make_point(commune="Lannion"))
    take(callac, MIDNIGHT, MIDNIGHT + PER_DAY)
    told = miss(page_of(client, **{**ASKED, "place_1": callac.point.name}), "other-rooms")
    assert re.search(r"Dans une autre salle, \d+ km de plus", told)
    assert "Point de Lannion" in told
    offer = re.search(r'name="offer" value="([^"]+)"', told)
    assert offer
    assert hold(client, offer[1]).status_code == 303
    assert Booking.objects.get().parties.filter(room__point__commune__name="Lannion").exists()


def test_what_no_room_has_is_given_up_in_words(client: Client) -> None:
    make_rooms()
    answer = search(client, **ASKED, needs="document-camera")
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    told = miss(page, "fewer-needs")
    assert "Sans : caméra de documents" in told or "Sans : " in told
    assert hours_behind(client, told)
    assert UnmetDemand.objects.exists()


def test_a_crowd_too_large_for_any_room_joins_the_others_from_elsewhere(client: Client) -> None:
    make_rooms()
    page = page_of(client, **{**ASKED, "people_1": "300"})
    assert hours_behind(client, miss(page, "elsewhere"))


def test_a_month_without_a_room_still_says_what_to_do(client: Client) -> None:
    make_commune("Callac")
    make_commune("Rennes")
    page = page_of(client, **ASKED)
    assert 'data-role="miss"' not in page
    assert 'class="empty"' in page
    assert "/points" in page


def test_a_search_at_the_end_of_today_leads_on(client: Client) -> None:
    make_rooms()
    with time_machine.travel(NOW.replace(hour=22, minute=30), tick=False):
        page = page_of(client, **{**ASKED, "when": "today"})
    assert hours_behind(client, miss(page, "other-days"))


def test_the_api_tells_the_same_misses(client: Client) -> None:
    callac, rennes = make_rooms()
    take(callac, MIDNIGHT, MIDNIGHT + PER_DAY)
    body = {
        "parties": [{"commune": room.point.commune_id} for room in (callac, rennes)],
        "start": f"{TUESDAY}T00:00", "end": "2026-11-25T00:00",
    }  # fmt: skip
    told = client.post("/api/v1/proposals", body, content_type="application/json").json()
    assert told["proposals"] == []
    days = {miss["change"]: miss for miss in told["near_misses"]}["other-days"]
    assert days["proposal"]["start"].startswith("2026-11-25T09:00")
    free = client.post("/api/v1/proposals", {**body, "end": "2026-11-26T00:00"}, content_type="application/json").json()
    assert free["proposals"]
    assert free["near_misses"] == []


TOWNS = ("Callac", "Rennes", "Brest", "Lannion", "Quimper", "Vannes")


@pytest.mark.parametrize("parties", [2, 6])
def test_the_queries_do_not_grow_with_what_is_tried(
    parties: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rooms = make_rooms(*TOWNS[:parties])
    for room in rooms:
        take(room, MIDNIGHT, MIDNIGHT + PER_DAY)
    wish = replace(
        wish_from(*(room.point.commune for room in rooms)), first_quarter=MIDNIGHT, end_quarter=MIDNIGHT + PER_DAY
    )
    week = (MIDNIGHT + PER_DAY, MIDNIGHT + 8 * PER_DAY)
    near_misses(wish, [week], now=NOW)
    with django_assert_max_num_queries(3):  # catalogue, spans, closures
        found = near_misses(wish, [week], now=NOW)
    assert {near.change for near in found} == {Change.OTHER_DAYS}
