"""What the two screens of a room may say to each other when they are two machines: each end only what is its own."""

import re
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from maillage.conference.domain.message_base import Message
from maillage.conference.domain.table_messages import Place

MAX_MESSAGE: Final = 65_536
_PAGE: Final = re.compile(r"/r/[^/?#]+/documents/([1-9]\d{0,17})/([1-9]\d{0,3})")


class Here(Message):
    """The second screen is there; `lined`: it has a line on which a shown screen comes, or would."""

    type: Literal["here"]
    lined: bool


class Answer(Message):
    """The second screen takes the line offered."""

    type: Literal["answer"]
    sdp: str = Field(max_length=60_000)


class Offer(Message):
    """The main screen offers a line for the screen that is shown."""

    type: Literal["offer"]
    sdp: str = Field(max_length=60_000)


class Spot(Message):
    """Where somebody points, as shares of width and height."""

    x: Place
    y: Place


class Pointer(Message):
    """Somebody points at what is shown, or no more."""

    type: Literal["pointer"]
    spot: Spot | None


class ShownPage(Message):
    """A page of a document: its address for the main screen, and what it is in words."""

    kind: Literal["page"]
    address: str = Field(max_length=600)
    words: str = Field(max_length=300)


class ShownScreen(Message):
    """Somebody's screen, on the line."""

    kind: Literal["screen"]


class Shown(Message):
    """What is shown in the meeting now."""

    type: Literal["shown"]
    shown: Annotated[ShownPage | ShownScreen, Field(discriminator="kind")] | None


OfMain = Shown | Pointer | Offer
OfSecond = Here | Answer
_MAIN: Final[TypeAdapter[OfMain]] = TypeAdapter(Annotated[OfMain, Field(discriminator="type")])
_SECOND: Final[TypeAdapter[OfSecond]] = TypeAdapter(Annotated[OfSecond, Field(discriminator="type")])


def read_of_main(text: str) -> OfMain:
    """Return what a main screen says. Raises ValueError."""
    return _MAIN.validate_json(text)


def read_of_second(text: str) -> OfSecond:
    """Return what a second screen says. Raises ValueError."""
    return _SECOND.validate_json(text)


def page_named(address: str) -> tuple[int, int]:
    """Return the document and the page that an address of the meeting names. Raises ValueError."""
    found = _PAGE.search(address)
    if found is None or found.end() != len(address):
        raise ValueError("no page of a document")
    return int(found[1]), int(found[2])
