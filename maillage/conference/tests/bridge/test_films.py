"""A recording of two sites on a real Janus, paused for a moment, becomes one film that any player opens."""

import asyncio
import json
import subprocess
import time
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from maillage.conference.domain.janus_requests import RoomPlan
from maillage.conference.domain.recording import Timeline
from maillage.conference.gateways.janus_admin import JanusBridge
from maillage.conference.gateways.recorder import FilmFailed, make_film, tracks_of
from maillage.conference.tests.bridge.agents import Agent, until
from tooling import media

pytestmark = pytest.mark.media
Span = tuple[float, float]


def share_of(sound: Any, hertz: int, rate: int) -> float:
    """Return the share of the energy within 15 Hz of `hertz`."""
    energy = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    near = np.abs(np.fft.rfftfreq(len(sound), 1 / rate) - hertz) < 15
    return float(energy[near].sum() / energy.sum())


async def record_twice(bridge: JanusBridge, janus: media.PrivateJanus) -> list[Span]:
    """Record two sites for 4 s, pause, and again for 3 s; return when."""
    spans = []
    async with (
        Agent(janus, "conf-film", "ouessant", tone_hz=880) as one,
        Agent(janus, "conf-film", "brest", tone_hz=1320),
    ):
        heard = await one.hear("brest")
        await until(lambda: heard.frames > 5, 20)
        for seconds in (4, 3):
            began = time.time()
            await asyncio.to_thread(bridge.record, "conf-film", recording=True)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(bridge.record, "conf-film", recording=False)
            spans.append((began, time.time()))
            await asyncio.sleep(2)
    return spans


def test_two_sites_become_one_film_with_both_voices_and_without_the_pause(
    bridge: JanusBridge, janus: media.PrivateJanus, settings: Any, tmp_path: Path
) -> None:
    settings.JANUS_RECORDINGS = str(janus.folder / "films")
    bridge.open_room(RoomPlan("conf-film", recording_folder=f"{settings.JANUS_RECORDINGS}/conf-film"))
    timeline = Timeline(asyncio.run(record_twice(bridge, janus)))
    tracks = tracks_of("conf-film", timeline)
    assert sorted(track.is_sound for track in tracks) == [False] * 4 + [True] * 4

    film = tmp_path / "film.mp4"
    make_film(tracks, timeline, film)
    probe = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(film)]
    told = json.loads(subprocess.run(probe, check=True, capture_output=True).stdout)
    assert {stream["codec_name"] for stream in told["streams"]} == {"h264", "aac"}
    assert float(told["format"]["duration"]) == pytest.approx(timeline.seconds, abs=0.5)

    with av.open(str(film)) as opened:
        stream = opened.streams.audio[0]
        rate = stream.codec_context.sample_rate
        sound = np.concatenate([frame.to_ndarray().mean(axis=0) for frame in opened.decode(stream)])
    for start, end in ((1.5, 3.5), (timeline.seconds - 2, timeline.seconds - 0.5)):
        part = sound[int(start * rate) : int(end * rate)]
        assert min(share_of(part, 880, rate), share_of(part, 1320, rate)) > 0.3
    with av.open(str(film)) as opened:
        pictures = [frame.to_ndarray(format="gray") for frame in opened.decode(video=0)]
    left, right = pictures[40][:, :640], pictures[40][:, 640:]
    assert min(half[300:420, 200:440].std() for half in (left, right)) < 5  # both cells hold a plain picture
    assert min(half[300:420, 200:440].mean() for half in (left, right)) > 28  # lighter than the empty film


def test_nothing_recorded_gives_no_film(tmp_path: Path) -> None:
    with pytest.raises(FilmFailed):
        make_film([], Timeline([(0, 4)]), tmp_path / "film.mp4")
    assert list(tmp_path.iterdir()) == []
