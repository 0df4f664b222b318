"""What callers are told. The sound files (raw A-law, 8 kHz, one channel) are in `conference/prompts/<language>/`."""

from functools import cache
from pathlib import Path

from maillage.conference.domain import g711
from maillage.conference.gateways.opus import Samples

FOLDER = Path(__file__).resolve().parent.parent.parent / "prompts"
NAMES = (
    "code",
    "wrong",
    "refused",
    "early",
    "over",
    "waiting",
    "not-admitted",
    "joined",
    "muted",
    "unmuted",
    "trouble",
    "recording-asks",
    "recording-yes",
    "recording-no",
    "recording-on",
    "recording-over",
)
USUAL_LANGUAGE = "fr"


@cache
def prompt(name: str, language: str = USUAL_LANGUAGE) -> Samples:
    """Return a prompt as samples at 8 kHz; in the usual language if there is none in `language`."""
    own = FOLDER / language / f"{name}.al"
    path = own if own.exists() else FOLDER / USUAL_LANGUAGE / f"{name}.al"
    return g711.decode(path.read_bytes(), "PCMA")
