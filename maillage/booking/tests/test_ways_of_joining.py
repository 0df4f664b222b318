"""Parties by a town, a point, a computer, a terminal or a telephone: kept from the sentence to the letters."""

import re
from html import unescape

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from maillage.actors.domain.addresses import phone_number, sip_address
from maillage.actors.errors import BadPhoneNumber, BadSipAddress
from maillage.booking.domain.reaching import reached_at
from maillage.booking.errors import AddressNotNeeded
from maillage.booking.models import Booking, Party
from maillage.booking.selectors import meeting_of, propose_slots
from maillage.booking.selectors.letters import invitation_of
from maillage.booking.selectors.passes import pass_token
from maillage.booking.tests.factories import NOW, make_rooms, party_in, wish_from
from maillage.booking.tests.test_search_page import hold, offers, search
from maillage.points.models import Audience
from maillage.points.tests.factories import make_point, make_room
from maillage.territory.tests.factories import make_commune

pytestmark = pytest.mark.usefixtures("monday")

ASKED = {"place_1": "Callac", "people_1": "3", "when": "this-week", "people_2": "1"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("visio@region.bzh", "sip:visio@region.bzh"),
        (" SIP:Salle.4@Visio.Region.BZH:5061 ", "sip:Salle.4@visio.region.bzh:5061"),
        ("sips:1234@10.0.0.7", "sips:1234@10.0.0.7"),
    ],
)
def test_a_terminals_address_has_one_spelling(typed: str, kept: str) -> None:
    assert sip_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "visio",
        "@region.bzh",
        "a@b c",
        "a@b;transport=tcp",
        "a@b\r\nTo: x",
        "a@-b",
        "x" * 200 + "@b",
        "a@b?x=1",
        "<a@b>",
    ],
)
def test_what_no_terminal_has_is_refused(typed: str) -> None:
    with pytest.raises(BadSipAddress):
        sip_address(typed)


@given(typed=st.text(max_size=40))
def test_what_is_kept_of_a_number_is_digits_and_what_is_refused_changes_nothing(typed: str) -> None:
    try:
        number = phone_number(typed)
    except BadPhoneNumber:
        return
    assert re.fullmatch(r"\+?[0-9]{4,15}", number)
    assert phone_number(number) == number


def test_only_who_is_called_has_an_address() -> None:
    assert reached_at("phone", "02 96 00 00 00") == "0296000000"
    assert reached_at("browser", "  ") == ""
    with pytest.raises(AddressNotNeeded):
        reached_at("room", "0296000000")


def test_a_terminal_and_a_telephone_are_kept_from_the_sentence_to_the_letter(client: Client, db: None) -> None:
    make_rooms("Callac")
    asked = {
        **ASKED, "place_2": "Région Bretagne", "kind_2": "sip", "address_2": "Visio@Region.bzh",
        "place_3": "Berlin", "people_3": "1", "kind_3": "phone", "address_3": "+49 30 123456",
    }  # fmt: skip
    answer = search(client, **asked)
    page = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "Avec leur terminal de visioconférence, Visio@region.bzh" in page
    assert "Par téléphone, +49" in page
    form = unescape(client.get(hold(client, offers(answer)[0]).headers["Location"]).content.decode())
    assert "Région Bretagne" in form
    assert "Visio@region.bzh" in form
    kept = Party.objects.order_by("position").values_list("kind", "name", "address")
    assert list(kept)[1:] == [
        ("sip", "Région Bretagne", "sip:Visio@region.bzh"),
        ("phone", "Berlin", "+4930123456"),
    ]
    meeting = meeting_of(Booking.objects.get().pk)
    assert [side.place for side in meeting.sides] == ["Callac", "Région Bretagne", "Berlin"]
    assert "region.bzh" in invitation_of(meeting, meeting.sides[1]).location


@pytest.mark.parametrize(
    ("kind", "address", "code"),
    [("sip", "region", "terminal de visioconférence"), ("phone", "zéro deux", "ne peut pas être appelé")],
)
def test_a_wrong_number_is_said_on_its_field_and_kept(
    client: Client, db: None, kind: str, address: str, code: str
) -> None:
    make_rooms("Callac")
    answer = search(client, **ASKED, place_2="Berlin", kind_2=kind, address_2=address)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert code in page
    assert f'value="{address}"' in page


def test_a_number_left_when_another_way_is_chosen_is_forgotten(client: Client, db: None) -> None:
    make_rooms()
    answer = search(client, **ASKED, place_2="Rennes", kind_2="room", address_2="0296000000")
    assert answer.status_code == 200
    hold(client, offers(answer)[0])
    assert set(Party.objects.values_list("address", flat=True)) == {""}


def test_a_point_is_named_instead_of_its_town(client: Client, db: None) -> None:
    callac, _rennes = make_rooms()
    town_hall = make_point("Mairie de Callac", commune="Callac")
    mine = make_room(town_hall, "Salle du conseil", capacity=20)
    small = make_room(town_hall, "Petite salle", capacity=4)
    for typed in ("mairie de callac", "Mairie de Callac, Callac", "Mairie de Cal"):
        answer = search(client, **{**ASKED, "place_1": typed}, place_2="Rennes")
        page = unescape(answer.content.decode())
        assert "Petite salle" in page
        assert callac.point.name not in re.sub(r"<form.*?</form>", "", page, count=1, flags=re.DOTALL)
    crowd = search(client, **{**ASKED, "place_1": "Mairie de Callac", "people_1": "9"}, place_2="Rennes")
    assert mine.name in unescape(crowd.content.decode())
    assert small.name not in unescape(crowd.content.decode())


def test_several_points_of_one_name_are_answered_with_the_choice(client: Client, db: None) -> None:
    make_rooms()
    for number, town in enumerate(("Callac", "Rennes")):
        make_room(make_point("Maison des services", commune=town, slug=f"maison-{number}"))
    answer = search(client, **{**ASKED, "place_1": "Maison des services"}, place_2="Rennes")
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert 'value="Maison des services, Callac"' in page
    assert offers(search(client, **{**ASKED, "place_1": "Maison des services, Callac"}, place_2="Rennes"))


def test_a_point_that_is_not_shown_is_booked_by_its_whole_name_alone(client: Client, db: None) -> None:
    make_rooms()
    make_room(make_point("Annexe discrète", commune="Callac", is_listed=False))
    asked = {**ASKED, "place_2": "Rennes"}
    assert search(client, **{**asked, "place_1": "Annexe"}).status_code == 422
    assert offers(search(client, **{**asked, "place_1": "annexe discrète"}))
    shown = client.get("/points/suggestions", {"q": "annexe discrète"}).content.decode()
    assert "discr" not in shown.replace("annexe discrète", "")


def test_suggestions_mix_towns_and_points(client: Client, db: None) -> None:
    make_room(make_point("Callac numérique", commune="Rennes"))
    make_commune("Callac")
    page = unescape(client.get("/points/suggestions", {"q": "callac"}).content.decode())
    assert 'data-value="Callac (' in page
    assert 'data-value="Callac numérique, Rennes"' in page
    assert "role=" not in client.get("/points/suggestions", {"q": "c"}).content.decode()


def test_the_room_of_a_link_is_forgotten_once_another_town_is_typed(client: Client, db: None) -> None:
    callac, rennes = make_rooms()
    kept = search(client, **{**ASKED, "room_1": str(callac.pk)}, place_2="Rennes")
    assert f'name="room_1" value="{callac.pk}"' in kept.content.decode()
    moved = search(client, **{**ASKED, "place_1": "Rennes", "room_1": str(callac.pk)}, place_2="Callac")
    assert f'value="{callac.pk}" id="id_room_1"' not in moved.content.decode()
    named = search(client, **{**ASKED, "place_1": "", "room_1": str(rennes.pk)}, place_2="Callac", remove="0")
    assert 'value="Point de Rennes"' in named.content.decode()


def test_the_link_of_a_host_opens_its_reserved_room_from_search_to_hold(client: Client, db: None) -> None:
    make_rooms("Rennes")
    reserved = make_room(make_point(commune="Callac"), audience=Audience.TENANTS)
    asked = {**ASKED, "place_2": "Rennes", "room_1": str(reserved.pk)}
    refused = search(client, **asked)
    assert refused.status_code == 409
    assert "room-reserved" in refused.content.decode() or "garde cette salle" in unescape(refused.content.decode())
    token = pass_token(reserved.point_id, "tenants", now=NOW)
    answer = search(client, **asked, **{"pass": token})
    assert hold(client, offers(answer)[0]).status_code == 303
    assert Booking.objects.get().access_group == "tenants"
    assert search(client, **asked, **{"pass": token[:-1] + "x"}).status_code == 404


def test_help_asked_in_the_sentence_is_asked_already_in_the_form(client: Client, db: None) -> None:
    make_rooms()
    answer = search(client, **ASKED, place_2="Rennes", needs="help")
    assert "Accompagné" in unescape(answer.content.decode())
    form = client.get(hold(client, offers(answer)[0]).headers["Location"]).content.decode()
    assert re.search(r'<option value="on[^"]*" selected', form)


def test_what_the_card_implies_is_said(client: Client, db: None) -> None:
    make_rooms()
    with time_machine.travel(NOW.replace(hour=8), tick=False):
        page = unescape(search(client, **{**ASKED, "when": "now"}, place_2="Rennes").content.decode())
    assert "Tout de suite" in page
    assert "9 h 15" in page.replace("\xa0", " ").replace("\u202f", " ")


def test_the_api_takes_a_point_and_an_address_and_refuses_a_wrong_one(client: Client, db: None) -> None:
    callac, rennes = make_rooms()
    body = {
        "parties": [{"point": callac.point.slug}, {"kind": "sip", "address": "visio@region.bzh", "name": "Région"}],
        "start": "2026-11-24T08:00", "end": "2026-11-26T18:00",
    }  # fmt: skip
    answer = client.post("/api/v1/proposals", body, content_type="application/json")
    assert answer.json()["proposals"][0]["seats"][0]["room_id"] == callac.pk
    assert answer.json()["proposals"][0]["tier"] == "direct"
    body["parties"] = [{"point": "nowhere"}, {"room_id": rennes.pk}]
    assert client.post("/api/v1/proposals", body, content_type="application/json").json()["code"] == "unknown-point"
    body["parties"] = [{"point": callac.point.slug}, {"kind": "phone", "address": "x"}]
    assert client.post("/api/v1/proposals", body, content_type="application/json").json()["code"] == "bad-phone-number"


def test_a_party_of_a_point_gets_none_of_the_neighbours_rooms(db: None) -> None:
    callac, rennes = make_rooms()
    make_room(make_point("Autre point", commune="Callac"), capacity=3)
    wish = wish_from(callac.point.commune, rennes.point.commune)
    named = party_in(callac, 0)
    by_point = type(named)(
        position=0,
        head_count=2,
        commune_insee=named.commune_insee,
        latitude=0.0,
        longitude=0.0,
        point_id=callac.point_id,
    )
    found = propose_slots(type(wish)((by_point, wish.parties[1]), 4, wish.first_quarter, wish.end_quarter), now=NOW)
    assert {proposal.seats[0].room.room_id for proposal in found if proposal.seats[0].room} == {callac.pk}
