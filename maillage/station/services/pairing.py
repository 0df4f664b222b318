"""Link a screen to a room: the screen shows a code, a person types it."""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from maillage.accounts.models import User
from maillage.core.events import publish
from maillage.core.journal import record
from maillage.points.models import Room
from maillage.station.domain.codes import draw_code, read_code
from maillage.station.domain.keys import digest, new_key
from maillage.station.errors import PairingCodeExpired, PairingCodeUnknown, RoomHasStation, RoomNotYours
from maillage.station.events import StationPaired
from maillage.station.models import PairingRequest, Station, StationState
from maillage.station.rights import can_pair
from maillage.station.services.identity import withdraw

CODE_LASTS = timedelta(minutes=10)


def request_pairing(*, now: datetime) -> tuple[PairingRequest, str]:
    """Return a new request, whose code the screen shows, and the key the screen keeps."""
    key = new_key()
    for _draw in range(5):  # 30^6 codes, a handful alive at once: a second draw is already a rarity
        wanted = PairingRequest(code=draw_code(secrets.choice), key_digest=digest(key), expires_at=now + CODE_LASTS)
        try:
            with transaction.atomic():
                wanted.save()
        except IntegrityError:
            continue
        return wanted, key
    raise RuntimeError("no free pairing code in five draws")


@transaction.atomic
def pair_station(
    *, agent: User, typed: str, room: Room, replace: bool, now: datetime, lasts: timedelta | None = None
) -> Station:
    """Make the screen that shows `typed` the station of `room`, for good or for as long as it `lasts`.

    Its key is the one it was given with the code. A screen whose loan is over gives way without a question.

    Raises RoomNotYours, PairingCodeUnknown, PairingCodeExpired, and RoomHasStation unless `replace`.
    """
    if not can_pair(agent, room):
        raise RoomNotYours
    request = PairingRequest.objects.select_for_update().filter(code=read_code(typed), station=None).first()
    if request is None:
        raise PairingCodeUnknown(code=typed[:12])
    if now > request.expires_at:
        raise PairingCodeExpired
    present = Station.objects.select_for_update().filter(room=room, state=StationState.ACTIVE).first()
    if present is not None:
        if not replace and not (present.expires_at and present.expires_at < now):
            raise RoomHasStation(room=str(room), seen=_seen(present))
        withdraw(station=present, state=StationState.REPLACED, agent_id=agent.pk)
    station = Station(room=room, key_digest=request.key_digest, key_changed_at=now, paired_at=now, paired_by=agent)
    station.expires_at = now + lasts if lasts else None
    try:
        with transaction.atomic():
            station.save()
    except IntegrityError as clash:  # somebody paired the same room in the same instant
        raise RoomHasStation(room=str(room), seen=_seen(present)) from clash
    request.station = station
    request.save(update_fields=["station"])
    record("station.paired", f"room:{room.pk}", through="agent", agent_id=agent.pk, station=station.pk)
    publish(StationPaired(station_id=station.pk, room_id=room.pk))
    return station


def end_loans(now: datetime) -> int:
    """Withdraw the screens whose loan is over: nobody is alarmed by their silence. Return how many."""
    over = list(Station.objects.filter(state=StationState.ACTIVE, expires_at__lt=now))
    for station in over:
        withdraw(station=station, state=StationState.REVOKED, agent_id=None)
    return len(over)


def forget_expired_requests(now: datetime) -> int:
    """Delete the requests nobody answered, and those answered an hour ago. Return how many."""
    waiting = PairingRequest.objects.filter(expires_at__lt=now - timedelta(hours=1))
    return waiting.delete()[0]


def _seen(station: Station | None) -> str:
    if station is None or station.last_seen_at is None:
        return "—"
    return station.last_seen_at.strftime("%d/%m/%Y %H:%M")
