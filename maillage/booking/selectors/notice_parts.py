"""What a notice is made of: plain sentences, facts and worded links."""

from dataclasses import dataclass, field

from maillage.booking.models import Booking
from maillage.core.words import day_words, hour_words


@dataclass(frozen=True, slots=True)
class Button:
    """A link that says what it does; the first of a letter stands out."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What a letter says, in the active language. `facts` are (label, value)."""

    subject: str
    heading: str
    sentences: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    buttons: tuple[Button, ...] = ()
    reply_to: str = ""
    lines: tuple[str, ...] = field(default=())


def moment_words(booking: Booking, first_quarter: int | None = None) -> str:
    """Return « mardi 24 novembre, 18 h 00 » of a booking, or of another quarter on its clocks."""
    at = booking.first_quarter if first_quarter is None else first_quarter
    return f"{day_words(at, booking.time_zone)}, {hour_words(at, booking.time_zone)}"
