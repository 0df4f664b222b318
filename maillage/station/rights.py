"""Who may link a screen to a room."""

from maillage.accounts.models import User
from maillage.actors.models import Part, Role
from maillage.points.models import Room


def can_pair(user: User, room: Room) -> bool:
    """The facilitators of the host, the concierge's operators, and administrators."""
    if user.is_staff:
        return True
    roles = Role.objects.filter(user=user)
    if roles.filter(part=Part.OPERATOR).exists():
        return True
    return roles.filter(part=Part.FACILITATOR, organisation_id=room.point.host_id).exists()
