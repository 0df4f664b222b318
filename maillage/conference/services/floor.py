"""Acts of the floor and of the agenda. Their rules are in `domain`; here they are kept and told."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from maillage.booking.models import Party
from maillage.conference.domain.agenda import AgendaMisused, finish, go_to
from maillage.conference.domain.conduct_messages import FloorAct
from maillage.conference.domain.floor import Act, Floor, Mode, Verb, after
from maillage.conference.domain.floor_record import led_by, read_agenda, read_floor
from maillage.conference.errors import FloorMisused, NotInChair, NotPresent
from maillage.conference.models import Conference
from maillage.conference.services.conduct import conduct_of, keep, keep_floor
from maillage.conference.services.stays import inside
from maillage.core.journal import record

IN_JOURNAL = {Verb.SET_MODE, Verb.GIVE_CHAIR}


@transaction.atomic
def act_on_floor(*, stay_id: int, wish: FloorAct, now: datetime) -> None:
    """Do what a side that is in wishes, tell everyone if it changed something; the same wish twice changes once.

    Raises NotIn, NotPresent, NotInChair, FloorMisused.
    """
    conference, party = inside(stay_id)
    _act(conference, party.pk, wish, now)


def _act(conference: Conference, party_id: int, wish: FloorAct, now: datetime) -> None:
    conduct = conduct_of(conference)
    before = read_floor(conduct.floor)
    act = Act(Verb(wish.verb), party_id, now.timestamp(), wish.site, wish.order, Mode(wish.mode), wish.seconds)
    floor = _after(before, act)
    if floor == before:
        return
    if act.verb is Verb.GIVE_CHAIR:
        conduct.leader_id = act.site
        floor = led_by(floor, act.site) if act.site else floor
    if act.verb in IN_JOURNAL:
        subject = f"booking:{conference.booking.reference}"
        record(f"conference.{act.verb}", subject, through="link", party=party_id, mode=wish.mode, site=wish.site)
    keep_floor(conference, conduct, floor, now)


def _after(floor: Floor, act: Act) -> Floor:
    """Return the floor after `act`; a time agreed comes with the turn it is for."""
    if act.verb is Verb.GRANT:
        floor = after(floor, replace(act, verb=Verb.SET_BOX))
    return after(floor, act)


@transaction.atomic
def raise_hand_by_key(*, conference: Conference, party_id: int, now: datetime) -> None:
    """Raise the hand of a caller who pressed the keys for it."""
    locked = Conference.objects.select_for_update().get(pk=conference.pk)
    _act(locked, party_id, FloorAct(type="floor", verb="ask"), now)


@transaction.atomic
def lead_by_desk(*, party: Party, agent_id: int, now: datetime) -> None:
    """Give the lead of a meeting to a side that is in, as the concierge decides. Raises NotPresent."""
    conference = Conference.objects.select_for_update().filter(booking=party.booking_id).first()
    if conference is None:
        raise NotPresent
    conduct = conduct_of(conference)
    floor = read_floor(conduct.floor)
    if party.pk not in floor.present:
        raise NotPresent
    subject = f"booking:{party.booking.reference}"
    record("conference.give-chair", subject, through="agent", agent_id=agent_id, site=party.pk)
    conduct.leader_id = party.pk
    keep_floor(conference, conduct, led_by(floor, party.pk), now)


@transaction.atomic
def step_agenda(*, stay_id: int, item: int, now: datetime) -> None:
    """Open an item of the agenda, or close it one past the last. The item already open changes nothing.

    Raises NotIn, NotInChair, FloorMisused without such an item.
    """
    conference, party = inside(stay_id)
    conduct = conduct_of(conference)
    agenda = read_agenda(conduct.agenda)
    if party.pk != read_floor(conduct.floor).chair:
        raise NotInChair
    if agenda is None:
        raise FloorMisused
    if item == agenda.current or (agenda.is_over and item == len(agenda.items)):
        return
    at = now.timestamp()
    try:
        stepped = finish(agenda, at) if item == len(agenda.items) else go_to(agenda, item, at)
    except AgendaMisused as misused:
        raise FloorMisused from misused
    conduct.agenda = stepped.as_json()
    keep(conference, conduct, now)
