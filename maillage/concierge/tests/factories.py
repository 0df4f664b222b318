"""Operators and days at the desk, with fixed values."""

from datetime import UTC, datetime

from django.test import Client

from maillage.accounts.models import User
from maillage.actors.models import Part, Role
from maillage.actors.tests.factories import make_organisation
from maillage.booking.models import Booking, PartyKind
from maillage.conference.tests.factories import make_meeting, parties_of
from maillage.points.models import Room

NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
"""Tuesday 24 November 2026, 9:00 in Paris."""


def make_operator(email: str = "concierge@example.fr") -> User:
    """Somebody who holds the desk and is no administrator."""
    operator = User.objects.filter(email=email).first() or User.objects.create_user(email, full_name="Maëlle Riou")
    Role.objects.get_or_create(user=operator, organisation=make_organisation("Conciergerie"), part=Part.OPERATOR)
    return operator


def at_the_desk() -> Client:
    """A browser signed in as an operator."""
    client = Client()
    client.force_login(make_operator())
    return client


def make_meeting_in(*rooms: Room, start: datetime = NINE) -> Booking:
    """A confirmed meeting of one hour between rooms, named as their communes."""
    booking = make_meeting(start=start, names=tuple(room.point.commune.name for room in rooms))
    for party, room in zip(parties_of(booking), rooms, strict=True):
        party.room, party.kind = room, PartyKind.ROOM
        party.save()
    return booking
