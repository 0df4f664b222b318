"""What a caller and an operator may say on the voice line: one model a message. Described in docs/protocol.md."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from maillage.conference.domain.message_base import Message, Name
from maillage.conference.domain.messages import MAX_MESSAGE, Candidate, Description

__all__ = ["MAX_MESSAGE", "Answer", "AnyLineMessage", "HangUp", "LineBeat", "LineSignal", "Ring", "read_line_message"]


class Ring(Message):
    """Somebody asks to speak to the desk; again, after a cut, it is the same call."""

    type: Literal["ring"]
    language: Literal["fr", "en"] = "fr"


class Answer(Message):
    """An operator takes a call on this page."""

    type: Literal["answer"]
    call: int
    page: Name


class LineSignal(Message):
    """For the other end of a call: a description, some paths, or both."""

    type: Literal["signal"]
    call: int | None = None
    description: Description | None = None
    candidates: tuple[Candidate, ...] = Field(default=(), max_length=40, strict=False)


class HangUp(Message):
    """One end is done."""

    type: Literal["hang-up"]
    call: int | None = None


class LineBeat(Message):
    """Still here."""

    type: Literal["beat"]


AnyLineMessage = Annotated[Ring | Answer | LineSignal | HangUp | LineBeat, Field(discriminator="type")]
_reader: TypeAdapter[AnyLineMessage] = TypeAdapter(AnyLineMessage)

LINE_MESSAGES = ("ring", "answer", "signal", "hang-up", "beat")


def read_line_message(text: str) -> AnyLineMessage:
    """Return the message that `text` holds. Raises ValueError if it is none of the line's."""
    try:
        return _reader.validate_json(text)
    except ValidationError as wrong:
        raise ValueError(str(wrong.errors(include_url=False, include_input=False)[:3])) from wrong
