"""Our requests against a real Janus."""

import asyncio
import contextlib
import socket
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maillage.conference.domain.janus_requests import VIDEOROOM, Keys, RoomPlan, Sound, forward_medium
from maillage.conference.gateways.errors import BridgeDown, BridgeRefused
from maillage.conference.gateways.janus_admin import AdminDoor, JanusBridge
from maillage.conference.gateways.janus_look import ClientDoor
from maillage.conference.gateways.janus_session import JanusSession
from maillage.conference.gateways.pool import BridgePool, PooledServer
from maillage.conference.gateways.tokens import door_token, room_token
from maillage.conference.tests.bridge.agents import Agent, strongest_hz, tomorrow, until
from maillage.conference.tests.bridge.conftest import bridge_of
from tooling import media

pytestmark = pytest.mark.media
NO_CLIENT = ClientDoor("ws://127.0.0.1:9", "s")
PAST = datetime(2015, 1, 1, tzinfo=UTC)


def test_a_room_is_made_once_listed_and_ended(bridge: JanusBridge) -> None:
    bridge.open_room(RoomPlan("conf-1"))
    bridge.open_room(RoomPlan("conf-1"))
    assert bridge.rooms() == ["conf-1"]
    assert bridge.participants("conf-1") == []
    assert bridge.health().rooms == 1
    bridge.close_room("conf-1")
    bridge.close_room("conf-1")
    assert bridge.rooms() == []


def test_who_is_in_an_unknown_room_is_refused_with_the_servers_reason(bridge: JanusBridge) -> None:
    with pytest.raises(BridgeRefused) as refusal:
        bridge.participants("nowhere")
    assert "nowhere" in refusal.value.details["reason"]


def test_a_wrong_secret_opens_no_administration_door(janus: media.PrivateJanus) -> None:
    with pytest.raises(BridgeRefused):
        JanusBridge("x", AdminDoor(janus.admin_url, "wrong"), Keys("wrong"), NO_CLIENT).health()


def test_a_server_that_is_not_there_is_said_to_be_down() -> None:
    with pytest.raises(BridgeDown):
        JanusBridge("x", AdminDoor("ws://127.0.0.1:9", "s"), Keys("k"), NO_CLIENT).health()
    with pytest.raises(BridgeDown):
        NO_CLIENT.sounds("conf-1")


def test_a_forged_or_expired_token_opens_no_connection(janus: media.PrivateJanus) -> None:
    async def enter(token: str) -> None:
        async with JanusSession(janus.client_url, token):
            pass

    for token in ("", door_token("forged", tomorrow()), door_token(janus.place.token_secret, PAST)):
        with pytest.raises(BridgeRefused):
            asyncio.run(enter(token))


def test_a_token_for_one_room_does_not_open_another(bridge: JanusBridge, janus: media.PrivateJanus) -> None:
    for room in ("conf-1", "conf-2"):
        bridge.open_room(RoomPlan(room))

    async def enter() -> None:
        secret = janus.place.token_secret
        async with JanusSession(janus.client_url, door_token(secret, tomorrow())) as session:
            handle = await session.attach(VIDEOROOM)
            token = room_token(secret, tomorrow(), "conf-1")
            await handle.request({"request": "join", "ptype": "publisher", "room": "conf-2", "token": token})

    with pytest.raises(BridgeRefused, match="Unauthorized"):
        asyncio.run(enter())


def test_two_sites_see_and_hear_each_other_and_the_chair_may_mute_and_put_out(
    bridge: JanusBridge, janus: media.PrivateJanus
) -> None:
    bridge.open_room(RoomPlan("conf-1"))

    async def meet() -> None:
        async with Agent(janus, "conf-1", "ouessant", tone_hz=880) as a, Agent(janus, "conf-1", "brest") as b:
            heard = await b.hear("ouessant")
            await until(lambda: heard.frames > 10 and len(heard.sound(1)) == 48_000)
            assert abs(strongest_hz(heard.sound(1)) - 880) < 10
            listed = {each.id: each.is_publishing for each in await asyncio.to_thread(bridge.participants, "conf-1")}
            assert listed == {"ouessant": True, "brest": True}
            sent = await asyncio.to_thread(bridge.sounds, "conf-1")
            assert sorted(sent, key=str) == [Sound("brest", "0"), Sound("ouessant", "0")]
            await asyncio.to_thread(bridge.mute, "conf-1", "ouessant", "0", muted=True)
            assert Sound("ouessant", "0", is_muted=True) in await asyncio.to_thread(bridge.sounds, "conf-1")
            await asyncio.sleep(0.5)
            heard.chunks.clear()
            await asyncio.sleep(0.5)
            assert not heard.sound(0.3).any()
            await asyncio.to_thread(bridge.kick, "conf-1", "ouessant")
            await until(lambda: any(event.get("leaving") == "ok" for event in a.events))

    asyncio.run(meet())


def test_what_is_held_back_is_not_forwarded_to_the_mix_of_telephones_either(
    bridge: JanusBridge, janus: media.PrivateJanus
) -> None:
    bridge.open_room(RoomPlan("conf-1"))

    def packets(mix: socket.socket, seconds: float) -> int:
        limit, count = time.monotonic() + seconds, 0
        while (left := limit - time.monotonic()) > 0:
            mix.settimeout(left)
            with contextlib.suppress(TimeoutError):
                count += bool(mix.recv(2048))
        return count

    async def speak() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mix:
            mix.bind((janus.place.address, 0))
            async with Agent(janus, "conf-1", "ouessant", with_video=False):
                await until(lambda: bridge.sounds("conf-1") != [])
                forward = forward_medium(
                    "conf-1", "ouessant", bridge.keys, host=janus.place.address, mid="0",
                    port=mix.getsockname()[1], pt=111, ssrc=7,
                )  # fmt: skip
                await asyncio.to_thread(bridge.door.plugin, VIDEOROOM, forward)
                assert await asyncio.to_thread(packets, mix, 1.0) > 20
                await asyncio.to_thread(bridge.mute, "conf-1", "ouessant", "0", muted=True)
                await asyncio.to_thread(packets, mix, 0.3)
                assert await asyncio.to_thread(packets, mix, 1.0) == 0

    asyncio.run(speak())


def test_after_a_crash_the_conference_is_open_again_on_a_second_server_within_a_second(
    janus: media.PrivateJanus,
) -> None:
    with media.janus("bridge-2") as second:
        servers = [PooledServer(bridge_of(each), each.client_url, each.place.token_secret) for each in (janus, second)]
        pool = BridgePool(servers)
        by_name = {each.place.name: each for each in (janus, second)}
        first = pool.place(RoomPlan("conf-9"))
        lost = by_name[first.server]
        lost.kill()
        began = asyncio.new_event_loop()
        start = began.time()
        moved = pool.place(RoomPlan("conf-9"), current=first)
        took = began.time() - start
        began.close()
        assert moved.server != first.server
        assert moved.generation == 2
        assert took < 1
        assert "conf-9" in bridge_of(by_name[moved.server]).rooms()
        lost.start()
        if moved.server == janus.place.name:
            bridge_of(janus).close_room("conf-9")


def test_a_recorded_room_leaves_files_that_become_playable(
    bridge: JanusBridge, janus: media.PrivateJanus, tmp_path: Path
) -> None:
    folder = janus.folder / "recordings"
    bridge.open_room(RoomPlan("conf-1", is_recorded=True, recording_folder=str(folder)))

    async def meet() -> None:
        async with Agent(janus, "conf-1", "ouessant"):
            await asyncio.sleep(2)

    asyncio.run(meet())
    tracks = sorted(folder.glob("*.mjr"))
    assert len(tracks) == 2
    for track in tracks:
        out = tmp_path / f"{track.stem}.{'opus' if 'audio' in track.name else 'mp4'}"
        subprocess.run(["janus-pp-rec", str(track), str(out)], check=True, capture_output=True)
        assert out.stat().st_size > 1000
