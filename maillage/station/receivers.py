"""What a room's screen learns at once: its meetings changed, or it may no longer do anything."""

from maillage.booking.events import BookingCancelled, BookingChanged, BookingConfirmed, BookingExtended
from maillage.core.events import subscribe
from maillage.station.events import SecondScreenWithdrawn, StationWithdrawn
from maillage.station.services import cut_relay, tell_rooms_of, tell_stations


@subscribe(BookingConfirmed)
def show_booked(event: BookingConfirmed) -> None:
    """The rooms' screens show the meeting within a second."""
    tell_rooms_of(event.booking_id)


@subscribe(BookingChanged)
def show_changed(event: BookingChanged) -> None:
    """The rooms it is in now show it; one it left learns so with its next state."""
    tell_rooms_of(event.booking_id)


@subscribe(BookingExtended)
def show_extended(event: BookingExtended) -> None:
    """Its button stays a quarter of an hour longer."""
    tell_rooms_of(event.booking_id)


@subscribe(BookingCancelled)
def show_cancelled(event: BookingCancelled) -> None:
    """Nobody is shown a button to a meeting that will not be."""
    tell_rooms_of(event.booking_id)


@subscribe(StationWithdrawn)
def show_withdrawal(event: StationWithdrawn) -> None:
    """A screen cut off says so now, not at its next sign of life."""
    tell_stations([event.station_id])
    cut_relay(event.room_id, "main")


@subscribe(SecondScreenWithdrawn)
def show_second_withdrawal(event: SecondScreenWithdrawn) -> None:
    """A second screen that is unlinked shows a code at once."""
    cut_relay(event.room_id, "second")
