"""Stations ready to use in tests."""

from datetime import datetime, timedelta

from maillage.accounts.models import User
from maillage.points.models import Room
from maillage.points.tests.factories import make_room
from maillage.station.models import Station
from maillage.station.services import pair_station, request_pairing


def make_agent(email: str = "agent@example.fr") -> User:
    """An administrator, who may pair any room."""
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_superuser(email)


def make_station(*, now: datetime, room: Room | None = None) -> tuple[Station, str]:
    """A station paired five minutes before `now`, with its key."""
    earlier = now - timedelta(minutes=5)
    request, key = request_pairing(now=earlier)
    station = pair_station(agent=make_agent(), typed=request.code, room=room or make_room(), replace=False, now=earlier)
    return station, key
