# mypy: disable-error-code="no-untyped-call"
"""What passes between the two screens of a room when they are two machines, and what does not."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from django.utils import timezone

from maillage.booking.tests.factories import make_rooms
from maillage.station.domain.relay_messages import page_named
from maillage.station.models import SecondScreen, Station, StationState
from maillage.station.routing import websocket_urlpatterns
from maillage.station.services import unlink_second_screen, withdraw
from maillage.station.tests.factories import make_agent, make_second_screen, make_station

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
DOOR = URLRouter(websocket_urlpatterns)
HERE = {"type": "here", "lined": False}
TOKEN = "eyJhbGciOi.party-12_abc"


class End:
    """One end of a relay."""

    def __init__(self, side: str, cookies: str) -> None:
        headers = [(b"cookie", cookies.encode())]
        scope = {"type": "websocket", "path": "/station/ecran/fil", "headers": headers, "query_string": side.encode()}
        self.socket = ApplicationCommunicator(DOOR, {**scope, "subprotocols": []})

    async def say(self, message: dict[str, Any] | str) -> None:
        text = message if isinstance(message, str) else json.dumps(message)
        await self.socket.send_input({"type": "websocket.receive", "text": text})

    async def hear(self) -> dict[str, Any]:
        """Return the next message that is no beat, or how the server hung up."""
        output = await self.socket.receive_output(timeout=5)
        if output["type"] == "websocket.close":
            return {"closed": output["code"]}
        message: dict[str, Any] = json.loads(output["text"])
        return await self.hear() if message["type"] == "beat" else message

    async def hears_nothing(self) -> bool:
        return bool(await self.socket.receive_nothing(timeout=0.2))


@asynccontextmanager
async def end(side: str, cookies: str) -> AsyncIterator[End]:
    one = End(side, cookies)
    await one.socket.send_input({"type": "websocket.connect"})
    assert (await one.socket.receive_output(timeout=5))["type"] == "websocket.accept"
    yield one
    await one.socket.send_input({"type": "websocket.disconnect", "code": 1001})
    await one.socket.wait(timeout=5)


@dataclass(frozen=True, slots=True)
class Linked:
    """A room with its two screens, and the cookies that prove them."""

    station: Station
    second: SecondScreen
    main_cookie: str
    second_cookie: str


@database_sync_to_async
def linked(commune: str = "Callac") -> Linked:
    room = make_rooms(commune)[0]
    station, key = make_station(now=timezone.now(), room=room)
    second, second_key = make_second_screen(now=timezone.now(), room=room)
    return Linked(station, second, f"station={key}", f"second-screen={second_key}")


@database_sync_to_async
def done(act: Callable[..., Any], **given: Any) -> Any:
    return act(**given)


@asynccontextmanager
async def both(room: Linked) -> AsyncIterator[tuple[End, End]]:
    async with end("second", room.second_cookie) as second, end("main", room.main_cookie) as main:
        assert (await second.hear())["type"] == "welcome"
        assert (await main.hear())["type"] == "welcome"
        yield main, second


async def test_each_end_is_told_what_it_needs(settings: Any) -> None:
    settings.TURN_URLS, settings.TURN_SECRET = ["turn:relay.example"], "secret"
    room = await linked()
    async with end("second", room.second_cookie) as second, end("main", room.main_cookie) as main:
        welcome = await second.hear()
        assert (welcome["room"], welcome["zone"]) == (room.second.room.name, "Europe/Paris")
        assert (await main.hear())["ice_servers"][0]["urls"] == ["turn:relay.example"]
        await main.say({"type": "offer", "sdp": "v=0"})
        offer = await second.hear()
        assert (offer["type"], offer["sdp"], offer["ice_servers"][0]["urls"]) == (
            "offer",
            "v=0",
            ["turn:relay.example"],
        )
        await second.say({"type": "answer", "sdp": "v=0 too"})
        assert await main.hear() == {"type": "answer", "sdp": "v=0 too"}


async def test_a_room_hears_its_own_screens_alone() -> None:
    callac, rennes = await linked(), await linked("Rennes")
    async with both(callac) as (main, second), both(rennes) as (other_main, other_second):
        await second.say(HERE)
        assert await main.hear() == HERE
        for news in ({"type": "pointer", "spot": {"x": 0.5, "y": 1}}, {"type": "shown", "shown": {"kind": "screen"}}):
            await main.say(news)
            assert await second.hear() == news
        assert await other_main.hears_nothing()
        assert await other_second.hears_nothing()


async def test_the_link_of_the_meeting_stays_with_the_main_screen() -> None:
    async with both(await linked()) as (main, second):
        address = f"https://maillage.example/r/{TOKEN}/documents/12/3"
        await main.say({"type": "shown", "shown": {"kind": "page", "address": address, "words": "Page 3"}})
        shown = (await second.hear())["shown"]
        assert shown == {"kind": "page", "address": "/station/ecran/page/12/3", "words": "Page 3"}


@pytest.mark.parametrize(
    "address",
    [
        f"/r/{TOKEN}/documents/12/3?next",
        f"/r/{TOKEN}/documents/12/3\n",
        f"/r/{TOKEN}/documents/0/3",
        f"/r/{TOKEN}/documents/{'9' * 40}/3",
        "/compte/login/",
        "javascript:alert(1)",
    ],
)
async def test_only_a_page_of_a_document_is_an_address(address: str) -> None:
    with pytest.raises(ValueError, match="no page"):
        page_named(address)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("nothing of ours", 4400),
        ('{"type":"answer","sdp":"v=0"}', 4400),
        ('{"type":"here","lined":true}', 4400),
        ('{"type":"pointer","spot":{"x":2,"y":0}}', 4400),
        ('{"type":"shown","shown":{"kind":"page","address":"/compte/login/","words":""}}', 4400),
        (json.dumps({"type": "shown", "shown": {"kind": "page", "address": "", "words": "a" * 301}}), 4400),
        (json.dumps({"type": "offer", "sdp": "a" * 60_001}), 4400),
        (json.dumps({"type": "offer", "sdp": "a" * 70_000}), 4413),
    ],
)
async def test_what_a_main_screen_may_not_say_ends_its_wire_and_passes_nothing_on(said: str, code: int) -> None:
    async with both(await linked()) as (main, second):
        await main.say(said)
        assert await main.hear() == {"closed": code}
        assert await second.hears_nothing()


async def test_a_second_screen_may_not_say_what_is_shown() -> None:
    async with both(await linked()) as (main, second):
        await second.say({"type": "shown", "shown": None})
        assert await second.hear() == {"closed": 4400}
        assert await main.hears_nothing()


async def test_too_many_messages_end_the_wire() -> None:
    async with both(await linked()) as (main, _second):
        for _message in range(300):
            await main.say({"type": "pointer", "spot": None})
        assert await main.hear() == {"closed": 4429}


async def test_a_stranger_is_refused_and_a_room_without_a_second_screen_told_so() -> None:
    room = await linked()
    for side, cookies in (
        ("second", ""),
        ("second", "second-screen=forged"),
        ("second", room.main_cookie),
        ("second", room.main_cookie.replace("station", "second-screen")),
        ("main", "station=forged"),
        ("main", room.second_cookie),
        ("main", room.second_cookie.replace("second-screen", "station")),
    ):
        async with end(side, cookies) as stranger:
            assert await stranger.hear() == {"closed": 4403}


async def test_a_second_screen_linked_while_the_meeting_goes_on_is_fed_from_then_on() -> None:
    room = await linked()
    await done(unlink_second_screen, agent=await done(make_agent), room=room.station.room)
    async with AsyncExitStack() as stack:
        main = await stack.enter_async_context(end("main", room.main_cookie))
        assert (await main.hear())["type"] == "welcome"
        _screen, key = await done(make_second_screen, now=timezone.now(), room=room.station.room)
        second = await stack.enter_async_context(end("second", f"second-screen={key}"))
        assert (await second.hear())["type"] == "welcome"
        await second.say(HERE)
        assert await main.hear() == HERE
        await main.say({"type": "shown", "shown": None})
        assert await second.hear() == {"type": "shown", "shown": None}


async def test_the_newest_second_screen_takes_the_place() -> None:
    room = await linked()
    async with AsyncExitStack() as stack:
        main, second = await stack.enter_async_context(both(room))
        newest = await stack.enter_async_context(end("second", room.second_cookie))
        assert (await newest.hear())["type"] == "welcome"
        assert await second.hear() == {"closed": 4409}
        await main.say({"type": "pointer", "spot": None})
        assert await newest.hear() == {"type": "pointer", "spot": None}


async def test_a_screen_that_is_withdrawn_is_cut_off_at_once() -> None:
    room = await linked()
    async with both(room) as (main, second):
        await done(withdraw, screen=room.second, state=StationState.REVOKED, agent_id=None)
        assert await second.hear() == {"closed": 4403}
        await done(withdraw, screen=room.station, state=StationState.REVOKED, agent_id=None)
        assert await main.hear() == {"closed": 4403}


async def test_a_second_screen_that_speaks_was_seen() -> None:
    room = await linked()
    async with both(room) as (main, second):
        await second.say(HERE)
        await main.hear()
        assert (await second.socket.receive_output(timeout=5))["text"] == '{"type": "beat"}'
        assert await second.hears_nothing()
    assert (await done(SecondScreen.objects.get)).last_seen_at is not None
