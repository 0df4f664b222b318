"""From what a page says about the conduct of the meeting to the service that does it."""

from datetime import datetime

from maillage.conference.domain import conduct_messages as said
from maillage.conference.services.floor import act_on_floor, step_agenda
from maillage.conference.services.lobby import answer_knock, choose_entry
from maillage.conference.services.stays import inside_id
from maillage.conference.services.words import add_spoken, introduce, write_line


def do_act(message: said.ConductMessage, *, stay_id: int, now: datetime) -> None:
    """Do what a side that is in says. Raises what the service refuses."""
    match message:
        case said.FloorAct():
            act_on_floor(stay_id=stay_id, wish=message, now=now)
        case said.AgendaStep(item=item):
            step_agenda(stay_id=stay_id, item=item, now=now)
        case said.Introduce(text=text, party=party):
            introduce(stay_id=stay_id, text=text, party_id=party, now=now)
        case said.Answer(party=party_id, admit=admit):
            answer_knock(stay_id=stay_id, party_id=party_id, admit=admit, now=now)
        case said.EntryChoice(rule=rule):
            choose_entry(stay_id=stay_id, rule=rule, now=now)
        case said.Chat(key=key, text=text):
            write_line(stay_id=stay_id, key=key, text=text, now=now)
        case said.Spoke(seconds=seconds):
            conference_id, party_id = inside_id(stay_id)
            add_spoken(conference_id=conference_id, party_id=party_id, seconds=seconds, now=now)
