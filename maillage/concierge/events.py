"""What has happened at the desk, for the apps above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TicketOpened:
    """A problem has its ticket. `cause` is a models.Cause."""

    ticket_id: int
    cause: str


@dataclass(frozen=True, slots=True)
class TicketClosed:
    """A problem is over, by a person or by itself."""

    ticket_id: int
    cause: str
