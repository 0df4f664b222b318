"""What a page may say to the server: one model a message, told apart by `type`. Described in docs/protocol.md.

Nothing outside these shapes reaches a service. Sizes are those of real pages, doubled.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from maillage.conference.domain.conduct_messages import (
    CONDUCT_TYPES,
    AgendaStep,
    Answer,
    Chat,
    EntryChoice,
    FloorAct,
    Introduce,
    Open,
    Spoke,
)
from maillage.conference.domain.message_base import Message, Name
from maillage.conference.domain.table_messages import TABLE_NEWS, TABLE_TYPES, Pointer, RecordAct, ShowPage

MAX_MESSAGE = 65_536
"""Characters. A description of a call with three media is about 6,000."""

Images = Literal["full", "small", "none"]
"""How much of the others' images a page receives: what it gives up first when its line is weak."""

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Measure = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class Hello(Message):
    """First on every socket: which screen, which page, and whether it is already in."""

    type: Literal["hello"]
    connection: Name
    page: Name
    entered: bool = False
    device: str = Field(default="", max_length=60)
    microphone: bool = False
    camera: bool = False


class Enter(Message):
    """The person pressed « Entrer »."""

    type: Literal["enter"]
    take_over: bool = False
    microphone: bool = False
    camera: bool = False


class Leave(Message):
    """The person pressed « Quitter »."""

    type: Literal["leave"]


class End(Message):
    """The person ended the meeting for all."""

    type: Literal["end"]


class Beat(Message):
    """Still here."""

    type: Literal["beat"]


class State(Message):
    """What this page sends, and whether it wants images."""

    type: Literal["state"]
    microphone: bool
    camera: bool
    screen: bool
    sound_only: bool
    images: Images = "full"


class Description(Message):
    """A session description, as WebRTC writes it."""

    type: Literal["offer", "answer"]
    sdp: str = Field(max_length=60_000)


class Candidate(Message):
    """A network path to try, as WebRTC writes it."""

    candidate: str = Field(max_length=1_000)
    sdpMid: str | None = Field(default=None, max_length=16)  # noqa: N815  (WebRTC's own names)
    sdpMLineIndex: int | None = Field(default=None, ge=0, le=64)  # noqa: N815
    usernameFragment: str | None = Field(default=None, max_length=256)  # noqa: N815


class Signal(Message):
    """For the page of one other party: a description, some paths, or both."""

    type: Literal["signal"]
    to: int
    page: Name
    description: Description | None = None
    candidates: tuple[Candidate, ...] = Field(default=(), max_length=40, strict=False)


class Rename(Message):
    """How a party is shown to the others: one's own, or `party` that is in."""

    type: Literal["rename"]
    party: int | None = None
    name: str = Field(min_length=1, max_length=120)
    head_count: int = Field(ge=1, le=500)


class Sample(Message):
    """The line with one other party over the last seconds."""

    remote: int
    rtt_ms: Measure | None = None
    loss_in: Share | None = None
    concealed_in: Share | None = None
    loss_out: Share | None = None
    audio_level_in: Share | None = None
    frames_per_second: Measure | None = None
    kbps_in: Measure | None = None
    kbps_out: Measure | None = None
    path: Literal["", "host", "srflx", "prflx", "relay"] = ""


class Quality(Message):
    """Measures of every line of this page, every 10 seconds."""

    type: Literal["quality"]
    samples: tuple[Sample, ...] = Field(min_length=1, max_length=16, strict=False)


class Trouble(Message):
    """Something this page could not do."""

    type: Literal["failure"]
    code: Literal[
        "no-microphone",
        "no-camera",
        "devices-refused",
        "line-failed",
        "line-slow",
        "too-old",
        "screen-refused",
        "microphone-silent",
        "echo",
        "sound-lost",
    ]
    detail: str = Field(default="", max_length=200)
    about: int | None = None


class BridgeLost(Message):
    """The page lost the bridge of this generation: where is the meeting now?"""

    type: Literal["bridge-lost"]
    generation: int = Field(ge=0)


class Help(Message):
    """The person pressed « Être aidé »."""

    type: Literal["help"]


AnyMessage = Annotated[
    Hello
    | Enter
    | Leave
    | End
    | Beat
    | State
    | Signal
    | Rename
    | Quality
    | Trouble
    | BridgeLost
    | Help
    | FloorAct
    | AgendaStep
    | Introduce
    | Answer
    | Open
    | EntryChoice
    | Chat
    | Spoke
    | ShowPage
    | Pointer
    | RecordAct,
    Field(discriminator="type"),
]
NUL = r"\u0000"
"""As JSON writes it. No database keeps one in a text, and nobody types one."""
_reader: TypeAdapter[AnyMessage] = TypeAdapter(AnyMessage)

CLIENT_MESSAGES = (
    *("hello", "enter", "leave", "end", "beat", "state", "signal", "rename", "quality", "failure"),
    *("bridge-lost", "help"),
    *CONDUCT_TYPES,
    *TABLE_TYPES,
)
SERVER_MESSAGES = (
    *("welcome", "transport", "presence", "elsewhere", "superseded", "asked", "signal", "over", "refused", "beat"),
    *("conduct", "waiting", "chat", "note", "spoken"),
    *TABLE_NEWS,
)


def read_message(text: str) -> AnyMessage:
    """Return the message that `text` holds. Raises ValueError if it is none of the protocol's, or has a NUL in it."""
    if NUL in text:
        raise ValueError(NUL)
    try:
        return _reader.validate_json(text)
    except ValidationError as wrong:
        raise ValueError(str(wrong.errors(include_url=False, include_input=False)[:3])) from wrong
