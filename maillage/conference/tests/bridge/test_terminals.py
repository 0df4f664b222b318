"""A real SIP terminal (baresip) in a conference with two browsers' stand-ins, on a real Janus."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from maillage.conference.gateways.sip.agent import AgentSettings
from maillage.conference.gateways.sipgate.directory import Invitation, Recorded
from maillage.conference.gateways.sipgate.gateway import GatewaySettings, gateway
from maillage.conference.gateways.sipgate.switchboard import Switchboard
from maillage.conference.tests.bridge.agents import RATE, Agent, strongest_hz, until
from maillage.conference.tests.bridge.directory import PlainDirectory
from tooling import media

pytestmark = pytest.mark.media
ROOM = "conf-7"
HOUAT = Invitation(ROOM, "Mairie de Houat")


class NoAccounts:
    def password_of(self, username: str) -> str | None:
        return None


@asynccontextmanager
async def running(directory: PlainDirectory) -> AsyncIterator[Switchboard]:
    first, last = media.free_range(60)
    host = media.machine_address()
    agent = AgentSettings(host, media.free_range(2)[0])
    async with gateway(GatewaySettings(agent, first, last), directory, NoAccounts()) as board:
        yield board


@pytest.fixture
def directory(janus: media.PrivateJanus) -> PlainDirectory:
    return PlainDirectory([janus], {"123456": HOUAT})


def recording(terminal: media.PrivateTerminal, seconds: float) -> tuple[NDArray[np.float64], int]:
    """Return the last `seconds` of what the terminal has heard, and its rate."""
    with av.open(str(terminal.heard())) as container:
        stream = container.streams.audio[0]
        frames = [frame.to_ndarray() for frame in container.decode(stream)]
        rate = int(stream.codec_context.sample_rate)
        channels = stream.codec_context.channels
    sound = np.concatenate([frame.reshape(-1) for frame in frames])[::channels].astype(np.float64)
    return sound[-int(seconds * rate) :], rate


def level(sound: NDArray[np.float64], hz: float, rate: int, width: float = 15) -> float:
    """Return the share of the energy within `width` Hz of `hz`."""
    energy = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    at = np.fft.rfftfreq(len(sound), 1 / rate)
    return float(energy[np.abs(at - hz) < width].sum() / energy.sum())


@pytest.mark.parametrize("codec", ["opus/48000/2", "PCMA/8000/1", "PCMU/8000/1"])
def test_a_terminal_and_two_browsers_see_and_hear_each_other(
    codec: str, janus: media.PrivateJanus, directory: PlainDirectory
) -> None:
    async def meet(terminal: media.PrivateTerminal) -> None:
        async with running(directory) as board:
            await directory.access(ROOM)
            async with (
                Agent(janus, ROOM, "ouessant", tone_hz=880) as ouessant,
                Agent(janus, ROOM, "brest", tone_hz=1320) as brest,
            ):
                assert board.agent
                settings = board.agent.settings
                uri = f"sip:123456@{settings.host}:{settings.port}"
                await asyncio.to_thread(terminal.command, "dial", uri)
                await until(lambda: ("joined", next(iter(board.legs), "")) in directory.told)
                leg = next(iter(board.legs.values()))
                at_ouessant, at_brest = await ouessant.hear(leg.id), await brest.hear(leg.id)
                await until(lambda: at_ouessant.frames > 20 and at_brest.frames > 20, 20)
                await until(lambda: min(len(at_ouessant.sound(2)), len(at_brest.sound(2))) == 2 * RATE, 20)
                for heard in (at_ouessant, at_brest):
                    sound = heard.sound(1.5)
                    assert abs(strongest_hz(sound) - 440) < 5
                    above = sum(level(sound, hz, RATE, 500) for hz in range(4500, 24_000, 1000))
                    assert above < 1e-4
                await until(lambda: leg.media.counts.picture_out > 60, 20)
                await asyncio.sleep(2)
        sound, rate = recording(terminal, 1.5)
        assert level(sound, 880, rate) > 0.3
        assert level(sound, 1320, rate) > 0.3

    with media.terminal(audio=codec) as terminal:
        asyncio.run(meet(terminal))


async def call_in(terminal: media.PrivateTerminal, board: Switchboard, user: str) -> None:
    assert board.agent
    settings = board.agent.settings
    await asyncio.to_thread(terminal.command, "dial", f"sip:{user}@{settings.host}:{settings.port}")


def told(directory: PlainDirectory, verb: str) -> bool:
    return any(each[0] == verb for each in directory.told)


def test_a_caller_is_asked_for_the_code_and_types_it(janus: media.PrivateJanus, directory: PlainDirectory) -> None:
    async def call(terminal: media.PrivateTerminal) -> None:
        async with running(directory) as board:
            await call_in(terminal, board, "accueil")
            await until(lambda: bool(board.legs))
            leg = next(iter(board.legs.values()))
            await until(lambda: leg.media.counts.voice_out > 50)
            for key in "654321123456":
                await asyncio.to_thread(terminal.command, "sndcode", key)
                await asyncio.sleep(0.3)
            await until(lambda: told(directory, "joined"))
            assert leg.entry.attempts == 1
            directory.recording = Recorded.ASKED
            await until(lambda: leg.recorded is Recorded.ASKED)
            await asyncio.to_thread(terminal.command, "sndcode", "1")
            await until(lambda: ("consents", "yes") in directory.told)
            await until(lambda: leg.recorded is Recorded.ON)
            await asyncio.to_thread(terminal.command, "hangup")
            await until(lambda: told(directory, "left"))
        sound, _rate = recording(terminal, 4)
        assert np.abs(sound).max() > 1000

    with media.terminal(audio="PCMA/8000/1", video=False) as terminal:
        asyncio.run(call(terminal))


def test_a_caller_who_must_wait_hears_nothing_of_the_meeting_until_let_in(
    janus: media.PrivateJanus, directory: PlainDirectory
) -> None:
    directory.codes["123456"] = Invitation(ROOM, "Mairie de Houat", must_wait=True)

    async def call(terminal: media.PrivateTerminal) -> None:
        async with running(directory) as board:
            await directory.access(ROOM)
            async with Agent(janus, ROOM, "ouessant", tone_hz=880, with_video=False) as ouessant:
                await call_in(terminal, board, "123456")
                await until(lambda: told(directory, "waiting"))
                leg = next(iter(board.legs.values()))
                await asyncio.sleep(1.5)
                assert leg.id not in ouessant.feeds
                assert leg.media.bridge is None
                directory.opens = True
                await until(lambda: told(directory, "joined"))
                assert not await board.admit(leg.id)
                heard = await ouessant.hear(leg.id)
                await until(lambda: len(heard.sound(1)) == RATE and abs(strongest_hz(heard.sound(1)) - 440) < 5)
                directory.lets_speak = False
                await until(lambda: leg.media.is_muted)
                await asyncio.sleep(0.7)
                heard.chunks.clear()
                await asyncio.sleep(1)
                assert np.abs(heard.sound(0.5)).max(initial=0) < 200
                board.hang_up(leg.id)
                await until(lambda: ("left", "put out") in directory.told)
                await until(lambda: any(event.get("leaving") == leg.id for event in ouessant.events))
        sound, rate = recording(terminal, 60)
        heard_seconds = [level(sound[at : at + rate], 880, rate) for at in range(0, len(sound) - rate, rate // 2)]
        assert max(heard_seconds) > 0.8, "once let in, the caller hears the meeting between the spoken sentences"

    with media.terminal(video=False) as terminal:
        asyncio.run(call(terminal))


def test_a_terminal_is_called_from_the_conference(janus: media.PrivateJanus, directory: PlainDirectory) -> None:
    async def call(terminal: media.PrivateTerminal) -> None:
        async with running(directory) as board:
            await directory.access(ROOM)
            async with Agent(janus, ROOM, "ouessant") as ouessant:
                leg_id = await board.call_out(terminal.uri, HOUAT)
                heard = await ouessant.hear(leg_id)
                await until(lambda: heard.frames > 10 and len(heard.sound(1)) == RATE, 20)
                assert abs(strongest_hz(heard.sound(1)) - 440) < 5
                await asyncio.to_thread(terminal.command, "hangup")
                await until(lambda: ("left", "hung up there") in directory.told)

    with media.terminal() as terminal:
        asyncio.run(call(terminal))


def test_when_the_bridge_is_killed_the_call_stays_up_and_is_heard_on_another(directory: PlainDirectory) -> None:
    async def call(terminal: media.PrivateTerminal, first: media.PrivateJanus, second: media.PrivateJanus) -> None:
        directory.servers[:] = [first, second]
        async with running(directory) as board:
            await call_in(terminal, board, "123456")
            await until(lambda: told(directory, "joined"))
            leg = next(iter(board.legs.values()))
            moved: list[float] = []
            now = asyncio.get_running_loop().time
            board.rooms.on_moved = lambda _room: moved.append(now())
            killed = now()
            first.kill()
            await until(lambda: bool(moved))
            assert moved[0] - killed < 1
            async with Agent(second, ROOM, "ouessant", tone_hz=880) as ouessant:
                heard = await ouessant.hear(leg.id)
                await until(lambda: heard.frames > 5 and len(heard.sound(1)) == RATE, 20)
                assert abs(strongest_hz(heard.sound(1)) - 440) < 5
                await asyncio.sleep(1.5)
            assert not told(directory, "left")
        sound, rate = recording(terminal, 1)
        assert level(sound, 880, rate) > 0.5

    with media.janus("first") as first, media.janus("second") as second, media.terminal() as terminal:
        asyncio.run(call(terminal, first, second))


@pytest.mark.parametrize("how", ["crashed", "silent"])
def test_the_gateway_ends_soon_in_a_call_whose_only_server_is_gone(how: str) -> None:
    async def call(terminal: media.PrivateTerminal, server: media.PrivateJanus) -> float:
        directory = PlainDirectory([server], {"123456": HOUAT})
        async with running(directory) as board:
            await call_in(terminal, board, "123456")
            await until(lambda: told(directory, "joined"))
            assert server.server
            server.kill() if how == "crashed" else server.server.send_signal(signal.SIGSTOP)
            await asyncio.sleep(1)
            asked = monotonic()
        assert told(directory, "left")
        return monotonic() - asked

    with media.janus("bridge-9") as server, media.terminal() as terminal:
        try:
            assert asyncio.run(asyncio.wait_for(call(terminal, server), 40)) < 5
        finally:
            if how == "silent" and server.server:
                server.server.send_signal(signal.SIGCONT)
