"""Ring a telephone or a terminal into a meeting: the desk asks, the gateway takes it, both say what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction

from maillage.booking.models import Booking, Party
from maillage.conference.domain.dialling import is_number, read_target
from maillage.conference.errors import DialTargetInvalid, NoLineOut
from maillage.conference.gateways.errors import BridgeDown, BridgeRefused, NoBridge
from maillage.conference.gateways.pool import BridgePool
from maillage.conference.gateways.sipgate.directory import Invitation
from maillage.conference.models import Attendance, DialOrder, DialState
from maillage.conference.services.bridge import party_for_call, put_on_bridge
from maillage.conference.services.stays import open_conference
from maillage.conference.services.telling import tell_party
from maillage.core.journal import Door, record

STALE_AFTER: Final = timedelta(minutes=2)
RINGS_AT_MOST: Final = timedelta(minutes=3)
"""Longer than any gateway rings: one that stopped in the middle keeps no number busy."""
OPEN: Final = (DialState.ASKED, DialState.RINGING)


@dataclass(frozen=True, slots=True)
class CallOut:
    """What the gateway needs: whom to ring, and the place kept for them."""

    order_id: int
    target: str
    invitation: Invitation


def ask_dial(
    *, booking: Booking, target: str, name: str, party: Party | None, agent_id: int | None, now: datetime
) -> DialOrder:
    """Ask for a call out, for an agent or, without one, for the room itself.

    The same number asked again while it rings is the same call.

    Raises NoLineOut without a gateway, or without an operator's line for a telephone; DialTargetInvalid.
    """
    wanted = read_target(target)
    if not wanted:
        raise DialTargetInvalid
    if not settings.SIP_ADDRESS or (is_number(wanted) and not settings.SIP_LINE):
        raise NoLineOut
    order = DialOrder(
        booking=booking, party=party, target=wanted, name=(name.strip() or wanted)[:120], asked_at=now,
        asked_by_id=agent_id, changed_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            order.save()
            subject = f"booking:{booking.reference}"
            door: Door = "agent" if agent_id else "station"
            record("conference.dialled", subject, through=door, agent_id=agent_id, order=order.pk)
    except IntegrityError:
        return DialOrder.objects.get(booking=booking, target=wanted, state__in=OPEN)
    return order


def take_dial_orders(*, pool: BridgePool, now: datetime) -> list[CallOut]:
    """Return the calls that wait, each once, whichever gateway asks first. Two queries when there is none."""
    stuck = DialOrder.objects.filter(state=DialState.RINGING, changed_at__lt=now - RINGS_AT_MOST)
    stuck.update(state=DialState.FAILED, reason="interrupted", changed_at=now)
    taken = []
    for order in DialOrder.objects.filter(state=DialState.ASKED).select_related("booking", "party"):
        if now - order.asked_at > STALE_AFTER:
            note_dialled(order_id=order.pk, state=DialState.FAILED, reason="late", now=now)
        elif DialOrder.objects.filter(pk=order.pk, state=DialState.ASKED).update(
            state=DialState.RINGING, changed_at=now
        ):
            try:
                taken.append(_call_out(order, pool))
            except (BridgeDown, BridgeRefused, NoBridge) as failure:
                note_dialled(order_id=order.pk, state=DialState.FAILED, reason=failure.code, now=now)
    return taken


def note_dialled(*, order_id: int, state: DialState, reason: str, now: datetime) -> None:
    """Keep what became of a call. An end is never changed; people whose room rang read that nobody answers."""
    changed = DialOrder.objects.filter(pk=order_id, state__in=OPEN).update(
        state=state, reason=reason[:120], changed_at=now
    )
    if changed and state is DialState.FAILED:
        _tell_room(order_id)


def _tell_room(order_id: int) -> None:
    order = DialOrder.objects.get(pk=order_id)
    if order.asked_by_id is not None:
        return  # the desk reads it on its own page
    inside = Attendance.objects.filter(conference__booking=order.booking_id, left_at=None)
    for party_id in inside.values_list("party", flat=True).distinct():
        tell_party(party_id, type="party.asked", what="unanswered", text=order.name)


def _call_out(order: DialOrder, pool: BridgePool) -> CallOut:
    conference = open_conference(order.booking_id)
    has_picture = not is_number(order.target)
    party = order.party or party_for_call(conference=conference, name=order.name, has_picture=has_picture)
    room = put_on_bridge(conference_id=conference.pk, pool=pool)
    invitation = Invitation(room.room, party.name, party=party.pk, language=order.booking.language)
    return CallOut(order.pk, order.target, invitation)
