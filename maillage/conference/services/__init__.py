"""Writes, by noun: one function, one transaction, one business verb. Import from here."""

from maillage.conference.services.acts import do_act
from maillage.conference.services.asks import ask_side
from maillage.conference.services.bridge import (
    dial_code_of,
    free_rooms,
    party_for_call,
    put_on_bridge,
    release_dial_codes,
    take_off_bridge,
)
from maillage.conference.services.dialling import CallOut, ask_dial, note_dialled, take_dial_orders
from maillage.conference.services.documents import (
    bring_document,
    forget_documents,
    show_page,
    take_back_document,
)
from maillage.conference.services.endings import close_finished, end_if_emptied, end_meeting
from maillage.conference.services.facts import answer_after, ask_help, record_failure, record_quality
from maillage.conference.services.films import make_waiting_films, remove_old_films
from maillage.conference.services.floor import act_on_floor, lead_by_desk, raise_hand_by_key, step_agenda
from maillage.conference.services.floor_at_bridge import keep_floor_at_bridge
from maillage.conference.services.guests import enter_by_code, has_guessed_too_often, note_wrong_code
from maillage.conference.services.lobby import (
    answer_knock,
    choose_entry,
    come_to_door,
    forget_admission,
    leave_door,
    may_link_at_once,
    open_alone,
    open_by_desk,
    wait_on,
)
from maillage.conference.services.minutes import save_minutes, send_minutes
from maillage.conference.services.notices import send_due_notices
from maillage.conference.services.plans import planned_items, prepare_conduct
from maillage.conference.services.recordings import (
    answer_recording,
    apply_recording,
    ask_recording,
    can_record,
    stop_recording,
)
from maillage.conference.services.routes import prepare_route, repair_route, settle_route
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
from maillage.conference.services.words import add_spoken, forget_lines, introduce, write_line

__all__ = [
    "CallOut",
    "Entry",
    "Screen",
    "act_on_floor",
    "add_spoken",
    "answer_after",
    "answer_knock",
    "answer_recording",
    "apply_recording",
    "ask_dial",
    "ask_help",
    "ask_recording",
    "ask_side",
    "bring_document",
    "can_record",
    "change_state",
    "choose_entry",
    "close_finished",
    "come_to_door",
    "dial_code_of",
    "do_act",
    "end_if_emptied",
    "end_meeting",
    "enter_by_code",
    "enter_meeting",
    "forget_admission",
    "forget_documents",
    "forget_lines",
    "free_rooms",
    "has_guessed_too_often",
    "introduce",
    "keep_floor_at_bridge",
    "lead_by_desk",
    "leave_door",
    "leave_meeting",
    "make_waiting_films",
    "may_link_at_once",
    "note_dialled",
    "note_wrong_code",
    "open_alone",
    "open_by_desk",
    "open_conference",
    "party_for_call",
    "planned_items",
    "prepare_conduct",
    "prepare_route",
    "put_on_bridge",
    "raise_hand_by_key",
    "record_failure",
    "record_quality",
    "release_dial_codes",
    "remove_old_films",
    "rename_party",
    "repair_route",
    "save_minutes",
    "send_due_notices",
    "send_minutes",
    "settle_route",
    "show_page",
    "step_agenda",
    "stop_recording",
    "sweep_vanished",
    "take_back_document",
    "take_dial_orders",
    "take_off_bridge",
    "touch_stay",
    "wait_on",
    "write_line",
]
