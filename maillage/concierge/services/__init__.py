"""What is written at the desk: tickets, steps, handover, moving everyone elsewhere."""

from maillage.concierge.services.desk import hand_over, tick_step
from maillage.concierge.services.fallback import fallback_address, move_to_fallback
from maillage.concierge.services.tickets import close_cause, close_ticket, note_ticket, notice_silence, open_ticket

__all__ = [
    "close_cause",
    "close_ticket",
    "fallback_address",
    "hand_over",
    "move_to_fallback",
    "note_ticket",
    "notice_silence",
    "open_ticket",
    "tick_step",
]
