import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from maillage.station.consumers import PATH, Heartbeat
from maillage.station.models import OrderKind, Station, StationState
from maillage.station.services import give_order
from maillage.station.tests.factories import make_agent, make_station

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


async def beat(heartbeat: Heartbeat, key: str) -> tuple[int, dict[str, Any]]:
    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    headers = [(b"cookie", f"autre=1; station={key}".encode())]
    await heartbeat({"type": "http", "path": PATH, "headers": headers}, receive, send)
    return said[0]["status"], json.loads(said[1]["body"])


def linked() -> tuple[Station, str]:
    return make_station(now=timezone.now())


async def test_a_beat_is_a_sign_of_life_and_costs_no_query_while_it_is_known() -> None:
    station, key = await sync_to_async(linked)()
    heartbeat = Heartbeat()
    assert await beat(heartbeat, key) == (200, {"ask": False})
    await sync_to_async(station.refresh_from_db)()
    assert station.last_seen_at is not None
    assert timezone.now() - station.last_seen_at < timedelta(seconds=10)
    await Station.objects.all().aupdate(state=StationState.REPLACED, key_digest="gone")
    assert await beat(heartbeat, key) == (200, {"ask": False})  # known for five minutes; its state is refused meanwhile


async def test_a_screen_with_an_order_is_told_to_ask() -> None:
    station, key = await sync_to_async(linked)()
    agent = await sync_to_async(make_agent)()
    give = sync_to_async(give_order)
    await give(station=station, kind=OrderKind.RESTART, text="", agent_id=agent.pk, now=timezone.now())
    assert await beat(Heartbeat(), key) == (200, {"ask": True})


@pytest.mark.parametrize("key", ["", "unknown", "x;y=\x01"])
async def test_a_screen_without_a_good_key_is_refused_with_a_code(key: str) -> None:
    status, body = await beat(Heartbeat(), key)
    assert (status, body["code"]) == (403, "not-a-station")


async def test_many_beats_at_once_are_written_together() -> None:
    _station, key = await sync_to_async(linked)()
    heartbeat = Heartbeat()
    answers = await asyncio.gather(*(beat(heartbeat, key) for _ in range(50)))
    assert {status for status, _body in answers} == {200}
