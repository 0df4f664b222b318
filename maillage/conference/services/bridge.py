"""Putting a meeting on a bridge, moving it, and the codes by which it is called."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from maillage.booking.models import Booking, BookingStatus, Party, PartyKind
from maillage.conference.domain.janus_requests import RoomPlan
from maillage.conference.domain.lobby import SILENT_AFTER
from maillage.conference.gateways.pool import BridgePool, Placement
from maillage.conference.models import BridgeRoom, Conference, DialCode, Knock, KnockAnswer
from maillage.conference.selectors.guests import opening
from maillage.core.journal import record
from maillage.core.quarters import quarter_of

CODE_DIGITS = 6
LONGEST = timedelta(days=1)
"""More than any meeting lasts (48 quarters)."""
ATTEMPTS = 20
"""Draws before giving up: with a tenth of all codes in use, 20 misses in a row happen once in 10^20."""


def plan_of(room: BridgeRoom) -> RoomPlan:
    """Return what a meeting needs of its server."""
    folder = f"{settings.JANUS_RECORDINGS}/{room.room}" if settings.RECORDING and settings.JANUS_RECORDINGS else ""
    return RoomPlan(room.room, recording_folder=folder)  # recording starts by its own request, never with the room


def put_on_bridge(*, conference_id: int, pool: BridgePool) -> BridgeRoom:
    """Make sure that a meeting has its room on a living server; return where. Moves it if its server died.

    Asked at each joining and at each loss. The servers are asked outside any transaction; of two web processes that
    move one meeting at once, the first to write wins and the other follows. Raises NoBridge.
    """
    room, is_new = BridgeRoom.objects.get_or_create(
        conference_id=conference_id, defaults={"room": secrets.token_hex(12), "server": ""}
    )
    current = Placement(room.server, room.generation) if room.server else None
    found = pool.place(plan_of(room), current=current)
    if current == found:
        return room
    moved = BridgeRoom.objects.filter(pk=room.pk, server=room.server, generation=room.generation).update(
        server=found.server, generation=found.generation if current else room.generation
    )
    if moved and not is_new and current:
        record("conference.moved", f"conference:{conference_id}", through="task", server=found.server)
    room.refresh_from_db()
    if not moved:
        pool.place(plan_of(room), current=Placement(room.server, room.generation))
    return room


def take_off_bridge(*, conference_id: int, pool: BridgePool) -> None:
    """End a meeting's room; harmless without one."""
    for room in BridgeRoom.objects.filter(conference_id=conference_id).exclude(server=""):
        pool.close(room.room, Placement(room.server, room.generation))
    BridgeRoom.objects.filter(conference_id=conference_id).update(server="", is_in_use=False, unneeded_since=None)


def free_rooms(*, pool: BridgePool) -> int:
    """End the rooms of meetings that are over; return how many. Running it twice is harmless."""
    over = BridgeRoom.objects.filter(conference__ended_at__isnull=False).exclude(server="")
    ended = list(over.values_list("conference_id", flat=True))
    for conference_id in ended:
        take_off_bridge(conference_id=conference_id, pool=pool)
    return len(ended)


def dial_code_of(*, booking_id: UUID) -> str:
    """Return the code of a booking, drawn the first time."""
    known = DialCode.objects.filter(booking_id=booking_id).first()
    if known:
        return known.code
    for _attempt in range(ATTEMPTS):
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        try:
            with transaction.atomic():
                return DialCode.objects.create(booking_id=booking_id, code=code).code
        except IntegrityError:
            known = DialCode.objects.filter(booking_id=booking_id).first()
            if known:  # drawn by someone else at the same moment
                return known.code
    raise RuntimeError("no free dial-in code: release those of past meetings")


def release_dial_codes(now: datetime) -> int:
    """Free the codes of meetings that are over, for others; return how many. Running it twice is harmless."""
    long_past = quarter_of(now - opening().closes - LONGEST)
    ended = Q(booking__status__in=[BookingStatus.DONE, BookingStatus.CANCELLED])
    over = DialCode.objects.filter(ended | Q(booking__first_quarter__lt=long_past), released_at=None)
    return over.update(released_at=now)


@transaction.atomic
def party_for_call(*, conference: Conference, name: str, has_picture: bool) -> Party:
    """Return the party that a caller is: one that was announced and is neither in nor at the door, else a new one.

    A planned terminal or phone of the booking comes first, so that what was planned and what happened agree.
    """
    kind = PartyKind.SIP if has_picture else PartyKind.PHONE
    booking = Booking.objects.select_for_update().get(pk=conference.booking_id)
    at_door = Knock.objects.filter(conference=conference, answer=KnockAnswer.WAITING).values("party")
    planned = (
        booking.parties.filter(kind__in=[PartyKind.SIP, PartyKind.PHONE])
        .exclude(attendances__conference=conference, attendances__left_at=None)
        .exclude(pk__in=at_door.filter(last_heard_at__gt=timezone.now() - SILENT_AFTER))
    )
    party = planned.filter(kind=kind).first() or planned.first()
    if party:
        return party
    last = booking.parties.order_by("-position").values_list("position", flat=True).first()
    added = Party.objects.create(
        booking=booking, position=(-1 if last is None else last) + 1, kind=kind, name=name[:120], head_count=1
    )
    record("conference.caller-added", f"booking:{booking.reference}", through="link", kind=str(kind))
    return added
