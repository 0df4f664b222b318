import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from maillage.core.errors import TooMany
from maillage.core.throttle import client_address, throttled

pytestmark = pytest.mark.stored


@throttled("ring", most=3, seconds=60)
def ring(request: HttpRequest) -> HttpResponse:
    return HttpResponse("rung")


@pytest.fixture(autouse=True)
def _counting(settings: Settings) -> None:
    settings.MAILLAGE_THROTTLE = True
    cache.clear()


def test_the_act_is_refused_beyond_its_limit(rf: RequestFactory) -> None:
    for _attempt in range(3):
        assert ring(rf.post("/")).status_code == 200
    with pytest.raises(TooMany) as refusal:
        ring(rf.post("/"))
    assert refusal.value.status == 429


def test_another_address_is_counted_apart_and_reading_is_free(rf: RequestFactory) -> None:
    for _attempt in range(3):
        ring(rf.post("/"))
    assert ring(rf.post("/", REMOTE_ADDR="192.0.2.9")).status_code == 200
    assert ring(rf.get("/")).status_code == 200


def test_a_client_cannot_choose_its_address(rf: RequestFactory, settings: Settings) -> None:
    settings.MAILLAGE_PROXIES = 1
    request = rf.get("/", headers={"X-Forwarded-For": "203.0.113.7, 198.51.100.4"})
    assert client_address(request) == "198.51.100.4"
    settings.MAILLAGE_PROXIES = 0
    assert client_address(request) == "127.0.0.1"
