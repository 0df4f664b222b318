"""Who may link a screen to a room."""

from maillage.accounts.models import User
from maillage.points.models import Room
from maillage.points.rights import rooms_looked_after

__all__ = ["can_pair", "rooms_looked_after"]


def can_pair(user: User, room: Room) -> bool:
    """Whether `room` is among those that `user` looks after."""
    return rooms_looked_after(user).filter(pk=room.pk).exists()
