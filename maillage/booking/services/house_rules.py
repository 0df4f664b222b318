"""Which version of its points' house rules a meeting accepted, kept with each party."""

from django.db.models import OuterRef, Subquery

from maillage.booking.models import Booking, Party
from maillage.points.models import HouseRules


def accept_house_rules(*bookings: Booking) -> None:
    """Note on each party in a room the present version of its point's rules: who confirms accepts them. One query."""
    present = HouseRules.objects.filter(point__rooms=OuterRef("room")).order_by("-version")
    accepted = Party.objects.filter(booking__in=bookings, room__isnull=False)
    accepted.update(house_rules=Subquery(present.values("pk")[:1]))
