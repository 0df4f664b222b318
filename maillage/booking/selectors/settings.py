"""A point as its facilitator sets it up. Nine queries, whatever its rooms."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from maillage.booking.models import CalendarFeed, TariffPrice, TariffSheet
from maillage.booking.selectors.calendars import feeds_of
from maillage.core.quarters import quarter_of
from maillage.points.errors import UnknownPoint
from maillage.points.models import Closure, Point, Room


@dataclass(frozen=True, slots=True)
class FollowedCalendar:
    """Another calendar with what its facilitator should know of it."""

    feed: CalendarFeed
    is_stale: bool


@dataclass(frozen=True, slots=True)
class PointSettings:
    """All that may be changed of a point."""

    point: Point
    rooms: list[Room]
    feeds: list[FollowedCalendar]
    closures: list[Closure]
    sheets: list[TariffSheet]

    @property
    def public_rooms(self) -> list[Room]:
        """The rooms whose free/busy anybody may read."""
        return [room for room in self.rooms if self.point.is_bookable and room.is_listed and not room.is_reserved]

    @property
    def prices(self) -> list[TariffPrice]:
        """The written prices of the sheets in force."""
        return [price for sheet in self.sheets for price in sheet.prices.all()]


def point_settings(slug: str, looked_after: "QuerySet[Room]", *, now: datetime, today: date) -> PointSettings:
    """Return the settings of a point of which an agent looks after rooms. Raises UnknownPoint for any other."""
    rooms = list(looked_after.filter(point__slug=slug).select_related("point__host").order_by("name"))
    if not rooms:
        raise UnknownPoint
    point = rooms[0].point
    feeds = feeds_of([room.pk for room in rooms])
    closures = (
        Closure.objects.filter(point=point, end_quarter__gt=quarter_of(now))
        .order_by("first_quarter")
        .select_related("room")
    )
    sheets = TariffSheet.objects.filter(Q(valid_until=None) | Q(valid_until__gte=today), point=point)
    in_force = sheets.filter(valid_from__lte=today).prefetch_related("prices", "free_hours").select_related("room")
    followed = [FollowedCalendar(feed, feed.is_stale(now)) for feed in feeds]
    return PointSettings(point, rooms, followed, list(closures.order_by("first_quarter")), list(in_force))
