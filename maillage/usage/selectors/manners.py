"""How meetings were booked, why they were cancelled, what was asked for and not given (requirements B19-B23).

Counted on bookings and requests, so only as long as these are kept; the figures of meetings themselves stay.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from maillage.booking.models import Booking, BookingStatus, CancelCause, OfferStatus, UnmetDemand, UnmetReason
from maillage.core.quarters import day_quarters
from maillage.usage.domain.periods import Period
from maillage.usage.models import Purpose, Visit, VisitKind

MANNERS: Final = {
    "on-behalf": (_("booked by staff for somebody"), Q(booked_by__isnull=False)),
    "urgent": (_("lent at once, for a breakdown elsewhere"), Q(is_urgent=True)),
    "accompanied": (_("first session, accompanied"), Q(is_accompanied=True)),
    "helped": (_("helped at the start"), Q(wants_help=True, is_accompanied=False)),
    "waiting-list": (_("offered from the waiting list"), Q(wait_offer__status=OfferStatus.TAKEN)),
    "broadcast": (_("public session"), Q(broadcast__isnull=False)),
}
"""By code, in words and as a condition on bookings. A meeting may be several of these."""

COLUMNS: Final = ("periode", "mesure", "code", "nombre")


@dataclass(frozen=True, slots=True)
class Cell:
    """One count: its stable code, its words, how many."""

    code: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Manners:
    """Four lists of counts, zeros left out; `noted` is in people, as facilitators noted them; `seats`, those taken."""

    booked: tuple[Cell, ...]
    cancelled: tuple[Cell, ...]
    refused: tuple[Cell, ...]
    noted: tuple[Cell, ...]
    seats: int

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to show."""
        return not (self.booked or self.cancelled or self.refused or self.noted)


def manners_of(period: Period) -> Manners:
    """Return the counts of a period. Five queries."""
    zone = ZoneInfo(settings.TIME_ZONE)
    first, end = day_quarters(period.first_day, zone).start, day_quarters(period.last_day, zone).stop
    there = Booking.objects.filter(first_quarter__gte=max(0, first), first_quarter__lt=end)
    return Manners(_booked(there), _cancelled(there), _refused(period), _noted(period), _seats(there))


def manner_rows(period: Period) -> Iterator[tuple[str, str, str, int]]:
    """Return the same as the lines of an open table, zeros kept."""
    found = manners_of(period)
    for measure, codes, cells in (
        ("reservees", list(MANNERS), found.booked),
        ("annulees", [c for c in CancelCause.values if c != CancelCause.HOLD_EXPIRED], found.cancelled),
        ("non-satisfaites", UnmetReason.values, found.refused),
        ("passages-et-appels", [f"{kind}-{why}" for kind in VisitKind.values for why in Purpose.values], found.noted),
    ):
        counts = {cell.code: cell.count for cell in cells}
        for code in codes:
            yield period.code, measure, code, counts.get(code, 0)
    yield period.code, "places-de-seances", "prises", found.seats


def _booked(there: QuerySet[Booking]) -> tuple[Cell, ...]:
    done = there.filter(status=BookingStatus.DONE)
    counts = done.aggregate(**{code.replace("-", "_"): Count("pk", filter=q) for code, (_words, q) in MANNERS.items()})
    cells = [Cell(code, str(words), counts[code.replace("-", "_")]) for code, (words, _q) in MANNERS.items()]
    return tuple(cell for cell in cells if cell.count)


def _cancelled(there: QuerySet[Booking]) -> tuple[Cell, ...]:
    """A hold nobody confirmed was never expected: it is no cancellation."""
    ended = there.filter(status=BookingStatus.CANCELLED, confirmed_at__isnull=False)
    rows = ended.exclude(cancel_cause=CancelCause.HOLD_EXPIRED).values_list("cancel_cause")
    counts = rows.annotate(count=Count("pk")).order_by("-count", "cancel_cause")
    return tuple(Cell(cause, str(CancelCause(cause).label), count) for cause, count in counts)


def _refused(period: Period) -> tuple[Cell, ...]:
    """Requests, not their places: the lines of one request the same day share its mark."""
    asked = UnmetDemand.objects.filter(day__range=(period.first_day, period.last_day)).values_list("reason")
    counts = asked.annotate(count=Count("mark", distinct=True)).order_by("-count", "reason")
    return tuple(Cell(reason, str(UnmetReason(reason).label), count) for reason, count in counts)


def _noted(period: Period) -> tuple[Cell, ...]:
    """People, not notes: who came, called or was turned away, by what for."""
    notes = Visit.objects.filter(local_day__range=(period.first_day, period.last_day)).values_list("kind", "purpose")
    counts = notes.annotate(count=Sum("people")).order_by("-count", "kind", "purpose")
    return tuple(
        Cell(f"{kind}-{why}", f"{VisitKind(kind).label}, {Purpose(why).label}", count) for kind, why, count in counts
    )


def _seats(there: QuerySet[Booking]) -> int:
    seated = Count("broadcast__taken", filter=Q(broadcast__taken__number__isnull=False))
    held = there.filter(status=BookingStatus.DONE, broadcast__isnull=False).annotate(seated=seated)
    return held.aggregate(total=Sum("seated"))["total"] or 0
