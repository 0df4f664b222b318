"""A real SIP terminal (baresip) in a conference with two browsers' stand-ins, on a real Janus."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from maillage.conference.gateways.sip.agent import AgentSettings
from maillage.conference.gateways.sipgate.directory import Invitation
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
