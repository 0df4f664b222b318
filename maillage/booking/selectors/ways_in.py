"""How people get into a room for a precise meeting: its way, and the code of its door from the day before on."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from maillage.booking.errors.calendars import CalendarForbidden
from maillage.booking.gateways.secrecy import unseal
from maillage.booking.models import Booking, BookingStatus, DoorCode, Party
from maillage.core.quarters import moment_of
from maillage.points.models import EntryWay, Room

WITH_A_CODE: Final = frozenset({EntryWay.CODE, EntryWay.OWN_CODE})
_AT_LEAST: Final = timedelta(hours=25)
"""The reminder of the day before is written so early at most: it tells the code."""


def way_into(room: Room) -> EntryWay:
    """Return a room's own way in, else its point's, which must be loaded."""
    return EntryWay(room.entry or room.point.entry)


def said_of_way(room: Room) -> str:
    """Return how people get in, as the room or its point says it; nothing where nothing was said: the door is open."""
    way, note = way_into(room), room.entry_note or room.point.entry_note
    return ". ".join(filter(None, [str(way.label) if way != EntryWay.RECEPTION else "", note]))


def shows_codes(booking: Booking, now: datetime) -> bool:
    """Tell whether the codes of its doors are told: confirmed, from the day before it until its end."""
    if booking.status != BookingStatus.CONFIRMED:
        return False
    start = moment_of(booking.first_quarter).astimezone(ZoneInfo(booking.time_zone))
    midnight = start.replace(hour=0, minute=0) - timedelta(days=1)
    return min(midnight, start - _AT_LEAST) <= now < moment_of(booking.end_quarter)


def codes_of(booking: Booking, rooms: Iterable[Room], now: datetime) -> Mapping[int, str] | None:
    """Return the codes to tell, by room, None before their time has come.

    One query where a door has one and its time has come, else none.
    """
    coded = {room.pk: way for room in rooms if (way := way_into(room)) in WITH_A_CODE}
    if not coded or not shows_codes(booking, now):
        return None
    found = DoorCode.objects.filter(room__in=coded, booking__in=[booking.pk]) | DoorCode.objects.filter(
        room__in=coded, booking=None
    )
    return {
        code.room_id: words
        for code in found
        if (code.booking_id is not None) == (coded[code.room_id] == EntryWay.OWN_CODE) and (words := _read(code))
    }


def told_way_in(room: Room | None, code: str | None) -> str:
    """Return how people get into a room, with its code or when they will have it.

    code: None until it may be told, "" if its facilitator has not written it.
    """
    if room is None:
        return ""
    if way_into(room) not in WITH_A_CODE:
        return said_of_way(room)
    if code is None:
        return ". ".join([said_of_way(room), _("you receive the code the day before")])
    told = _("Code: %(code)s") % {"code": code} if code else _("ask the place for the code")
    return ". ".join([said_of_way(room), told])


def way_in_of(party: Party, now: datetime) -> str:
    """Return how the people of one party get into their room. Its booking, room and point must be loaded."""
    if party.room is None:
        return ""
    codes = codes_of(party.booking, [party.room], now)
    return told_way_in(party.room, None if codes is None else codes.get(party.room.pk, ""))


def _read(code: DoorCode) -> str:
    """Return a code, nothing if the key of the server has changed since: it is to be typed again."""
    try:
        return unseal(code.sealed)
    except CalendarForbidden:
        return ""
