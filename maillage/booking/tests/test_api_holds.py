"""The API's holds, and when a room is taken."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from time_machine import travel

from maillage.booking.models import Booking, BookingStatus, Occupancy
from maillage.booking.tests.factories import ANNE, NOW, TOMORROW_10, make_booking
from maillage.booking.tests.test_api import booking_body, post, refused
from maillage.points.models import Room

pytestmark = pytest.mark.django_db
CONTACT = {"contact": {"name": "Anne Le Goff", "email": "anne@example.org"}}


@pytest.fixture(autouse=True)
def _monday_morning() -> Iterator[None]:
    with travel(NOW, tick=False):
        yield


def hold_body(rooms: list[Room]) -> dict[str, object]:
    body = booking_body(rooms)
    del body["contact"]
    return body


def test_rooms_are_kept_then_booked_and_both_twice_do_nothing_more(client: Client, rooms: list[Room]) -> None:
    held = post(client, "holds", hold_body(rooms))
    again = post(client, "holds", hold_body(rooms)).json()
    body = held.json()
    assert (held.status_code, body["status"], again["id"]) == (201, "held", body["id"])
    assert Booking.objects.get().held_until == NOW + timedelta(minutes=settings.HOLD_MINUTES)
    confirmed = post(client, f"holds/{body['token']}/confirm", CONTACT).json()
    assert post(client, f"holds/{body['token']}/confirm", CONTACT).json()["id"] == confirmed["id"]
    assert (confirmed["status"], confirmed["reference"]) == ("confirmed", body["reference"])
    assert client.delete(f"/api/v1/holds/{body['token']}").status_code == 204
    assert Booking.objects.get().status == BookingStatus.CONFIRMED


def test_a_hold_given_back_frees_its_rooms(client: Client, rooms: list[Room]) -> None:
    token = post(client, "holds", hold_body(rooms)).json()["token"]
    for _twice in range(2):
        assert client.delete(f"/api/v1/holds/{token}").status_code == 204
    assert not Occupancy.objects.exists()
    refused(post(client, f"holds/{token}/confirm", CONTACT), 409, "hold-expired")


def test_a_hold_over_or_a_room_taken_is_refused_with_its_code(client: Client, rooms: list[Room]) -> None:
    token = post(client, "holds", hold_body(rooms)).json()["token"]
    other = {**hold_body(rooms), "request_key": "another-key-1"}
    refused(post(client, "holds", other), 409, "slot-taken")
    refused(post(client, "holds", {**other, "request_key": "x"}), 422, "bad-request-key")
    with travel(NOW + timedelta(minutes=settings.HOLD_MINUTES + 1), tick=False):
        refused(post(client, f"holds/{token}/confirm", CONTACT), 409, "hold-expired")
    refused(client.delete("/api/v1/holds/nothing"), 404, "link-unknown")


def test_busy_times_say_when_and_never_who(client: Client, rooms: list[Room]) -> None:
    make_booking(rooms)
    make_booking(rooms, first_quarter=TOMORROW_10 + 5)
    window = {"start": "2026-11-24T00:00:00+01:00", "end": "2026-11-25T00:00:00+01:00"}
    answer = client.get(f"/api/v1/rooms/{rooms[0].pk}/busy", window)
    (busy,) = answer.json()["busy"]
    assert busy["start"] == "2026-11-24T09:45:00+01:00"
    assert busy["end"].startswith("2026-11-24T12:15")
    assert ANNE.name not in json.dumps(answer.json())
    refused(client.get("/api/v1/rooms/999999/busy", window), 404, "unknown-room")
    backwards = {"start": window["end"], "end": window["start"]}
    refused(client.get(f"/api/v1/rooms/{rooms[0].pk}/busy", backwards), 422, "end-before-start")
    long = {**window, "end": "2027-02-25T00:00:00+01:00"}
    refused(client.get(f"/api/v1/rooms/{rooms[0].pk}/busy", long), 422, "window-too-long")
