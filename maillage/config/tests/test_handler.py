"""Serving pages: the whole chain in one thread, its signals in that thread too."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.core.signals import request_finished, request_started

from maillage.config.handler import OneThreadHandler


@pytest.fixture
def threads() -> Iterator[dict[str, str]]:
    """Return in which thread each signal was sent."""
    seen: dict[str, str] = {}

    def began(**_kwargs: Any) -> None:
        seen["began"] = threading.current_thread().name

    def ended(**_kwargs: Any) -> None:
        seen["ended"] = threading.current_thread().name

    request_started.connect(began)
    request_finished.connect(ended)
    yield seen
    request_started.disconnect(began)
    request_finished.disconnect(ended)


def ask(path: str, *, method: str = "GET", headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [
            (name.encode(), value.encode()) for name, value in {"host": "localhost", **(headers or {})}.items()
        ],
    }

    async def talk() -> tuple[int, bytes]:
        server: Any = ApplicationCommunicator(OneThreadHandler(), scope)  # type: ignore[no-untyped-call]
        await server.send_input({"type": "http.request", "body": b"", "more_body": False})
        start = await server.receive_output(10)
        body = await server.receive_output(10)
        return start["status"], body["body"]

    answer: tuple[int, bytes] = async_to_sync(talk)()
    return answer


@pytest.mark.django_db(transaction=True)
def test_a_page_is_answered_in_one_thread_of_the_pool(threads: dict[str, str]) -> None:
    status, body = ask("/api/v1/nothing-of-the-kind")
    assert status == 404
    assert b'"code"' in body
    assert threads["began"] == threads["ended"]
    assert threads["began"].startswith("page")


@pytest.mark.django_db(transaction=True)
def test_what_is_too_large_is_refused_by_the_same_chain() -> None:
    status, body = ask("/api/v1/bookings", method="POST", headers={"content-length": "99000000"})
    assert status == 413
    assert b"too-large" in body


@pytest.mark.django_db(transaction=True)
def test_a_name_that_is_not_ours_is_refused() -> None:
    assert ask("/", headers={"host": "elsewhere.example"})[0] == 400
