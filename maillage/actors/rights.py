"""Who runs an organisation: its accesses for programs, its accounts."""

from django.db.models import QuerySet

from maillage.accounts.models import User
from maillage.actors.models import Organisation, Part, Role


def organisations_run_by(user: User) -> QuerySet[Organisation]:
    """The organisations of which `user` is officer or coordinator; all for an administrator."""
    if user.is_staff:
        return Organisation.objects.all()
    held = Role.objects.filter(user=user, part__in=[Part.OFFICER, Part.COORDINATOR])
    return Organisation.objects.filter(pk__in=held.values("organisation"))


def runs_an_organisation(user: User) -> bool:
    """Tell whether `user` runs at least one. One query, none for an administrator."""
    return user.is_staff or Role.objects.filter(user=user, part__in=[Part.OFFICER, Part.COORDINATOR]).exists()
