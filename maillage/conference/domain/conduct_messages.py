"""What a page may say about how the meeting is led: the floor, the agenda, the door, words written and spoken."""

from typing import Annotated, Literal

from pydantic import Field

from maillage.conference.domain.message_base import Message, Name

MOST_SITES = 40
Text = Annotated[str, Field(min_length=1, max_length=1000)]


class FloorAct(Message):
    """An act of the floor: what `verb` is about is in the other fields. `seconds` sets the time agreed for a turn."""

    type: Literal["floor"]
    verb: Literal[
        "ask", "ask-reply", "lower", "release", "grant", "withdraw", "reorder", "set-mode", "set-box", "give-chair"
    ]
    site: int | None = None
    order: tuple[int, ...] = Field(default=(), max_length=MOST_SITES, strict=False)
    mode: Literal["free", "strict", "round"] = "free"
    seconds: int | None = Field(default=None, ge=10, le=3600)


class AgendaStep(Message):
    """Open an item of the agenda by its place; one past the last closes it."""

    type: Literal["agenda"]
    item: int = Field(ge=0, le=30)


class Introduce(Message):
    """Who sits there: « la maire et deux adjoints ». Of one's own side, or of another that is in."""

    type: Literal["introduce"]
    text: str = Field(max_length=160)
    party: int | None = None


class Answer(Message):
    """Let in, or not, a side that waits at the door."""

    type: Literal["answer"]
    party: int
    admit: bool


class Open(Message):
    """At the door, with nobody in and after a long wait: open for oneself."""

    type: Literal["open"]


class EntryChoice(Message):
    """Who may enter from now on."""

    type: Literal["entry"]
    rule: Literal["open", "knock"]


class Chat(Message):
    """A line for all. `key` is drawn by the page: sent twice, it is one line."""

    type: Literal["chat"]
    key: Name
    text: Text


class Spoke(Message):
    """For how long this side spoke since it last said so."""

    type: Literal["spoke"]
    seconds: float = Field(ge=0, le=60, allow_inf_nan=False)


ConductMessage = FloorAct | AgendaStep | Introduce | Answer | EntryChoice | Chat | Spoke
CONDUCT_TYPES = ("floor", "agenda", "introduce", "answer", "open", "entry", "chat", "spoke")
