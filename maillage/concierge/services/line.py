"""The voice line: ring, answer, hang up, miss. One open call for a caller, one operator for a call."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from maillage.concierge.errors import CallOver, CallTaken
from maillage.concierge.models import CallState, Cause, HelpCall, Owner
from maillage.concierge.services.tickets import About, open_ticket
from maillage.core.errors import TooMany
from maillage.core.journal import Door, record

OPEN: Final = (CallState.WAITING, CallState.ANSWERED)
GONE_AFTER: Final = timedelta(seconds=20)
"""Five beats of the caller's page: it was closed, or its line is cut."""
MOST_CALLS: Final = 12
WINDOW: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks to speak to the desk: a side of a meeting by its link, or a room by its screen."""

    name: str
    booking_id: UUID | None = None
    party_id: int | None = None
    room_id: int | None = None
    subject: str = ""
    door: Door = "link"

    @property
    def about(self) -> About:
        """What the ticket is about: the side, and else the room."""
        return About(booking_id=self.booking_id, party_id=self.party_id, room_id=self.room_id)


def ring(*, caller: Caller, is_open: bool, now: datetime) -> HelpCall:
    """Ring at the desk, and open the caller's ticket. A caller who rings again goes on with the same call.

    When the desk is not open the call is missed at once: its ticket says that somebody waits to be called back.
    Raises TooMany.
    """
    thing = caller.about.thing
    known = HelpCall.objects.filter(thing=thing, state__in=OPEN).first()
    if known is not None:
        HelpCall.objects.filter(pk=known.pk).update(heard_at=now)
        return known
    if HelpCall.objects.filter(thing=thing, rang_at__gt=now - WINDOW).count() >= MOST_CALLS:
        raise TooMany(wait_seconds=int(WINDOW.total_seconds()))
    try:
        return _new_call(caller, is_open=is_open, now=now)
    except IntegrityError:  # the same caller rang twice in the same instant
        return HelpCall.objects.filter(thing=thing, state__in=OPEN).get()


@transaction.atomic
def _new_call(caller: Caller, *, is_open: bool, now: datetime) -> HelpCall:
    ticket = open_ticket(about=caller.about, cause=Cause.HELP_ASKED, owner=Owner.DESK, note="", now=now)
    call = HelpCall.objects.create(
        thing=caller.about.thing,
        name=caller.name[:160],
        booking_id=caller.booking_id,
        party_id=caller.party_id,
        room_id=caller.room_id,
        ticket=ticket,
        state=CallState.WAITING if is_open else CallState.MISSED,
        rang_at=now,
        heard_at=now,
        ended_at=None if is_open else now,
    )
    record("line.rang" if is_open else "line.missed", caller.subject, through=caller.door, call=call.pk)
    return call


@transaction.atomic
def answer(*, call_id: int, agent_id: int, now: datetime) -> HelpCall:
    """Give a call to the operator who took it first. Again by the same one, after a cut, it changes nothing.

    Raises CallTaken, naming who speaks with them, CallOver.
    """
    taken = HelpCall.objects.filter(pk=call_id, state=CallState.WAITING).update(
        state=CallState.ANSWERED, answered_at=now, answered_by_id=agent_id
    )
    call = HelpCall.objects.select_related("booking", "answered_by").filter(pk=call_id).first()
    if call is None or call.state != CallState.ANSWERED:
        raise CallOver
    if call.answered_by_id != agent_id:
        raise CallTaken(agent=str(call.answered_by or ""))
    if taken:
        record("line.answered", subject_of(call), through="agent", agent_id=agent_id, call=call.pk)
    return call


@transaction.atomic
def hang_up(
    *, call_id: int, now: datetime, agent_id: int | None = None, states: tuple[CallState, ...] = OPEN
) -> HelpCall | None:
    """End a call that is in one of `states`: one that nobody answered is missed. None if there is none such."""
    calls = HelpCall.objects.select_for_update(of=("self",)).select_related("booking")
    call = calls.filter(pk=call_id, state__in=states).first()
    if call is None:
        return None
    answered = call.state == CallState.ANSWERED
    call.state, call.ended_at = CallState.ENDED if answered else CallState.MISSED, max(now, call.rang_at)
    call.save(update_fields=["state", "ended_at"])
    door: Door = "link" if agent_id is None else "agent"
    verb = "line.ended" if answered else "line.missed"
    record(verb, subject_of(call), through=door, agent_id=agent_id, call=call.pk)
    return call


def hear(*, call_id: int, now: datetime) -> None:
    """Note that the caller's page is alive."""
    HelpCall.objects.filter(pk=call_id, state__in=OPEN).update(heard_at=now)


def close_gone_calls(now: datetime) -> list[int]:
    """End the calls whose page was closed or cut; return which. One query when all is well."""
    gone = HelpCall.objects.filter(state__in=OPEN, heard_at__lt=now - GONE_AFTER).values_list("pk", flat=True)
    return [pk for pk in list(gone) if hang_up(call_id=pk, now=now) is not None]


def subject_of(call: HelpCall) -> str:
    """Return what the journal files a call under."""
    return f"booking:{call.booking.reference}" if call.booking else f"room:{call.room_id}"
