"""Which rooms an agent looks after: planning, settings, screens."""

from django.db.models import QuerySet

from maillage.accounts.models import User
from maillage.actors.models import Part, Role
from maillage.points.models import Room


def rooms_looked_after(user: User) -> QuerySet[Room]:
    """The rooms in use that `user` may act on: all for administrators and the concierge's operators, else their hosts'.

    One query for the parts that the user plays, none for an administrator.
    """
    return all_rooms_looked_after(user).filter(is_active=True)


def all_rooms_looked_after(user: User) -> QuerySet[Room]:
    """The same, those that closed for good included: meetings may still wait there for another room."""
    rooms = Room.objects.select_related("point")
    if user.is_staff:
        return rooms
    parts = Role.objects.filter(user=user, part__in=[Part.OPERATOR, Part.FACILITATOR])
    held = list(parts.values_list("part", "organisation_id"))
    if any(part == Part.OPERATOR for part, _host in held):
        return rooms
    return rooms.filter(point__host__in=[host for _part, host in held])
