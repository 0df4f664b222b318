"""The whole API, of every app: as it was published, and without a fault whatever is sent to it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.db import DataError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, settings

from maillage.booking.models import Booking
from maillage.booking.selectors import organiser_token
from maillage.booking.tests.factories import make_booking
from maillage.config.api import api
from maillage.config.asgi import application
from maillage.core.middleware import RefusalMiddleware
from maillage.core.quarters import quarter_of
from maillage.points.tests.factories import make_point, make_room

SNAPSHOT = Path(__file__).with_name("openapi.json")


def test_the_api_is_what_was_published() -> None:
    now = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    assert now == json.loads(SNAPSHOT.read_text()), "a wanted change? run: python -m tooling.openapi"


def test_every_operation_is_named_and_summed_up() -> None:
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            assert operation["operationId"].isidentifier(), path
            assert operation["summary"], (method, path)
            assert operation["description"], (method, path)


schema = schemathesis.openapi.from_dict(json.loads(SNAPSHOT.read_text()))
schema.app = application


@pytest.fixture
def token() -> str:
    """The token of a real booking in a week, in a world of two rooms that never close."""
    rooms = [make_room(make_point(commune=town, hours="24/7")) for town in ("Callac", "Rennes")]
    now = timezone.now()
    return organiser_token(make_booking(rooms, now=now, first_quarter=quarter_of(now) + 7 * 96))


@pytest.mark.django_db(transaction=True)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@schema.parametrize()
def test_no_request_makes_the_server_fail(case: schemathesis.Case[Any], token: str) -> None:
    """Half of the requests about a booking carry the token of one that exists."""
    if "token" in case.path_parameters and len(str(case.path_parameters["token"])) % 2:
        case.path_parameters["token"] = token
    answer = case.call()
    assert answer.status_code < 500, (case.method, case.path, case.body, answer.text)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == ["application/problem+json"]
        assert answer.json()["code"]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_nul_in_a_text_is_refused_and_nothing_kept(client: Client) -> None:
    rooms = [make_room(make_point(commune=town, hours="24/7")) for town in ("Callac", "Rennes")]
    wanted = {
        "parties": [{"commune": room.point.commune_id, "room_id": room.pk} for room in rooms],
        "start": f"{timezone.localdate() + timedelta(days=7)}T10:00:00",
        "contact": {"name": "Anne\0", "email": "anne@example.org"},
        "request_key": "nul-test-1",
    }
    for answer in (
        client.get("/api/v1/uses?point=%00"),
        client.post("/api/v1/bookings", wanted, content_type="application/json"),
    ):
        assert answer.status_code == 422, answer.content
        assert answer.json()["code"] == "invalid"
    assert not Booking.objects.exists()


@pytest.mark.django_db
def test_a_page_given_a_nul_says_so_and_another_fault_stays_a_fault(rf: RequestFactory) -> None:
    door = RefusalMiddleware(lambda _request: HttpResponse())
    answer = door.process_exception(
        rf.post("/reserver"), DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    )
    assert answer
    assert answer.status_code == 422
    assert door.process_exception(rf.post("/reserver"), DataError("value too long")) is None
