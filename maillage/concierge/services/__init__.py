"""What is written at the desk: tickets, steps, handover, moving everyone elsewhere."""

from maillage.concierge.services.acts import ask_to_record, extend_meeting, stop_record, tell_sides
from maillage.concierge.services.desk import hand_over, tick_step
from maillage.concierge.services.fallback import fallback_address, move_to_fallback
from maillage.concierge.services.far_ends import (
    ask_far_end,
    fill_far_end,
    forget_trials,
    record_trial,
    technical_link,
)
from maillage.concierge.services.line import answer, close_gone_calls, hang_up, hear, ring
from maillage.concierge.services.tickets import (
    close_cause,
    close_ticket,
    give_ticket,
    note_ticket,
    notice_silence,
    open_ticket,
)
from maillage.concierge.services.weekly import send_weekly_list

__all__ = [
    "answer",
    "ask_far_end",
    "ask_to_record",
    "close_cause",
    "close_gone_calls",
    "close_ticket",
    "extend_meeting",
    "fallback_address",
    "fill_far_end",
    "forget_trials",
    "give_ticket",
    "hand_over",
    "hang_up",
    "hear",
    "move_to_fallback",
    "note_ticket",
    "notice_silence",
    "open_ticket",
    "record_trial",
    "ring",
    "send_weekly_list",
    "stop_record",
    "technical_link",
    "tell_sides",
    "tick_step",
]
