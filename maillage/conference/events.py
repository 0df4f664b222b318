"""What has happened in meetings, for the apps above."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PartyEntered:
    """A party's stay began."""

    booking_id: UUID
    party_id: int


@dataclass(frozen=True, slots=True)
class PartyLeft:
    """A party's stay ended. `reason` is a LeaveReason."""

    booking_id: UUID
    party_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class HelpAsked:
    """A party pressed « Être aidé » at its door or in the meeting."""

    booking_id: UUID
    party_id: int


@dataclass(frozen=True, slots=True)
class TravelAnswered:
    """A party said, after the meeting, how it would have come: what was avoided can be counted again."""

    booking_id: UUID
    party_id: int
