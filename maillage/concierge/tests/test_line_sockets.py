# mypy: disable-error-code="no-untyped-call"
"""The voice line on its sockets: a side and a room ring, an operator answers, both ends hear each other's paths."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from maillage.booking.tests.factories import make_rooms
from maillage.concierge.consumers import DeskLine
from maillage.concierge.models import CallState, HelpCall
from maillage.concierge.routing import websocket_urlpatterns
from maillage.concierge.tests.factories import make_meeting_in, make_operator
from maillage.conference.tests.factories import parties_of, token_of
from maillage.station.tests.factories import make_station

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
DOORS = URLRouter(websocket_urlpatterns)
OFFER = {"type": "offer", "sdp": "v=0"}


class End(ApplicationCommunicator):
    """One end of the line, for tests: says and hears JSON."""

    async def say(self, kind: str, **fields: object) -> None:
        await self.send_input({"type": "websocket.receive", "text": json.dumps({"type": kind, **fields})})

    async def hear(self, kind: str) -> dict[str, Any]:
        """Return the next message of `kind`, skipping others."""
        while True:
            output = await self.receive_output(timeout=5)
            assert output["type"] == "websocket.send", output
            heard: dict[str, Any] = json.loads(output["text"])
            if heard["type"] == kind:
                return heard


@asynccontextmanager
async def end_at(path: str, application: Any = DOORS, **scope: Any) -> AsyncIterator[End]:
    given = {"type": "websocket", "path": path, "headers": [], "query_string": b"", "subprotocols": [], **scope}
    end = End(application, given)
    await end.send_input({"type": "websocket.connect"})
    assert (await end.receive_output(timeout=5))["type"] == "websocket.accept"
    try:
        yield end
    finally:
        await end.send_input({"type": "websocket.disconnect", "code": 1001})
        await end.wait(timeout=5)


@database_sync_to_async
def a_meeting_and_an_operator() -> tuple[str, Any]:
    booking = make_meeting_in(*make_rooms())
    return token_of(parties_of(booking)[0], until=timezone.now() + timedelta(days=1)), make_operator()


@database_sync_to_async
def a_station() -> str:
    return make_station(now=timezone.now())[1]


@database_sync_to_async
def state_of(call: int) -> str:
    return HelpCall.objects.get(pk=call).state


def desk_of(user: Any) -> Any:
    return end_at("/ws/conciergerie", DeskLine.as_asgi(), user=user)


async def test_a_side_rings_an_operator_answers_and_their_pages_find_each_other() -> None:
    token, operator = await a_meeting_and_an_operator()
    async with desk_of(operator) as desk, end_at(f"/ws/aide/{token}") as caller:
        assert (await desk.hear("calls"))["waiting"] == []
        await caller.say("ring", language="fr")
        call = (await caller.hear("waiting"))["call"]
        waiting = (await desk.hear("calls"))["waiting"]
        assert [(one["call"], one["name"].split(" (")[0]) for one in waiting] == [(call, "Callac")]
        await desk.say("answer", call=call, page="page-desk-1")
        assert (await caller.hear("answered"))["page"] == "page-desk-1"
        await caller.say("signal", description=OFFER, candidates=[])
        assert (await desk.hear("signal"))["description"] == OFFER
        await desk.say("signal", call=call, description={"type": "answer", "sdp": "v=0"}, candidates=[])
        assert (await caller.hear("signal"))["description"]["type"] == "answer"
        await desk.say("hang-up", call=call)
        await caller.hear("over")
        assert await state_of(call) == CallState.ENDED


async def test_a_room_rings_with_its_own_key_and_a_stranger_is_turned_away() -> None:
    key = await a_station()
    async with end_at("/station/aide", headers=[(b"cookie", f"station={key}".encode())]) as room:
        await room.say("ring")
        assert (await room.hear("waiting"))["seconds"] == 45
    async with end_at("/station/aide") as stranger:
        assert (await stranger.hear("refused"))["code"] == "not-a-station"
    async with end_at("/ws/aide/forged.1.x") as stranger:
        assert (await stranger.hear("refused"))["code"] == "link-unknown"


async def test_only_operators_listen() -> None:
    async with desk_of(AnonymousUser()) as stranger:
        assert (await stranger.hear("refused"))["code"] == "not-an-operator"
        await stranger.say("answer", call=1, page="page-stranger")
        assert (await stranger.receive_output(timeout=5))["type"] == "websocket.close"


async def test_a_caller_whom_nobody_answers_reads_what_comes_next(settings: Any) -> None:
    settings.HELP_RING_SECONDS = 0
    token, operator = await a_meeting_and_an_operator()
    async with desk_of(operator) as desk, end_at(f"/ws/aide/{token}") as caller:
        await caller.say("ring", language="en")
        call = (await caller.hear("waiting"))["call"]
        assert "we call you back" in (await caller.hear("missed"))["sentence"]
        assert await state_of(call) == CallState.MISSED
        await desk.say("answer", call=call, page="page-desk-1")
        assert (await desk.hear("refused"))["code"] == "call-over"


async def test_a_cut_line_goes_on_with_the_same_call_and_nonsense_closes_it() -> None:
    token, operator = await a_meeting_and_an_operator()
    async with desk_of(operator) as desk:
        async with end_at(f"/ws/aide/{token}") as caller:
            await caller.say("ring")
            call = (await caller.hear("waiting"))["call"]
            await desk.say("answer", call=call, page="page-desk-1")
            await caller.hear("answered")
        async with end_at(f"/ws/aide/{token}") as caller:
            await caller.say("ring")
            back = await caller.hear("waiting")
            assert (back["call"], back["is_answered"]) == (call, True)
            await caller.say("dance")
            assert (await caller.hear("refused"))["code"] == "message-unknown"
