"""The API: from proposals to a booking, and each refusal with its code."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from time_machine import travel

from maillage.booking.models import Booking, BookingStatus, Occupancy
from maillage.booking.tests.factories import NOW, TOMORROW_10, make_booking, make_rooms
from maillage.core.quarters import moment_of
from maillage.points.models import Room

pytestmark = pytest.mark.django_db

TEN = "2026-11-24T10:00:00+01:00"


@pytest.fixture(autouse=True)
def _monday_morning() -> Any:
    with travel(NOW, tick=False):
        yield


def post(client: Client, path: str, body: dict[str, Any], **headers: str) -> Any:
    return client.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def search_body(**fields: Any) -> dict[str, Any]:
    parties = [{"commune": "22025", "head_count": 2}, {"commune": "Rennes", "head_count": 3}]
    window = {"start": "2026-11-23T00:00:00+01:00", "end": "2026-12-06T00:00:00+01:00"}
    return {"parties": parties, "length": 4, **window, **fields}


def booking_body(rooms: list[Room], **fields: Any) -> dict[str, Any]:
    parties = [{"commune": room.point.commune_id, "head_count": 2, "room_id": room.pk} for room in rooms]
    contact = {"name": "Anne Le Goff", "email": "anne@example.org", "guests": ["yann@example.org"]}
    return {"parties": parties, "start": TEN, "length": 4, "contact": contact, "request_key": "api-test-1", **fields}


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["code"] == code
    assert body["title"]
    return body


def test_a_proposal_can_be_booked_as_it_is(client: Client) -> None:
    make_rooms()
    found = post(client, "proposals", search_body()).json()["proposals"]
    assert len(found) == 5
    best = found[0]
    assert best["start"] == "2026-11-23T09:00:00+01:00"
    parties = [
        {"commune": insee, "room_id": seat["room_id"]}
        for insee, seat in zip(("22025", "35238"), best["seats"], strict=True)
    ]
    answer = post(client, "bookings", booking_body([], parties=parties, start=best["start"]))
    assert answer.status_code == 201, answer.content
    booked = answer.json()
    assert booked["status"] == "confirmed"
    assert [party["name"] for party in booked["parties"]] == ["Callac", "Rennes"]
    assert all("/r/" in party["link"] for party in booked["parties"])


def test_the_same_key_again_answers_with_the_same_booking(client: Client) -> None:
    body = booking_body(make_rooms())
    first, second = post(client, "bookings", body), post(client, "bookings", body)
    assert first.json() == second.json()
    assert Booking.objects.count() == 1


def test_the_key_may_come_in_the_header_and_is_needed(client: Client) -> None:
    rooms = make_rooms()
    body = booking_body(rooms, request_key="")
    refused(post(client, "bookings", body), 422, "bad-request-key")
    answers = [post(client, "bookings", body, **{"Idempotency-Key": "3f0e9a64-0f4b"}) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Booking.objects.count() == 1


def test_two_people_who_choose_the_same_key_do_not_meet(client: Client) -> None:
    rooms = make_rooms()
    post(client, "bookings", booking_body(rooms))
    stranger = {"name": "Zoé", "email": "zoe@example.org"}
    refused(post(client, "bookings", booking_body(rooms, contact=stranger)), 409, "slot-taken")


def test_a_taken_slot_is_named_and_nothing_is_written(client: Client) -> None:
    rooms = make_rooms()
    make_booking(rooms)
    taken = Occupancy.objects.count()
    body = refused(post(client, "bookings", booking_body(rooms)), 409, "slot-taken")
    assert body["details"] == {"rooms": "Point de Callac, Point de Rennes"}
    assert (Booking.objects.count(), Occupancy.objects.count()) == (1, taken)


def test_a_booking_is_seen_moved_and_cancelled_by_its_token(client: Client) -> None:
    rooms = make_rooms()
    token = post(client, "bookings", booking_body(rooms)).json()["token"]
    seen = client.get(f"/api/v1/bookings/{token}").json()
    assert (seen["start"], seen["sequence"]) == (TEN, 0)
    moved = post(client, f"bookings/{token}/move", {"start": "2026-11-24T14:30:00", "length": 8}).json()
    assert (moved["start"], moved["length"], moved["sequence"]) == ("2026-11-24T14:30:00+01:00", 8, 1)
    for _twice in range(2):
        gone = post(client, f"bookings/{token}/cancel", {"cause": "no-counterpart"}).json()
        assert (gone["status"], gone["cancel_cause"]) == (BookingStatus.CANCELLED, "no-counterpart")
    refused(post(client, f"bookings/{token}/move", {"start": TEN, "length": 4}), 409, "booking-cancelled")
    assert not Occupancy.objects.exists()


def test_a_forged_or_expired_token_opens_nothing(client: Client) -> None:
    token = post(client, "bookings", booking_body(make_rooms())).json()["token"]
    refused(client.get(f"/api/v1/bookings/{token[:-1]}"), 404, "link-unknown")
    refused(client.get("/api/v1/bookings/nothing"), 404, "link-unknown")
    with travel(moment_of(TOMORROW_10) + timedelta(days=182)):
        refused(client.get(f"/api/v1/bookings/{token}"), 410, "link-expired")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"start": "2026-11-24T03:00:00+01:00"}, "room-closed"),
        ({"start": "2026-11-22T10:00:00+01:00"}, "past-time"),
        ({"start": "1066-10-14T10:00:00"}, "past-time"),
        ({"start": "9999-12-31T23:45:00+01:00"}, "too-far-ahead"),
        ({"start": "2028-06-06T10:00:00+02:00"}, "too-far-ahead"),
        ({"start": "2027-03-28T02:30:00"}, "no-such-time"),
        ({"start": "2026-11-24T10:07:00"}, "off-grid"),
        ({"time_zone": "Europe/Bréhat"}, "unknown-time-zone"),
        ({"length": 0}, "bad-length"),
        ({"length": 49}, "bad-length"),
        ({"parties": []}, "bad-party-count"),
        ({"request_key": "short"}, "bad-request-key"),
        ({"contact": {"name": "", "email": "anne@example.org"}}, "contact-incomplete"),
        ({"contact": {"name": "<b>A</b>\u202e", "email": "anne@example.org"}}, "invalid"),
    ],
)
def test_a_booking_that_cannot_be_is_refused_with_its_code(client: Client, fields: dict[str, Any], code: str) -> None:
    answer = post(client, "bookings", booking_body(make_rooms(), **fields))
    refused(answer, 409 if code == "room-closed" else 422, code)
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("party", "code"),
    [
        ({"head_count": 0}, "bad-head-count"),
        ({"head_count": 501}, "bad-head-count"),
        ({"head_count": 500}, "no-suitable-room"),
        ({"commune": "Atlantis"}, "unknown-commune"),
        ({"commune": ""}, "place-missing"),
        ({"room_id": 4_000_000}, "unknown-room"),
        ({"needs": ["jacuzzi"]}, "unknown-need"),
        ({"country": "fr"}, "bad-country"),
        ({"commune": "x\u0000y"}, "invalid"),
    ],
)
def test_a_search_that_cannot_be_is_refused_with_its_code(client: Client, party: dict[str, Any], code: str) -> None:
    make_rooms()
    first = {"commune": "22025", "head_count": 2, **party}
    answer = post(client, "proposals", search_body(parties=[first, {"commune": "Rennes"}]))
    assert answer.status_code in {404, 422}
    refused(answer, answer.status_code, code)


def test_an_end_before_its_start_is_refused(client: Client) -> None:
    make_rooms()
    refused(post(client, "proposals", search_body(end="2026-11-22T00:00:00+01:00")), 422, "end-before-start")


def test_html_in_names_is_only_text(client: Client) -> None:
    rooms = make_rooms()
    contact = {"name": "<script>alert(1)</script>", "email": "anne@example.org", "title": "<img src=x>"}
    answer = post(client, "bookings", booking_body(rooms, contact=contact))
    assert answer.status_code == 201
    assert Booking.objects.get().organiser_name == "<script>alert(1)</script>"


def test_too_many_bookings_from_one_address_are_told_to_wait(client: Client, settings: Any) -> None:
    settings.MAILLAGE_THROTTLE = True
    body = booking_body(make_rooms(), length=0)
    statuses = [post(client, "bookings", body).status_code for _attempt in range(42)]
    assert statuses[:40] == [422] * 40
    assert statuses[40:] == [429, 429]


def test_a_large_body_is_refused_unread(client: Client) -> None:
    body = booking_body(make_rooms(), request_key="x" * 10_000_000)
    refused(post(client, "bookings", body), 413, "too-large")


@pytest.mark.parametrize(("method", "path"), [("get", "bookings"), ("delete", "proposals"), ("put", "bookings/x/move")])
def test_a_wrong_method_is_refused_in_words_and_names_the_right_ones(client: Client, method: str, path: str) -> None:
    answer = getattr(client, method)(f"/api/v1/{path}")
    refused(answer, 405, "method-not-allowed")
    assert answer["Allow"] == "POST"
    assert "POST" in answer.json()["advice"]


@pytest.mark.parametrize("path", ["nothing", "bookings/", "", "bookings/a/b/c"])
def test_an_address_that_does_not_exist_is_refused_in_words(client: Client, path: str) -> None:
    refused(client.post(f"/api/v1/{path}"), 404, "missing")


def test_booking_five_rooms_takes_few_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rooms = make_rooms("Callac", "Rennes", "Lannion", "Brest", "Quimper")
    with django_assert_max_num_queries(16):
        assert post(client, "bookings", booking_body(rooms)).status_code == 201
