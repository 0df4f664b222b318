"""A second SIP client (sipp, its own stack) meets the same gateway: what baresip alone forgives would show here."""

import asyncio
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from maillage.conference.domain import g711
from maillage.conference.tests.bridge.agents import RATE, Agent, strongest_hz, until
from maillage.conference.tests.bridge.directory import PlainDirectory
from maillage.conference.tests.bridge.test_terminals import HOUAT, ROOM, running, told
from tooling import media
from tooling.services import program

pytestmark = pytest.mark.media
HERE = Path(__file__).parent
HZ = 600


def start_call(folder: Path, to: str) -> "subprocess.Popen[bytes]":
    """Have sipp make the one call of its scenario to the meeting 123456 at `to`."""
    shutil.copy(HERE / "sipp_call.xml", folder)
    tone = (np.sin(2 * np.pi * HZ * np.arange(8000) / 8000) * 12_000).astype(np.int16)
    (folder / "tone.al").write_bytes(g711.encode(tone, "PCMA"))
    (low, _high), host = media.free_range(10), media.machine_address()
    ports = ["-p", str(media.free_range(2)[0]), "-mp", str(low)]
    scenario = ["-sf", "sipp_call.xml", "-s", "123456", "-m", "1", "-nostdin", "-timeout", "60", "-trace_err"]
    command = [program("sipp", "sip-tester"), to, *scenario, "-i", host, "-mi", host, *ports]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)


def test_sipp_calls_is_heard_is_sent_the_meeting_and_hangs_up(janus: media.PrivateJanus, tmp_path: Path) -> None:
    directory = PlainDirectory([janus], {"123456": HOUAT})

    async def call() -> int:
        async with running(directory) as board:
            await directory.access(ROOM)
            async with Agent(janus, ROOM, "ouessant", tone_hz=880, with_video=False) as ouessant:
                assert board.agent
                at = board.agent.settings
                sipp = start_call(tmp_path, f"{at.host}:{at.port}")
                await until(lambda: told(directory, "joined"))
                leg = next(iter(board.legs.values()))
                assert leg.caller().name == "Mairie de Groix"
                heard = await ouessant.hear(leg.id)
                await until(lambda: len(heard.sound(1)) == RATE and abs(strongest_hz(heard.sound(1)) - HZ) < 5, 20)
                await until(lambda: leg.media.counts.voice_out > 100)
                await until(lambda: told(directory, "left"), 20)
                return await asyncio.to_thread(sipp.wait, 10)

    assert asyncio.run(call()) == 0, "sipp saw each answer that it expects"
