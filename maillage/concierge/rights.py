"""Who works at the desk."""

from maillage.accounts.models import User
from maillage.actors.models import Part, Role


def is_operator(user: User) -> bool:
    """Administrators, and those with the part of concierge operator."""
    return user.is_staff or Role.objects.filter(user=user, part=Part.OPERATOR).exists()
