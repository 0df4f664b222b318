import logging
from dataclasses import dataclass

import pytest
from django.db import transaction

from maillage.core import events


@dataclass(frozen=True)
class Rung:
    times: int


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    monkeypatch.setitem(events._subscribers, Rung, [])
    times: list[int] = []
    events.subscribe(Rung)(lambda event: times.append(event.times))
    return times


@pytest.mark.django_db(transaction=True)
def test_an_event_is_heard_only_once_the_transaction_commits(heard: list[int]) -> None:
    with transaction.atomic():
        events.publish(Rung(times=1))
        assert heard == []
    assert heard == [1]


@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_transaction_that_fails_is_never_heard(heard: list[int]) -> None:
    with transaction.atomic():
        events.publish(Rung(times=1))
        transaction.set_rollback(True)
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_a_subscriber_that_fails_is_logged_and_stops_nobody(heard: list[int], caplog: pytest.LogCaptureFixture) -> None:
    events._subscribers[Rung].insert(0, _break)
    with caplog.at_level(logging.ERROR):
        events.publish(Rung(times=2))
    assert heard == [2]
    assert "_break failed" in caplog.text


def _break(event: Rung) -> None:
    raise ValueError(event)
