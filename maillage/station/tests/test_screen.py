import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.accounts.models import User
from maillage.booking.tests.factories import make_booking, make_rooms
from maillage.points.tests.factories import make_point, make_room
from maillage.station.models import SelfTest, Station, StationState
from maillage.station.selectors import next_meetings, silent_stations, untested_stations
from maillage.station.services import change_key
from maillage.station.tests.factories import make_agent, make_station

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
JSON = {"Accept": "application/json"}
WELL = {
    "occasion": "night",
    "has_camera": True,
    "has_microphone": True,
    "image_luma": 0.4,
    "sound_dbfs": -20,
    "noise_dbfs": -60,
    "delay_ms": 120,
    "echo_left_db": -35,
    "down_kbps": 8000,
    "up_kbps": 2000,
    "clock_ahead_s": 0.2,
}


@pytest.fixture
def at_half_past_nine() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def screen_of(key: str) -> Client:
    client = Client(headers=JSON)
    client.cookies["station"] = key
    return client


@pytest.mark.django_db
@pytest.mark.usefixtures("at_half_past_nine")
def test_a_new_screen_gets_a_code_and_becomes_a_station_once_it_is_typed() -> None:
    screen = Client(headers=JSON)
    assert screen.get("/station/etat").json()["code"] == "not-a-station"
    code = screen.post("/station/code").json()["code"]
    room = make_room()
    agent = Client()
    agent.force_login(make_agent())
    linked = agent.post("/station/associer", {"code": code, "room": room.pk, "lasts": "7"}, follow=True)
    assert Station.objects.get().expires_at == NOW + timedelta(days=7)
    assert room.name in linked.content.decode()
    assert screen.get("/station/etat").json()["room"] == room.name


@pytest.mark.django_db
def test_only_agents_link_screens(client: Client) -> None:
    assert client.get("/station/associer").status_code == 302


@pytest.mark.django_db
@pytest.mark.usefixtures("at_half_past_nine")
def test_a_wrong_code_and_a_taken_room_are_said_on_the_form() -> None:
    station, _key = make_station(now=NOW)
    agent = Client()
    agent.force_login(make_agent())
    unknown = agent.post("/station/associer", {"code": "ZZZ ZZZ", "room": station.room_id})
    assert unknown.status_code == 404
    code = Client(headers=JSON).post("/station/code").json()["code"]
    taken = agent.post("/station/associer", {"code": code, "room": station.room_id})
    assert taken.status_code == 409
    assert code in taken.content.decode()  # nothing typed is lost


@pytest.mark.django_db
@pytest.mark.usefixtures("at_half_past_nine")
def test_the_screen_knows_its_meetings_and_whom_they_are_with(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    callac, rennes = make_rooms()
    booking = make_booking([callac, rennes])
    station, key = make_station(now=NOW, room=callac)
    meeting = screen_of(key).get("/station/etat").json()["meetings"][0]
    assert meeting["reference"] == booking.reference
    assert meeting["others"] == ["Rennes"]
    assert meeting["door"].startswith("/r/")
    with django_assert_num_queries(2):
        next_meetings(station.room, NOW)


@pytest.mark.django_db
@pytest.mark.usefixtures("at_half_past_nine")
def test_asking_is_a_sign_of_life() -> None:
    station, key = make_station(now=NOW)
    assert [silent.pk for silent in silent_stations(NOW)] == []
    screen_of(key).get("/station/etat")
    assert Station.objects.get().last_seen_at == NOW
    assert silent_stations(NOW + timedelta(minutes=2)) == []
    assert silent_stations(NOW + timedelta(minutes=4)) == [station]


@pytest.mark.django_db
@pytest.mark.usefixtures("at_half_past_nine")
def test_each_start_changes_the_key_and_a_copy_kept_from_before_opens_nothing() -> None:
    _station, key = make_station(now=NOW - timedelta(hours=1))
    screen = screen_of(key)
    assert screen.post("/station/depart").status_code == 200
    assert screen.cookies["station"].value != key
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        assert screen_of(key).get("/station/etat").json()["code"] == "station-key-used-twice"
        assert screen.get("/station/etat").json()["code"] == "station-key-used-twice"
    assert Station.objects.get().state == StationState.STOLEN


@pytest.mark.django_db
@pytest.mark.usefixtures("at_half_past_nine")
def test_a_test_is_judged_and_kept_with_the_booking_it_prepared() -> None:
    callac, rennes = make_rooms()
    booking = make_booking([callac, rennes])
    _station, key = make_station(now=NOW, room=callac)
    given = {**WELL, "occasion": "meeting", "reference": booking.reference, "has_microphone": False}
    answer = screen_of(key).post("/station/essai", json.dumps(given), content_type="application/json")
    assert answer.json() == {"level": "red", "causes": ["no-microphone"]}
    assert SelfTest.objects.get().booking == booking
    assert screen_of(key).get("/station/etat").json()["offered"] is False


@pytest.mark.django_db
@pytest.mark.usefixtures("at_half_past_nine")
@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"occasion":"noon"}', json.dumps({**WELL, "sound_dbfs": 1e9}), "x" * 5000]
)
def test_a_test_that_makes_no_sense_is_refused_and_changes_nothing(body: str) -> None:
    _station, key = make_station(now=NOW)
    answer = screen_of(key).post("/station/essai", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert Station.objects.get().level == "grey"


@pytest.mark.django_db
@pytest.mark.usefixtures("at_half_past_nine")
def test_the_line_is_measured_for_stations_only() -> None:
    _station, key = make_station(now=NOW)
    assert len(screen_of(key).get("/station/debit").content) == 512 * 1024
    assert screen_of("stranger").get("/station/debit").status_code == 403


@pytest.mark.django_db
def test_rooms_with_no_test_for_a_month_are_listed() -> None:
    station, _key = make_station(now=NOW)
    assert untested_stations(NOW) == [station]
    Station.objects.update(tested_at=NOW)
    assert untested_stations(NOW + timedelta(days=29)) == []
    assert untested_stations(NOW + timedelta(days=31)) == [station]


@pytest.mark.django_db
def test_a_key_changed_while_the_answer_is_lost_is_still_known() -> None:
    station, key = make_station(now=NOW)
    change_key(screen=station, now=NOW)
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        assert screen_of(key).post("/station/depart").status_code == 200


@pytest.mark.django_db
def test_the_start_sheet_is_made_from_the_rooms_record_for_those_who_look_after_it() -> None:
    room = make_room(make_point(phone="0296454545"), name="Salle du conseil")
    agent = Client()
    agent.force_login(make_agent())
    sheet = agent.get(f"/station/fiche/{room.pk}", headers={"Accept-Language": "fr"}).content.decode()
    assert "Salle du conseil" in sheet
    assert "02 96 45 45 45" in sheet.replace("\u00a0", " ").replace("\u202f", " ")
    assert f"/points/{room.point.slug}" in sheet
    assert "<svg" in sheet
    stranger = Client()
    stranger.force_login(User.objects.create_user("etranger@example.fr"))
    assert stranger.get(f"/station/fiche/{room.pk}").status_code == 403
