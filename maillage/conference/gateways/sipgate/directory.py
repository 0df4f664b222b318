"""What the gateway must ask the application, and what it tells it. Implemented on the database; in memory for tests."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: from which machine, under which name or number, with a picture or only a voice."""

    address: str
    name: str
    has_picture: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code's answer: which conference, as whom, and whether someone must let them in first."""

    room: str
    name: str
    party: int = 0
    must_wait: bool = False
    language: str = "fr"


class Turned(StrEnum):
    """Why a code opens nothing now; each names the prompt that says so."""

    UNKNOWN = "wrong"
    EARLY = "early"
    OVER = "over"
    TOO_MANY = "refused"
    NOT_ADMITTED = "not-admitted"


class Recorded(StrEnum):
    """Whether a conference is recorded, for one caller. ASKED: their own answer is missing; WAITING: another's is."""

    NOT = "not"
    ASKED = "asked"
    WAITING = "waiting"
    ON = "on"


@dataclass(frozen=True, slots=True)
class BridgeAccess:
    """The bridge server that a conference is on, as the gateway reaches it."""

    server: str
    url: str
    token_secret: str
    plugin_key: str
    media_address: str = ""


@dataclass(frozen=True, slots=True)
class LegFacts:
    """One call as told to the application. `id` is also the participant's in the room; `party` is of the invitation."""

    id: str
    party: int
    room: str
    name: str
    address: str
    has_picture: bool


class Directory(Protocol):
    """The application's side."""

    async def find(self, code: str, caller: Caller) -> Invitation | Turned:
        """Return what `code` opens for this caller, or why nothing; guesses are counted there."""

    async def access(self, room: str) -> BridgeAccess:
        """Return where the room is now, made if need be. Raises NoBridge."""

    async def joined(self, leg: LegFacts) -> None:
        """A call entered its conference."""

    async def still_in(self, leg: LegFacts) -> bool:
        """Note that a call goes on; tell whether its conference does too."""

    async def follow_floor(self, leg: LegFacts, spoken_seconds: float) -> bool:
        """Note for how long a call has spoken since last told; tell whether the floor lets it be heard."""

    async def recorded(self, leg: LegFacts) -> Recorded:
        """Return whether the conference is recorded, and whether this caller has to answer first."""

    async def consents(self, leg: LegFacts, *, accepts: bool) -> bool:
        """Keep what a caller answers about being recorded; False if nothing is asked any more."""

    async def waiting(self, leg: LegFacts) -> None:
        """A call waits to be let in."""

    async def answered(self, leg: LegFacts) -> bool | None:
        """Note that a call still waits; tell whether it was let in, None while nobody has answered."""

    async def left(self, leg: LegFacts, reason: str) -> None:
        """A call that had joined or waited is over."""

    async def pressed(self, leg: LegFacts, command: str) -> None:
        """Someone in the conference asked for something by keys: a `KeyCommand`."""
