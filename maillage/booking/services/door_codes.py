"""Write the codes of doors, sealed. Neither the journal nor the log ever holds one."""

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from maillage.booking.errors.keys import DoorCodeWrong
from maillage.booking.gateways.secrecy import seal
from maillage.booking.models import Booking, BookingStatus, DoorCode
from maillage.core.journal import Door, record
from maillage.core.quarters import quarter_of

_CODE: Final = re.compile(r"[0-9A-Za-z*#]{3,20}")


@transaction.atomic
def write_door_code(
    *, room_id: int, code: str, now: datetime, booking_id: UUID | None = None, agent_id: int | None = None
) -> None:
    """Keep the code of a room, or the one made for a booking there, in place of the earlier one. Raises DoorCodeWrong.

    Who holds links to the booking reads it from the day before on: see `selectors.ways_in`.
    """
    typed = code.replace(" ", "")
    if not _CODE.fullmatch(typed):
        raise DoorCodeWrong
    booking = Booking.objects.get(pk=booking_id) if booking_id else None
    DoorCode.objects.update_or_create(
        room_id=room_id, booking=booking, defaults={"sealed": seal(typed), "written_at": now}
    )
    _record("door-code.written", room_id, booking, "agent", agent_id)


@transaction.atomic
def forget_door_code(*, room_id: int, through: Door = "agent", agent_id: int | None = None) -> None:
    """Forget the code of a room whose door no longer has one. Harmless if there is none."""
    if DoorCode.objects.filter(room=room_id, booking=None).delete()[0]:
        _record("door-code.forgotten", room_id, None, through, agent_id)


def forget_codes_used(now: datetime) -> int:
    """Delete the codes made for meetings that are over or cancelled; return how many."""
    made = DoorCode.objects.filter(booking__isnull=False).select_related("booking")
    over = [
        code.pk
        for code in made
        if code.booking and (code.booking.status not in _ALIVE or code.booking.end_quarter + 4 < quarter_of(now))
    ]
    return DoorCode.objects.filter(pk__in=over).delete()[0]


_ALIVE: Final = {BookingStatus.CONFIRMED, BookingStatus.ASKED}


def _record(verb: str, room_id: int, booking: Booking | None, through: Door, agent_id: int | None) -> None:
    subject = f"booking:{booking.reference}" if booking else f"room:{room_id}"
    record(verb, subject, through=through, agent_id=agent_id, room=room_id)
