"""Two sides stay to talk apart once their meeting is over: both agree, nobody else hears, the time is counted apart."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from maillage.booking.models import Party
from maillage.conference.domain.presence import Presence
from maillage.conference.domain.side_talk import LASTS, heard_seats, presence_in
from maillage.conference.errors import NotPresent, OpenElsewhere, SideTalkOver
from maillage.conference.models import SideTalk, SideTalkWish
from maillage.conference.selectors.side_talks import corridor_of
from maillage.conference.services.stays import Screen, locked
from maillage.core.journal import record


@transaction.atomic
def wish_side_talk(*, party: Party, conference_id: int, wanted_id: int, now: datetime) -> None:
    """Note that a side would like to stay with another; if both wish it, the talk opens. Harmless to repeat.

    Raises SideTalkOver too long after the meeting, NotPresent for a side that was not in it.
    """
    conference = locked(conference_id)
    corridor = corridor_of(party, conference, now)
    if corridor is None:
        raise SideTalkOver
    wanted = next((side for side in corridor.others if side.pk == wanted_id), None)
    if wanted is None:
        raise NotPresent
    if corridor.talk:
        return
    if wanted not in corridor.asked_by:
        SideTalkWish.objects.update_or_create(party=party, defaults={"wanted": wanted, "at": now})
        return
    SideTalkWish.objects.filter(party__in=[party, wanted]).delete()
    first, second = sorted([party, wanted], key=lambda side: side.pk)
    left_open = SideTalk.objects.filter(first=first, second=second, ended_at=None)
    left_open.update(ended_at=F("closes_at"))  # both vanished without a word
    SideTalk.objects.create(conference=conference, first=first, second=second, agreed_at=now, closes_at=now + LASTS)
    subject = f"booking:{party.booking.reference}"
    record("conference.side-talk-agreed", subject, through="link", parties=[first.pk, second.pk])


def give_up_side_talk(*, party: Party) -> None:
    """Take a wish back, and say no to those who wish for this side; they are only told that nobody answered."""
    SideTalkWish.objects.filter(party=party).delete()
    SideTalkWish.objects.filter(wanted=party).delete()


@dataclass(frozen=True, slots=True)
class Seated:
    """Who is in a talk, and whether it goes on."""

    presence: Presence
    is_over: bool = False


@transaction.atomic
def sit_down(*, talk_id: int, party_id: int, screen: Screen, take_over: bool, now: datetime) -> Seated:
    """Come into the talk with `screen`, or go on with it. Raises SideTalkOver, OpenElsewhere."""
    talk = _locked(talk_id, now)
    seats = heard_seats(talk.seats, now)
    known = seats.get(str(party_id))
    if known and known["connection"] != screen.connection and not take_over:
        raise OpenElsewhere
    talk.version += 1
    order = known["order"] if known and known["page"] == screen.page else talk.version
    sends: dict[str, Any] = {"microphone": screen.microphone, "camera": screen.camera, "screen": False}
    sends |= {"sound_only": False, "images": "full"}
    who = {"connection": screen.connection, "page": screen.page, "order": order, "seen": now.isoformat()}
    seats[str(party_id)] = who | sends
    if len(seats) == 2 and talk.began_at is None:
        talk.began_at = now
    return _kept(talk, seats)


@transaction.atomic
def change_seat(*, talk_id: int, party_id: int, now: datetime, **sends: bool | str) -> Seated:
    """Note what a side sends, or only that it is still there; the silent lose their seat. Raises SideTalkOver."""
    talk = _locked(talk_id, now)
    before = talk.seats
    if str(party_id) in before:
        seat: dict[str, Any] = {**before[str(party_id)], "seen": now.isoformat(), **sends}
        before = {**before, str(party_id): seat}
    seats = heard_seats(before, now)
    if sends or len(seats) != len(before):
        talk.version += 1
    return _kept(talk, seats)


@transaction.atomic
def stand_up(*, talk_id: int, party_id: int, now: datetime) -> Seated:
    """Leave the talk; once both have, it is over."""
    talk = _locked(talk_id, now)
    seats = {party: seat for party, seat in heard_seats(talk.seats, now).items() if party != str(party_id)}
    talk.version += 1
    if not seats and talk.began_at:
        _end(talk, now)
    return _kept(talk, seats)


@transaction.atomic
def end_late_talk(*, talk_id: int, now: datetime) -> bool:
    """End a talk whose time is over; tell whether it is."""
    talk = SideTalk.objects.select_for_update().select_related("conference__booking").get(pk=talk_id)
    if talk.ended_at is None and now >= talk.closes_at:
        _end(talk, talk.closes_at)
        talk.save()
    return talk.ended_at is not None


def _locked(talk_id: int, now: datetime) -> SideTalk:
    talks = SideTalk.objects.select_for_update(of=("self",)).select_related("first", "second", "conference__booking")
    talk = talks.get(pk=talk_id)
    if talk.ended_at is not None or now >= talk.closes_at:
        raise SideTalkOver
    return talk


def _end(talk: SideTalk, at: datetime) -> None:
    talk.ended_at, talk.seats = at, {}
    seconds = round((at - talk.began_at).total_seconds()) if talk.began_at else 0
    subject = f"booking:{talk.conference.booking.reference}"
    record("conference.side-talk-ended", subject, through="link", seconds=seconds)


def _kept(talk: SideTalk, seats: dict[str, dict[str, Any]]) -> Seated:
    talk.seats = {} if talk.ended_at else seats
    talk.save()
    names = {side.pk: (side.name, side.head_count) for side in (talk.first, talk.second)}
    return Seated(presence_in(talk.seats, talk.version, names), is_over=talk.ended_at is not None)
