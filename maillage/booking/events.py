"""What has happened to bookings, for the apps above."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BookingConfirmed:
    """The organiser confirmed; rooms are booked, links are sent."""

    booking_id: UUID


@dataclass(frozen=True, slots=True)
class BookingAsked:
    """Points were asked to open or to say yes: its rooms are kept until they answer, or do not in time."""

    booking_id: UUID


@dataclass(frozen=True, slots=True)
class OtherTimesProposed:
    """A point that was asked proposes other times: the organiser chooses, until the request's new deadline."""

    booking_id: UUID
    opening_id: int


@dataclass(frozen=True, slots=True)
class BookingChanged:
    """Its time or rooms changed; the invitation's sequence has grown. `is_place`: at the same hour, elsewhere."""

    booking_id: UUID
    is_place: bool = False


@dataclass(frozen=True, slots=True)
class BookingCancelled:
    """It will not take place; its rooms are free again. `cause` is a CancelCause."""

    booking_id: UUID
    cause: str


@dataclass(frozen=True, slots=True)
class BookingDone:
    """Its time is over, or its people ended it: what happened can be counted."""

    booking_id: UUID


@dataclass(frozen=True, slots=True)
class SeriesConfirmed:
    """The dates of a series are booked; each was also told as a BookingConfirmed, or as a BookingAsked."""

    series_id: UUID


@dataclass(frozen=True, slots=True)
class BookingExtended:
    """Its people stay a quarter of an hour longer. Nobody is written to: they are in the room."""

    booking_id: UUID


@dataclass(frozen=True, slots=True)
class RoomLost:
    """A booked meeting can no longer have one of its rooms: its organiser is asked to choose another."""

    loss_id: int


@dataclass(frozen=True, slots=True)
class RoomLossEscalated:
    """Its organiser has not answered: somebody must call them before the meeting."""

    loss_id: int
    booking_id: UUID
    party_id: int


@dataclass(frozen=True, slots=True)
class RoomLossSettled:
    """It has another room or another hour, was cancelled, or takes place there after all."""

    loss_id: int
    booking_id: UUID
    party_id: int
    status: str


@dataclass(frozen=True, slots=True)
class LetterBounced:
    """A letter came back for good; its address is written to no more. `is_organiser`: they must be called."""

    letter_id: int
    booking_id: UUID
    is_organiser: bool


@dataclass(frozen=True, slots=True)
class KeyLent:
    """Somebody was handed a key of a room."""

    loan_id: int
    room_id: int


@dataclass(frozen=True, slots=True)
class KeyReturned:
    """A key came back; `was_late`: after the time it was to be back."""

    loan_id: int
    room_id: int
    was_late: bool


@dataclass(frozen=True, slots=True)
class PeopleCame:
    """The first sign of life of a meeting. `sign` is a SignKind. Nobody came is a BookingCancelled, cause `no-show`."""

    booking_id: UUID
    sign: str


@dataclass(frozen=True, slots=True)
class WishLeft:
    """Somebody waits for a slot that nothing fits yet."""

    wait_id: int


@dataclass(frozen=True, slots=True)
class SlotOffered:
    """A slot that was freed is kept for somebody in line, who may take it."""

    wait_id: int
    booking_id: UUID


@dataclass(frozen=True, slots=True)
class WaitEnded:
    """Somebody no longer waits. `outcome` is a WaitStatus: met, left or missed."""

    wait_id: int
    outcome: str
