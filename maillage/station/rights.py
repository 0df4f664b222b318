"""Who may link a screen to a room."""

from django.db.models import QuerySet

from maillage.accounts.models import User
from maillage.actors.models import Part, Role
from maillage.points.models import Room


def rooms_looked_after(user: User) -> QuerySet[Room]:
    """The rooms that `user` may equip: all for administrators and the concierge's operators, else their hosts'."""
    rooms = Room.objects.filter(is_active=True).select_related("point")
    if user.is_staff or Role.objects.filter(user=user, part=Part.OPERATOR).exists():
        return rooms
    hosts = Role.objects.filter(user=user, part=Part.FACILITATOR).values("organisation_id")
    return rooms.filter(point__host_id__in=hosts)


def can_pair(user: User, room: Room) -> bool:
    """Whether `room` is among those that `user` looks after."""
    return rooms_looked_after(user).filter(pk=room.pk).exists()
