"""Keep the offer of rooms true to their stations: red takes a room off the search, green or a waiver puts it back."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from maillage.points.models import Room
from maillage.points.services import note_readiness, offer_room_again, withhold_room
from maillage.station.domain.verdict import Level
from maillage.station.models import Station, StationState

AWAKE: Final = timedelta(minutes=5)
"""A station says that it lives every half minute: five minutes without a word, and nobody counts on it."""


def follow_station(*, room_id: int, now: datetime) -> None:
    """Offer the room, or stop offering it, as its active station is now. One query when nothing changes, three else."""
    if _out_of_order(now).filter(room_id=room_id).exists():
        withhold_room(room_id=room_id, reason="station-red", through="station", now=now)
    else:
        offer_room_again(room_id=room_id, reason="station-well", through="station")


def follow_all_stations(now: datetime) -> int:
    """Do the same for every room: a waiver that ran out, a station withdrawn. Return how many rooms changed."""
    _tell_readiness(now)
    red = set(_out_of_order(now).values_list("room_id", flat=True))
    withheld = set(Room.objects.exclude(withheld_since=None).values_list("pk", flat=True))
    for room_id in sorted(red - withheld):
        withhold_room(room_id=room_id, reason="station-red", through="task", now=now)
    for room_id in sorted(withheld - red):
        offer_room_again(room_id=room_id, reason="station-well", through="task")
    return len(red ^ withheld)


def _tell_readiness(now: datetime) -> None:
    """Tell the rooms whose station answers: only these are taken in five minutes without anybody's help."""
    active = Station.objects.filter(state=StationState.ACTIVE)
    awake = active.filter(last_seen_at__gte=now - AWAKE).exclude(pk__in=_out_of_order(now).values("pk"))
    ready = set(awake.values_list("room_id", flat=True))
    silent = set(active.values_list("room_id", flat=True)) - ready
    note_readiness(ready=ready, silent=silent, through="task")


def _out_of_order(now: datetime) -> QuerySet[Station]:
    red = Station.objects.filter(state=StationState.ACTIVE, level=Level.RED)
    return red.filter(Q(waived_until=None) | Q(waived_until__lte=now))
