"""Keep the offer of rooms true to their stations: red takes a room off the search, green or a waiver puts it back."""

from datetime import datetime

from django.db.models import Q, QuerySet

from maillage.points.models import Room
from maillage.points.services import offer_room_again, withhold_room
from maillage.station.domain.verdict import Level
from maillage.station.models import Station, StationState


def follow_station(*, room_id: int, now: datetime) -> None:
    """Offer the room, or stop offering it, as its active station is now. One query when nothing changes, three else."""
    if _out_of_order(now).filter(room_id=room_id).exists():
        withhold_room(room_id=room_id, reason="station-red", through="station", now=now)
    else:
        offer_room_again(room_id=room_id, reason="station-well", through="station")


def follow_all_stations(now: datetime) -> int:
    """Do the same for every room: a waiver that ran out, a station withdrawn. Return how many rooms changed."""
    red = set(_out_of_order(now).values_list("room_id", flat=True))
    withheld = set(Room.objects.exclude(withheld_since=None).values_list("pk", flat=True))
    for room_id in sorted(red - withheld):
        withhold_room(room_id=room_id, reason="station-red", through="task", now=now)
    for room_id in sorted(withheld - red):
        offer_room_again(room_id=room_id, reason="station-well", through="task")
    return len(red ^ withheld)


def _out_of_order(now: datetime) -> QuerySet[Station]:
    red = Station.objects.filter(state=StationState.ACTIVE, level=Level.RED)
    return red.filter(Q(waived_until=None) | Q(waived_until__lte=now))
