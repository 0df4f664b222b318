"""Who an agent already knows: people who met in their rooms, and the organisations their hosts favour (least right)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from maillage.booking.models import Beneficiary, Booking, BookingStatus
from maillage.core.quarters import quarter_of
from maillage.points.models import Room

REMEMBERED: Final = timedelta(days=730)
SHORTEST: Final = 2


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may be calling again."""

    name: str
    email: str
    phone: str
    category: str = ""

    @property
    def reach(self) -> str:
        """Where they are told: their e-mail, else their telephone."""
        return self.email or self.phone


def known_callers(rooms: QuerySet[Room], typed: str, *, now: datetime, limit: int = 6) -> list[Caller]:
    """Return who `typed`, a part of a name, an address or a number, may be; nobody under two letters. Two queries."""
    text = typed.strip()
    if len(text) < SHORTEST:
        return []
    digits = "".join(mark for mark in text if mark.isdigit())
    like = Q(organiser_name__icontains=text) | Q(organiser_email__istartswith=text)
    if len(digits) > SHORTEST:
        like |= Q(organiser_phone__contains=digits)
    met = Booking.objects.filter(
        like,
        pk__in=Booking.objects.filter(parties__room__in=rooms.values("pk")).values("pk"),
        status__in=[BookingStatus.CONFIRMED, BookingStatus.DONE],
        first_quarter__gte=quarter_of(now - REMEMBERED),
    ).order_by("-first_quarter")
    columns = ("organiser_name", "organiser_email", "organiser_phone", "category")
    callers = [Caller(*row) for row in met.values_list(*columns)[: limit * 5]]
    return _once(callers + _favoured(rooms, text))[:limit]


def _favoured(rooms: QuerySet[Room], text: str) -> list[Caller]:
    """Return the organisations known to the hosts; a domain is no address to write to."""
    hosts = rooms.values("point__host")
    rows = Beneficiary.objects.filter(host__in=hosts, name__icontains=text).values_list("name", "email")[:6]
    return [Caller(name, "" if email.startswith("@") else email, "") for name, email in rows]


def _once(callers: Sequence[Caller]) -> list[Caller]:
    kept: dict[tuple[str, str], Caller] = {}
    for caller in callers:
        kept.setdefault((caller.name.casefold(), caller.reach.casefold()), caller)
    return list(kept.values())
