"""Stations ready to use in tests."""

from datetime import datetime, timedelta

from maillage.accounts.models import User
from maillage.points.models import Room
from maillage.points.tests.factories import make_room
from maillage.station.models import ScreenKind, SecondScreen, Station
from maillage.station.services import pair_screen, request_pairing


def make_agent(email: str = "agent@example.fr") -> User:
    """An administrator, who may pair any room."""
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_superuser(email)


def make_station(*, now: datetime, room: Room | None = None) -> tuple[Station, str]:
    """A station paired five minutes before `now`, with its key."""
    screen, key = _pair(ScreenKind.MAIN, now, room)
    assert isinstance(screen, Station)
    return screen, key


def make_second_screen(*, now: datetime, room: Room | None = None) -> tuple[SecondScreen, str]:
    """A room's second screen on a machine of its own, paired five minutes before `now`, with its key."""
    screen, key = _pair(ScreenKind.SECOND, now, room)
    assert isinstance(screen, SecondScreen)
    return screen, key


def _pair(kind: ScreenKind, now: datetime, room: Room | None) -> tuple[Station | SecondScreen, str]:
    earlier = now - timedelta(minutes=5)
    request, key = request_pairing(now=earlier, kind=kind)
    agent, room = make_agent(), room or make_room()
    return pair_screen(agent=agent, typed=request.code, room=room, replace=False, now=earlier), key
