"""The door of a meeting: who waits, who is let in. One rule for browsers, codes, telephones and terminals."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists

from maillage.booking.models import Party, PartyKind
from maillage.conference.domain.floor_record import read_floor
from maillage.conference.domain.lobby import (
    ASK_AGAIN_AFTER,
    SILENT_AFTER,
    Comer,
    Standing,
    may_open,
    may_open_alone,
    must_wait,
)
from maillage.conference.domain.recording import RUNNING
from maillage.conference.errors import DoorNotYours, NobodyAtDoor, NotInChair
from maillage.conference.models import (
    Attendance,
    CodeGuest,
    Conduct,
    Conference,
    EntryRule,
    Knock,
    KnockAnswer,
    Recording,
)
from maillage.conference.services.conduct import conduct_of, keep
from maillage.conference.services.stays import inside, locked
from maillage.conference.services.telling import tell_inside, tell_party
from maillage.core.journal import record

CALLS = (PartyKind.SIP, PartyKind.PHONE)


def comer_of(party: Party) -> Comer:
    """Return what the rule needs to know of a side: callers and guests by code were not invited by name."""
    by_code = party.kind in CALLS or CodeGuest.objects.filter(party=party).exists()
    return Comer(party.position == 0, party.kind == PartyKind.ROOM, not by_code)


def come_to_door(*, conference_id: int, party_id: int, now: datetime) -> Standing:
    """Tell whether a side may enter; one that may not is noted as waiting, and those inside are told.

    A side that is in, or was let in once, passes: neither a cut line nor another screen makes it wait again. Where all
    enter, one query and no transaction: every entry waits for this.
    """
    rule = Conduct.objects.filter(booking__conference=conference_id).values_list("entry_rule", flat=True).first()
    if rule in {None, EntryRule.OPEN}:
        return Standing.ENTERS
    return _come_where_someone_opens(conference_id, party_id, now)


def may_link_at_once(*, conference_id: int, party_id: int, connection: str, take_over: bool) -> bool:
    """Tell whether a side that the door lets in may open its line before its entry is written down. One query.

    Not while a recording runs, which first pauses for whoever has not accepted, nor while another screen of it is in.
    """
    elsewhere = Attendance.objects.filter(party=party_id, left_at=None).exclude(connection=connection)
    recorded = Recording.objects.filter(conference=conference_id, step__in=RUNNING)
    clear = Conference.objects.filter(~Exists(recorded), pk=conference_id, ended_at=None)
    return (clear if take_over else clear.filter(~Exists(elsewhere))).exists()


@transaction.atomic
def _come_where_someone_opens(conference_id: int, party_id: int, now: datetime) -> Standing:
    party = Party.objects.get(pk=party_id)
    if Attendance.objects.filter(party=party, left_at=None).exists():
        return Standing.ENTERS
    knock = Knock.objects.filter(conference=conference_id, party=party).first()
    was_admitted = knock is not None and knock.answer == KnockAnswer.ADMITTED
    if not must_wait(comer_of(party), someone_opens=True, was_admitted=was_admitted):
        return Standing.ENTERS
    if knock and knock.answered_at and now - knock.answered_at < ASK_AGAIN_AFTER:
        return Standing.REFUSED
    _wait(locked(conference_id), party, knock, now)
    return Standing.WAITS


def _wait(conference: Conference, party: Party, knock: Knock | None, now: datetime) -> None:
    heard: dict[str, Any] = {"last_heard_at": now}
    if knock is None or knock.answered_at:
        heard |= {"answer": KnockAnswer.WAITING, "answered_at": None, "answered_by": None, "asked_at": now}
    Knock.objects.update_or_create(conference=conference, party=party, defaults=heard)
    keep(conference, conduct_of(conference), now)


def wait_on(*, conference_id: int, party_id: int, now: datetime) -> tuple[Knock, bool]:
    """Note that a side still waits; return its knock and whether it may now open for itself. Raises NobodyAtDoor."""
    knock = Knock.objects.filter(conference=conference_id, party=party_id).select_related("party").first()
    if knock is None:
        raise NobodyAtDoor
    Knock.objects.filter(pk=knock.pk).update(last_heard_at=now)
    return knock, knock.answer == KnockAnswer.WAITING and _may_open_alone(knock, now)


def _may_open_alone(knock: Knock, now: datetime) -> bool:
    is_empty = not Attendance.objects.filter(conference=knock.conference_id, left_at=None).exists()
    return may_open_alone(comer_of(knock.party), is_empty=is_empty, waiting_since=knock.asked_at, now=now)


@transaction.atomic
def leave_door(*, conference_id: int, party_id: int, now: datetime) -> None:
    """Note that a side no longer waits, and tell those inside."""
    knocks = Knock.objects.filter(conference=conference_id, party=party_id, answer=KnockAnswer.WAITING)
    if knocks.update(last_heard_at=now - SILENT_AFTER):
        conference = locked(conference_id)
        keep(conference, conduct_of(conference), now)


def forget_admission(*, conference_id: int, party_id: int) -> None:
    """Let the next caller who takes this side's place knock anew: a telephone does not prove who calls."""
    Knock.objects.filter(conference=conference_id, party=party_id).delete()


@transaction.atomic
def answer_knock(*, stay_id: int, party_id: int, admit: bool, now: datetime) -> None:
    """Let in, or not, a side that waits. Answering twice alike is harmless.

    Raises NotIn, NobodyAtDoor, DoorNotYours in the first minutes to a side that does not lead.
    """
    conference, me = inside(stay_id)
    conduct = conduct_of(conference)
    knock = _waiting(conference, party_id)
    is_chair = read_floor(conduct.floor).chair == me.pk
    if not may_open(is_chair=is_chair, waiting_since=knock.asked_at, now=now):
        raise DoorNotYours
    _answer(conference, conduct, knock, admit=admit, by=me, now=now)
    _note_answer(conference, knock, admit=admit, through="link", by=me.pk)


def _waiting(conference: Conference, party_id: int) -> Knock:
    knocks = Knock.objects.filter(conference=conference, party=party_id, answer=KnockAnswer.WAITING)
    knock = knocks.select_related("party").first()
    if knock is None:
        raise NobodyAtDoor
    return knock


def _answer(
    conference: Conference, conduct: Conduct, knock: Knock, *, admit: bool, by: Party | None, now: datetime
) -> None:
    knock.answer = KnockAnswer.ADMITTED if admit else KnockAnswer.REFUSED
    knock.answered_at, knock.answered_by = now, by
    knock.save()
    tell_party(knock.party_id, type="party.answered", admitted=admit)
    what = "admitted" if admit else "turned-away"
    note = {"type": "note", "what": what, "by": by.pk if by else None, "party": knock.party_id}
    tell_inside(conference.pk, note | {"name": knock.party.name})
    keep(conference, conduct, now)


def _note_answer(conference: Conference, knock: Knock, *, admit: bool, **who: Any) -> None:
    verb = "conference.admitted" if admit else "conference.turned-away"
    record(verb, f"booking:{conference.booking.reference}", party=knock.party_id, **who)


@transaction.atomic
def open_by_desk(*, party: Party, agent_id: int, now: datetime) -> None:
    """Let in a side that waits, as the concierge may at any moment. Raises NobodyAtDoor."""
    conference = Conference.objects.select_for_update().filter(booking=party.booking_id).first()
    if conference is None:
        raise NobodyAtDoor
    knock = _waiting(conference, party.pk)
    _answer(conference, conduct_of(conference), knock, admit=True, by=None, now=now)
    _note_answer(conference, knock, admit=True, through="agent", agent_id=agent_id)


@transaction.atomic
def open_alone(*, conference_id: int, party_id: int, now: datetime) -> None:
    """Open for oneself after a long wait with nobody in. Raises NobodyAtDoor, DoorNotYours."""
    conference = locked(conference_id)
    knock = _waiting(conference, party_id)
    if not _may_open_alone(knock, now):
        raise DoorNotYours
    _answer(conference, conduct_of(conference), knock, admit=True, by=knock.party, now=now)
    _note_answer(conference, knock, admit=True, through="link", by=party_id)


@transaction.atomic
def choose_entry(*, stay_id: int, rule: str, now: datetime) -> None:
    """Change who may enter from now on; opening to all lets in those who wait. Raises NotIn, NotInChair."""
    conference, me = inside(stay_id)
    conduct = conduct_of(conference)
    if read_floor(conduct.floor).chair != me.pk:
        raise NotInChair
    if conduct.entry_rule == rule:
        return
    conduct.entry_rule = rule
    record(f"conference.entry-{rule}", f"booking:{conference.booking.reference}", through="link", party=me.pk)
    if rule == EntryRule.OPEN:
        for knock in Knock.objects.filter(conference=conference, answer=KnockAnswer.WAITING).select_related("party"):
            _answer(conference, conduct, knock, admit=True, by=me, now=now)
    keep(conference, conduct, now)
