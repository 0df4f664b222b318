"""From what a bridge recorded, one packet file for each medium of each site, to one film that any player opens.

Runs in the worker, at low priority. janus-pp-rec unpacks, ffmpeg mixes; both are told what to do by lists of our words.
"""

import json
import logging
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from maillage.conference.domain.recording import Timeline, Track, film_graph

logger = logging.getLogger(__name__)
NAMED = re.compile(r"^videoroom-.+-user-(?P<site>.+)-\d+-(?P<kind>audio|video)-(?P<place>\d+)\.mjr$")
HEADER = b"MJR0000"
EDGE = 2.0
"""Seconds around a stretch within which a file that began belongs to it: clocks of two machines differ a little."""
SLOWEST = 6
"""How many times the film's length its making may take, and ten minutes more, before it is given up."""


class FilmFailed(Exception):
    """No film came out of a recording; the text says which tool said no."""


def film_path(folder: UUID) -> Path:
    """Return where the film of a recording is kept."""
    return Path(settings.PRIVATE_FILES) / "recordings" / f"{folder.hex}.mp4"


def tracks_of(room: str, timeline: Timeline) -> list[Track]:
    """Return the media that the bridge recorded in `room` during these stretches, by time."""
    found = [_read(path) for path in sorted((Path(settings.JANUS_RECORDINGS) / room).glob("*.mjr"))]
    inside = [
        track
        for track in found
        if track and any(start - EDGE <= track.began <= end + EDGE for start, end in timeline.spans)
    ]
    return sorted(inside, key=lambda track: track.began)


def _read(path: Path) -> Track | None:
    """Return what a packet file says of itself; None if it is not one, or holds no packet.

    Janus opens a file for each place of a line, and describes it at its first packet: of a screen that nobody shows
    there are eight bytes.
    """
    named = NAMED.match(path.name)
    with path.open("rb") as file:
        if not named or file.read(8)[:7] != HEADER:
            return None
        described = file.read(int.from_bytes(file.read(2), "big"))
        is_empty = not described or not file.read(1)
    if is_empty:
        return None
    about: dict[str, Any] = json.loads(described)
    is_sound = named["kind"] == "audio"
    site = named["site"] if is_sound else f"{named['site']} {named['place']}"
    return Track(str(path), site, is_sound, int(about.get("u") or about["s"]) / 1_000_000)


def make_film(tracks: Sequence[Track], timeline: Timeline, target: Path) -> None:
    """Make one MP4 (H.264 and AAC) of all tracks. Raises FilmFailed."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    patience = 600 + SLOWEST * timeline.seconds
    with tempfile.TemporaryDirectory(dir=target.parent) as place:
        unpacked = [track for track in (_unpack(one, Path(place), order) for order, one in enumerate(tracks)) if track]
        if not any(track.is_sound for track in unpacked):
            raise FilmFailed("no sound was recorded")
        inputs = [word for track in unpacked for word in ("-i", track.path)]
        film = Path(place) / "film.mp4"
        _run(
            [
                *(
                    "ffmpeg",
                    "-nostdin",
                    "-v",
                    "error",
                    "-y",
                    *inputs,
                    "-filter_complex",
                    film_graph(unpacked, timeline),
                ),
                *("-map", "[picture]", "-map", "[sound]", "-c:v", "libx264", "-preset", "veryfast", "-crf", "27"),
                *("-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart", str(film)),
            ],
            patience,
        )
        film.replace(target)


def _unpack(track: Track, place: Path, order: int) -> Track | None:
    out = place / f"{order}.{'opus' if track.is_sound else 'mp4'}"
    try:
        _run(["janus-pp-rec", track.path, str(out)], 600)
    except FilmFailed as failure:
        logger.info("a recorded medium was left out: %s", failure)
        return None
    return replace(track, path=str(out)) if out.exists() and out.stat().st_size else None


def _run(command: list[str], seconds: float) -> None:
    words = [*(["nice", "-n", "15"] if shutil.which("nice") else []), *command]
    try:
        subprocess.run(words, check=True, capture_output=True, timeout=seconds, stdin=subprocess.DEVNULL)
    except (subprocess.SubprocessError, OSError) as failure:
        said = getattr(failure, "stderr", b"") or b""
        raise FilmFailed(f"{command[0]}: {said.decode(errors='replace').strip()[-300:] or failure}") from failure


def forget_tracks(tracks: Sequence[Track]) -> None:
    """Remove the packet files once their film is made."""
    for track in tracks:
        Path(track.path).unlink(missing_ok=True)
