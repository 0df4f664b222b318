"""What a changed page tries at the bridge itself, with good tokens of its own room: refused, and nobody notices."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from maillage.conference.domain.janus_requests import AUDIOBRIDGE, VIDEOROOM, RoomPlan
from maillage.conference.gateways.errors import BridgeDown, BridgeRefused
from maillage.conference.gateways.janus_admin import JanusBridge
from maillage.conference.gateways.janus_session import Handle, JanusSession
from maillage.conference.gateways.tokens import door_token, room_token
from maillage.conference.tests.bridge.agents import Agent, Received, strongest_hz, tomorrow, until
from tooling import media

pytestmark = pytest.mark.media
OWN, OTHER = "conf-own", "conf-other"
FORGED: tuple[dict[str, Any], ...] = (
    {"request": "create", "room": "free-room"},
    {"request": "destroy", "room": OWN},
    {"request": "destroy", "room": OWN, "secret": "guessed"},
    {"request": "edit", "room": OWN, "new_is_private": False},
    {"request": "kick", "room": OWN, "id": "honest"},
    {"request": "moderate", "room": OWN, "id": "honest", "mid": "0", "mute": True},
    {"request": "enable_recording", "room": OWN, "record": True},
    {"request": "rtp_forward", "room": OWN, "publisher_id": "honest", "host": "192.0.2.1", "streams": [{"mid": "0"}]},
    {"request": "allowed", "room": OWN, "action": "disable"},
    {"request": "poetry"},
)


def joining(room: str, token: str, **fields: Any) -> dict[str, Any]:
    return {"request": "join", "ptype": "publisher", "room": room, "token": token, **fields}


async def still_heard(heard: Received) -> None:
    """The honest site's tone goes on, a whole second of it."""
    heard.chunks.clear()
    await until(lambda: len(heard.sound(1)) == 48_000)
    assert abs(strongest_hz(heard.sound(1)) - 880) < 10


def among_honest_sites(
    bridge: JanusBridge, janus: media.PrivateJanus, act: Callable[[JanusSession, Handle, str], Awaitable[None]]
) -> None:
    """Have two sites in a room, one heard by the other; do `act` there as a hostile page; they go on."""

    async def meet() -> None:
        for room in (OWN, OTHER):
            await asyncio.to_thread(bridge.open_room, RoomPlan(room))
        secret = janus.place.token_secret
        listener = Agent(janus, OWN, "listener", with_video=False)
        async with Agent(janus, OWN, "honest", tone_hz=880, with_video=False), listener:
            heard = await listener.hear("honest")
            await until(lambda: len(heard.sound(1)) == 48_000)
            async with JanusSession(janus.client_url, door_token(secret, tomorrow())) as session:
                handle = await session.attach(VIDEOROOM)
                await act(session, handle, room_token(secret, tomorrow(), OWN))
                await still_heard(heard)
        assert OWN in await asyncio.to_thread(bridge.rooms)

    asyncio.run(meet())


def test_forged_requests_replayed_tokens_and_taken_names_are_refused(
    bridge: JanusBridge, janus: media.PrivateJanus
) -> None:
    async def act(session: JanusSession, handle: Handle, token: str) -> None:
        for forged in FORGED:
            with pytest.raises(BridgeRefused):
                await handle.request(forged)
        for replayed in (joining(OTHER, token), joining(OTHER, token, ptype="subscriber", streams=[{"feed": "x"}])):
            with pytest.raises(BridgeRefused, match="Unauthorized"):
                await handle.request(replayed)
        with pytest.raises(BridgeRefused, match="exists"):
            await handle.request(joining(OWN, token, id="honest"))
        with pytest.raises(BridgeRefused):
            await session.attach(AUDIOBRIDGE)
        assert (await handle.request({"request": "list"})).data["list"] == []

    among_honest_sites(bridge, janus, act)
    assert bridge.participants(OWN) == []
    bridge.close_room(OWN)
    with pytest.raises(BridgeRefused):
        bridge.sounds(OWN)


def test_a_giant_description_and_a_flood_harm_only_who_sends_them(
    bridge: JanusBridge, janus: media.PrivateJanus
) -> None:
    async def act(session: JanusSession, handle: Handle, token: str) -> None:
        await handle.request(joining(OWN, token, id="hostile"))
        giant = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" + "a=x:" + "y" * 2_000_000
        with pytest.raises((BridgeRefused, BridgeDown)):
            await handle.request({"request": "publish"}, {"type": "offer", "sdp": giant})
        async with JanusSession(janus.client_url, session.token) as flooding:
            other = await flooding.attach(VIDEOROOM)
            with contextlib.suppress(BridgeDown):
                asked = [other.request({"request": "poetry"}) for _number in range(2000)]
                await asyncio.gather(*asked, return_exceptions=True)

    among_honest_sites(bridge, janus, act)
