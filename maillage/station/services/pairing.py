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
from maillage.station.errors import (
    PairingCodeExpired,
    PairingCodeUnknown,
    RoomHasSecondScreen,
    RoomHasStation,
    RoomNotYours,
)
from maillage.station.events import StationPaired
from maillage.station.models import LinkedScreen, PairingRequest, ScreenKind, SecondScreen, Station, StationState
from maillage.station.rights import can_pair
from maillage.station.services.identity import withdraw

CODE_LASTS = timedelta(minutes=10)
_KINDS: dict[ScreenKind, tuple[type[Station | SecondScreen], type[RoomHasStation]]] = {
    ScreenKind.MAIN: (Station, RoomHasStation),
    ScreenKind.SECOND: (SecondScreen, RoomHasSecondScreen),
}


def request_pairing(*, now: datetime, kind: ScreenKind = ScreenKind.MAIN) -> tuple[PairingRequest, str]:
    """Return a new request, whose code the screen shows, and the key the screen keeps."""
    key = new_key()
    for _draw in range(5):  # 30^6 codes, a handful alive at once: a second draw is already a rarity
        code, until = draw_code(secrets.choice), now + CODE_LASTS
        wanted = PairingRequest(kind=kind, code=code, key_digest=digest(key), expires_at=until)
        try:
            with transaction.atomic():
                wanted.save()
        except IntegrityError:
            continue
        return wanted, key
    raise RuntimeError("no free pairing code in five draws")


@transaction.atomic
def pair_screen(
    *, agent: User, typed: str, room: Room, replace: bool, now: datetime, lasts: timedelta | None = None
) -> Station | SecondScreen:
    """Make the screen that shows `typed` the one of `room`, for good or for as long as it `lasts`.

    Its code says which of the room's two screens it is; its key is the one it was given with the code. A screen whose
    loan is over gives way without a question.

    Raises RoomNotYours, PairingCodeUnknown, PairingCodeExpired, and RoomHasStation or RoomHasSecondScreen
    unless `replace`.
    """
    if not can_pair(agent, room):
        raise RoomNotYours
    unused = PairingRequest.objects.select_for_update().filter(station=None, second_screen=None)
    request = unused.filter(code=read_code(typed)).first()
    if request is None:
        raise PairingCodeUnknown(code=typed[:12])
    if now > request.expires_at:
        raise PairingCodeExpired
    kind, taken = _KINDS[ScreenKind(request.kind)]
    present = kind._default_manager.select_for_update().filter(room=room, state=StationState.ACTIVE).first()
    if present is not None:
        if not replace and not (present.expires_at and present.expires_at < now):
            raise taken(room=str(room), seen=_seen(present))
        withdraw(screen=present, state=StationState.REPLACED, agent_id=agent.pk)
    screen = kind(room=room, key_digest=request.key_digest, key_changed_at=now, paired_at=now, paired_by=agent)
    screen.expires_at = now + lasts if lasts else None
    try:
        with transaction.atomic():
            screen.save()
    except IntegrityError as clash:  # somebody paired the same room in the same instant
        raise taken(room=str(room), seen=_seen(present)) from clash
    _tell_paired(request, screen, agent)
    return screen


def _tell_paired(request: PairingRequest, screen: Station | SecondScreen, agent: User) -> None:
    subject = f"room:{screen.room_id}"
    if isinstance(screen, SecondScreen):
        request.second_screen = screen
        record("second-screen.paired", subject, through="agent", agent_id=agent.pk, second_screen=screen.pk)
    else:
        request.station = screen
        record("station.paired", subject, through="agent", agent_id=agent.pk, station=screen.pk)
        publish(StationPaired(station_id=screen.pk, room_id=screen.room_id))
    request.save(update_fields=["station", "second_screen"])


@transaction.atomic
def unlink_second_screen(*, agent: User, room: Room) -> None:
    """Withdraw the second screen of `room`, if it has one. Raises RoomNotYours."""
    if not can_pair(agent, room):
        raise RoomNotYours
    present = SecondScreen.objects.select_for_update().filter(room=room, state=StationState.ACTIVE).first()
    if present is not None:
        withdraw(screen=present, state=StationState.REVOKED, agent_id=agent.pk)


def end_loans(now: datetime) -> int:
    """Withdraw the screens whose loan is over: nobody is alarmed by their silence. Return how many."""
    over: list[Station | SecondScreen] = [
        *Station.objects.filter(state=StationState.ACTIVE, expires_at__lt=now),
        *SecondScreen.objects.filter(state=StationState.ACTIVE, expires_at__lt=now),
    ]
    for screen in over:
        withdraw(screen=screen, state=StationState.REVOKED, agent_id=None)
    return len(over)


def forget_expired_requests(now: datetime) -> int:
    """Delete the requests nobody answered, and those answered an hour ago. Return how many."""
    waiting = PairingRequest.objects.filter(expires_at__lt=now - timedelta(hours=1))
    return waiting.delete()[0]


def _seen(screen: LinkedScreen | None) -> str:
    if screen is None or screen.last_seen_at is None:
        return "—"
    return screen.last_seen_at.strftime("%d/%m/%Y %H:%M")
