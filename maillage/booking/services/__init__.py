"""Writes, by noun: one function, one transaction, one business verb. Import from here."""

from maillage.booking.domain.contacts import Contact
from maillage.booking.services.changes import confirm_booking, move_booking
from maillage.booking.services.endings import cancel_booking, complete_booking, release_expired_holds
from maillage.booking.services.giving_back import give_back_hold
from maillage.booking.services.holds import book_slot, hold_slot
from maillage.booking.services.letters import (
    deliver,
    send_due_letters,
    write_letters,
    write_missing_letters,
    write_reminders,
)
from maillage.booking.services.openings import (
    accept_opening,
    choose_other_time,
    propose_other_times,
    refuse_opening,
)

__all__ = [
    "Contact",
    "accept_opening",
    "book_slot",
    "cancel_booking",
    "choose_other_time",
    "complete_booking",
    "confirm_booking",
    "deliver",
    "give_back_hold",
    "hold_slot",
    "move_booking",
    "propose_other_times",
    "refuse_opening",
    "release_expired_holds",
    "send_due_letters",
    "write_letters",
    "write_missing_letters",
    "write_reminders",
]
