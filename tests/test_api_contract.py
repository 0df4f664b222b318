"""The whole API, of every app: as it was published, and without a fault whatever is sent to it."""

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.utils import timezone
from hypothesis import HealthCheck, settings

from maillage.booking.selectors import organiser_token
from maillage.booking.tests.factories import make_booking
from maillage.config.api import api
from maillage.config.asgi import application
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
