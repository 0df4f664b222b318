"""The sentence and its proposals, as a visitor meets them."""

import re
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from maillage.booking.forms import Offer, sign_offer
from maillage.booking.forms.offers import Seated
from maillage.booking.models import Booking, BookingStatus, CancelCause
from maillage.booking.selectors import meeting_of, organiser_token
from maillage.booking.selectors.again import next_date, same_again
from maillage.booking.tests.factories import NOW, make_booking, make_rooms
from maillage.points.models import Room
from maillage.points.services import renew_catalogue
from maillage.points.tests.factories import make_point, make_room
from maillage.territory.tests.factories import make_commune

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
ASKED = {"place_1": "Callac", "people_1": "3", "place_2": "rennes", "people_2": "2", "when": "this-week"}


def search(client: Client, **asked: str) -> "Answer":
    return client.get("/creneaux", asked, headers={"accept-language": "fr"})


def offers(answer: "Answer") -> list[str]:
    return [unescape(found) for found in re.findall(r'name="offer" value="([^"]+)"', answer.content.decode())]


def hold(client: Client, offer: str, search: str = "") -> "Answer":
    return client.post("/creneaux/retenir", {"offer": offer, "search": search}, headers={"accept-language": "fr"})


def test_a_search_proposes_hours_with_a_room_for_each_and_what_is_spared(client: Client) -> None:
    make_rooms()
    answer = search(client, **ASKED)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 3 <= len(offers(answer)) <= 5
    assert "Lundi 23" in page
    assert "Point de Callac" in page
    assert "Point de Rennes" in page
    assert "Réserver ces deux salles" in page
    assert "Vous évite" in page
    assert "Pourquoi celle-ci" in page


def test_a_swap_brings_the_list_and_the_sentence_and_nothing_else(client: Client) -> None:
    make_rooms()
    page = client.get("/creneaux", ASKED, headers={"HX-Request": "true"}).content.decode()
    assert page.count('id="slot-list"') == 1
    assert 'hx-swap-oob="true"' in page
    assert "<html" not in page
    assert "HX-Request" in search(client, **ASKED).headers["Vary"]


def test_the_page_without_anything_asked_is_the_sentence_alone(client: Client) -> None:
    answer = client.get("/creneaux")
    assert answer.status_code == 200
    assert 'data-role="proposal"' not in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"place_1": "Trifouilly"}, "Trifouilly"),
        ({"place_2": ""}, "Dans quelle commune"),
        ({"people_1": "0"}, "Au moins une personne"),
        ({"people_1": "501"}, "Au plus 500 personnes"),
        ({"people_2": "deux"}, "Un nombre entier"),
        ({"people_2": "1e9"}, "Un nombre entier"),
        ({"when": "2026-11-22"}, "Ce jour est passé"),
        ({"when": "date"}, "Choisissez le jour"),
        ({"when": "2031-01-01"}, "trop lointain"),
        ({"place_1": "x" * 200}, "plus court"),
        ({"kind_1": "browser", "kind_2": "browser"}, "Au moins un lieu doit avoir une salle"),
    ],
)
def test_what_is_wrong_is_said_on_its_field_and_nothing_is_lost(
    client: Client, wrong: dict[str, str], said: str
) -> None:
    make_rooms()
    answer = search(client, **{**ASKED, "part": "morning", **wrong})
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert said in page
    assert 'value="morning" selected' in page
    assert 'value="3"' in page or "people_1" in wrong


@pytest.mark.parametrize("duration", ["61", "-60", "99999", "deux heures", "0"])
def test_a_length_nobody_offers_is_refused(client: Client, duration: str) -> None:
    make_rooms()
    assert search(client, **ASKED, duration=duration).status_code == 422


def test_a_name_that_several_towns_share_is_answered_with_the_choice(client: Client) -> None:
    make_rooms()
    make_commune("Saint-Gildas", insee="22291", postcodes="22800")
    make_commune("Saint-Gildas", insee="56399", postcodes="56730")
    answer = search(client, **{**ASKED, "place_1": "saint gildas"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Lequel est-ce" in page
    assert 'value="Saint-Gildas (22800)"' in page
    assert 'value="Saint-Gildas (56730)"' in page


def test_abbreviations_and_missing_accents_are_understood(client: Client) -> None:
    make_rooms("Saint-Brieuc", "Rennes")
    assert offers(search(client, **{**ASKED, "place_1": "st brieuc"}))


def test_one_more_place_comes_without_losing_what_is_typed(client: Client) -> None:
    answer = search(client, **ASKED, add="1")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="place_3"' in page
    assert 'value="Callac"' in page
    assert answer.headers["HX-Push-Url"] == "false"


def test_a_place_is_removed_and_the_others_close_up(client: Client) -> None:
    asked = {**ASKED, "place_3": "Brest", "people_3": "7", "remove": "2"}
    page = search(client, **asked).content.decode()
    assert 'name="place_3"' not in page
    assert re.search(r'name="place_2" value="Brest"', page)


def test_there_are_never_more_than_six_places(client: Client) -> None:
    asked = {f"place_{number}": "Callac" for number in range(1, 7)}
    page = search(client, **asked, add="1").content.decode()
    assert 'name="place_6"' in page
    assert 'name="place_7"' not in page
    assert 'name="add"' not in page


def test_an_empty_place_beyond_the_second_is_left_out(client: Client) -> None:
    make_rooms()
    answer = search(client, **ASKED, place_3="", people_3="2")
    assert answer.status_code == 200
    assert offers(answer)


def test_somebody_online_needs_no_room(client: Client) -> None:
    make_rooms("Callac")
    make_commune("Rennes")
    page = search(client, **{**ASKED, "kind_2": "browser"}).content.decode()
    assert "En ligne, depuis un ordinateur" in page
    assert "Réserver cette salle" in page


def test_when_nothing_fits_the_next_things_are_links_that_have_an_answer(client: Client) -> None:
    make_rooms()
    answer = search(client, **{**ASKED, "part": "evening"})
    page = unescape(answer.content.decode())
    assert not offers(answer)
    assert "Aucune heure ne convient" in page
    links = re.findall(r'class="button" href="(/creneaux\?[^"]+)"', page)
    assert links
    for link in links:
        assert offers(client.get(link))


def test_no_room_at_all_is_said_with_what_to_do(client: Client) -> None:
    make_commune("Callac")
    make_commune("Rennes")
    answer = search(client, **ASKED)
    assert answer.status_code in {200, 422}
    assert 'class="empty"' in answer.content.decode() or 'role="alert"' in answer.content.decode()


def test_names_with_html_are_shown_as_they_are_typed(client: Client) -> None:
    make_room(make_point("<script>alert(1)</script>", commune="Callac", slug="x"))
    make_room(make_point(commune="Rennes"))
    page = search(client, **ASKED).content.decode()
    assert "<script>alert(1)" not in page
    page = search(client, **{**ASKED, "place_1": '"><img src=x onerror=alert(1)>'}).content.decode()
    assert "<img src=x" not in page


def test_holding_a_card_leads_to_the_form(client: Client) -> None:
    make_rooms()
    answer = hold(client, offers(search(client, **ASKED))[0])
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/reserver/")
    assert Booking.objects.get().status == BookingStatus.HELD


def test_a_double_click_holds_once(client: Client) -> None:
    make_rooms()
    offer = offers(search(client, **ASKED))[0]
    first, second = hold(client, offer), hold(client, offer)
    assert first.headers["Location"] == second.headers["Location"]
    assert Booking.objects.count() == 1


def test_somebody_faster_is_said_above_fresh_hours_with_the_sentence_kept(client: Client) -> None:
    rooms = make_rooms()
    offer = offers(search(client, **ASKED))[0]
    faster = Client()
    hold(faster, offers(search(faster, **ASKED))[0])
    asked = "place_1=Callac&people_1=3&place_2=Rennes&people_2=2&when=this-week"
    answer = hold(client, offer, asked)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Déjà réservé à cette heure" in page
    assert rooms[0].point.name in page
    assert 'value="Callac"' in page
    assert offers(answer)


@pytest.mark.parametrize("offer", ["", "x", "eyJrIjoieCJ9:1abc:zzz"])
def test_a_forged_offer_is_refused_and_holds_nothing(client: Client, offer: str) -> None:
    answer = hold(client, offer)
    assert answer.status_code == 422
    assert "offer-unreadable" in answer.content.decode()
    assert not Booking.objects.exists()


def test_an_offer_of_yesterday_is_refused(client: Client) -> None:
    make_rooms()
    offer = offers(search(client, **ASKED))[0]
    with time_machine.travel(NOW.replace(day=25), tick=False):
        assert hold(client, offer).status_code == 422


def test_ten_megabytes_are_refused_before_they_are_read(client: Client) -> None:
    answer = client.post("/creneaux/retenir", {"offer": "x" * 10_000_000})
    assert answer.status_code == 413


def test_the_same_again_proposes_the_same_rooms(client: Client) -> None:
    booking = make_booking()
    page = client.get(f"/reunion/{organiser_token(booking)}").content.decode()
    link = unescape(re.findall(r'href="(/creneaux\?[^"]+)"', page)[0])
    answer = client.get(link, headers={"accept-language": "fr"})
    assert answer.status_code == 200
    first = re.search(r"<h3>(.*?)</h3>", answer.content.decode(), re.DOTALL)
    assert first
    assert "Mardi 1er décembre" in first[1].replace("\xa0", " ")
    assert "10 h 00 – 11 h 00" in first[1].replace("\xa0", " ").replace("\u202f", " ")
    hold(client, offers(answer)[0])
    rooms = booking.parties.values_list("room", flat=True)
    assert list(Booking.objects.latest("created_at").parties.values_list("room", flat=True)) == list(rooms)


def test_the_same_again_long_after_is_still_to_come_on_the_same_day_of_the_week(client: Client) -> None:
    booking = make_booking()
    with time_machine.travel(NOW.replace(month=12, day=15), tick=False):
        found, now = meeting_of(booking.pk), timezone.now()
        assert next_date(found, now) == date(2026, 12, 22)
        answer = client.get(same_again(found, now), headers={"accept-language": "fr"})
        assert offers(answer)


def test_the_same_again_keeps_the_pass_of_a_reserved_room(client: Client) -> None:
    callac, rennes = make_rooms()
    booking = make_booking([callac, rennes])
    Room.objects.filter(pk=callac.pk).update(audience="tenants")
    Booking.objects.filter(pk=booking.pk).update(access_group="tenants")
    renew_catalogue()
    token = organiser_token(booking)
    page = client.get(f"/reunion/{token}").content.decode()
    link = unescape(re.findall(r'href="(/creneaux\?[^"]+)"', page)[0])
    assert offers(client.get(link))
    for further in ("changer", "repeter"):
        assert client.get(f"/reunion/{token}/{further}").status_code == 200


def test_choosing_another_hour_gives_back_the_first(client: Client) -> None:
    make_rooms()
    first, second = offers(search(client, **ASKED))[:2]
    hold(client, first)
    page = search(client, **ASKED).content.decode()
    assert "Vous gardez" in page
    hold(client, second)
    assert Booking.objects.filter(status=BookingStatus.HELD).count() == 1
    assert Booking.objects.filter(status=BookingStatus.CANCELLED, cancel_cause=CancelCause.HOLD_EXPIRED).count() == 1


def test_the_hour_already_kept_is_found_again_from_another_list(client: Client) -> None:
    make_rooms()
    earlier, later = offers(search(client, **ASKED))[0], offers(search(client, **ASKED))[0]
    assert earlier != later
    assert hold(client, earlier).headers["Location"] == hold(client, later).headers["Location"]
    assert Booking.objects.count() == 1


def test_a_longer_hour_over_the_one_kept_takes_its_place(client: Client) -> None:
    make_rooms()
    hold(client, offers(search(client, **ASKED))[0])
    kept = Booking.objects.get()
    booking = Offer(
        request_key="longer-than-before",
        first_quarter=kept.first_quarter,
        length=kept.length + 2,
        time_zone="Europe/Paris",
        parties=tuple(
            Seated(party.head_count, party.origin_id or "", party.kind, party.room_id) for party in kept.parties.all()
        ),
    )
    assert hold(client, sign_offer(booking)).status_code == 303
    assert Booking.objects.get(status=BookingStatus.HELD).length == kept.length + 2


@pytest.mark.parametrize("cookie", ["x", "a.b.c"])
def test_a_forged_cookie_keeps_nothing(client: Client, cookie: str) -> None:
    make_rooms()
    client.cookies["kept_hold"] = cookie
    answer = search(client, **ASKED)
    assert answer.status_code == 200
    assert 'data-role="kept"' not in answer.content.decode()
