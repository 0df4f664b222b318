"""What a page may say about what lies on the table: documents, where one points, and the recording."""

from typing import Annotated, Literal

from pydantic import Field

from maillage.conference.domain.message_base import Message

Place = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class ShowPage(Message):
    """Put a page of a document before everyone; `document` null takes it away. Saying it twice changes nothing."""

    type: Literal["document"]
    document: int | None
    page: int = Field(default=1, ge=1, le=1000)


class Pointer(Message):
    """Where one points, as shares of width and height; both null: no more.

    `screen`: the side whose shown screen one points at; null for the page that all look at.
    """

    type: Literal["pointer"]
    screen: int | None = None
    x: Place | None = None
    y: Place | None = None


class RecordAct(Message):
    """Ask for the meeting to be recorded, answer, or stop."""

    type: Literal["recording"]
    act: Literal["ask", "accept", "refuse", "stop"]


TABLE_TYPES = ("document", "pointer", "recording")
TABLE_NEWS = ("document", "pointer", "recording")
