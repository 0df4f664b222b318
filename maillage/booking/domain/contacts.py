"""Who organises a meeting, and who is invited."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contact:
    """The answers of the one form. `guests` are the e-mails of the other parties, in order, "" for none.

    `travel_mode` is how people would have come without the videoconference, "" for no answer.
    """

    name: str
    email: str
    phone: str = ""
    category: str = ""
    title: str = ""
    wants_help: bool = False
    is_accompanied: bool = False
    travel_mode: str = ""
    guests: tuple[str, ...] = ()

    @property
    def emails(self) -> tuple[str, ...]:
        """The address of each party, the organiser's first."""
        return (self.email, *self.guests)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a meeting was booked, when it was not by its own organiser in the usual way.

    `agent_id`: who booked it on their behalf. `starter`: who starts and stops the system, see `models.Starter`.
    """

    agent_id: int | None = None
    starter: str = ""
    is_urgent: bool = False
