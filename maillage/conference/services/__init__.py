"""Writes, by noun: one function, one transaction, one business verb. Import from here."""

from maillage.conference.services.asks import ask_side
from maillage.conference.services.bridge import (
    dial_code_of,
    party_for_call,
    put_on_bridge,
    release_dial_codes,
    take_off_bridge,
)
from maillage.conference.services.endings import close_finished, end_if_emptied, end_meeting
from maillage.conference.services.facts import answer_after, ask_help, record_failure, record_quality
from maillage.conference.services.stays import (
    Entry,
    Screen,
    change_state,
    enter_meeting,
    leave_meeting,
    open_conference,
    rename_party,
    sweep_vanished,
    touch_stay,
)

__all__ = [
    "Entry",
    "Screen",
    "answer_after",
    "ask_help",
    "ask_side",
    "change_state",
    "close_finished",
    "dial_code_of",
    "end_if_emptied",
    "end_meeting",
    "enter_meeting",
    "leave_meeting",
    "open_conference",
    "party_for_call",
    "put_on_bridge",
    "record_failure",
    "record_quality",
    "release_dial_codes",
    "rename_party",
    "sweep_vanished",
    "take_off_bridge",
    "touch_stay",
]
