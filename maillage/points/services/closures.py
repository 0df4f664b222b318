"""Close a point or a room, open it after all, move it to another address, take away a room that closed for good.

Bookings are told by the apps above, never undone here.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from maillage.core.events import publish
from maillage.core.journal import Door, record
from maillage.core.quarters import quarter_of
from maillage.points.errors import AddressIncomplete, ClosureInvalid, UnknownPoint
from maillage.points.events import ClosureAdded, ClosureLifted, PointMoved
from maillage.points.models import Closure, ClosureCause, Point, Room
from maillage.points.services.changes import renew_catalogue
from maillage.territory.models import Commune


@transaction.atomic
def close_point(
    *,
    point_id: int,
    first_quarter: int,
    end_quarter: int,
    room_id: int | None = None,
    cause: str = ClosureCause.CLOSED,
    reason: str = "",
    through: Door,
    agent_id: int | None = None,
) -> Closure:
    """Close a point, or one of its rooms, from `first_quarter` to before `end_quarter`; the same closure twice is one.

    Raises ClosureInvalid, also for a room of another point.
    """
    known = cause in ClosureCause.values
    room = Room.objects.filter(pk=room_id, point=point_id).first() if room_id else None
    if not (0 <= first_quarter < end_quarter and known and (room or room_id is None)):
        raise ClosureInvalid
    closure, is_new = Closure.objects.get_or_create(
        point_id=point_id,
        room=room,
        first_quarter=first_quarter,
        end_quarter=end_quarter,
        defaults={"reason": reason, "cause": cause},
    )
    if is_new:
        details = {"reason": reason, "room": room_id, "cause": str(cause)}
        record("point.closed", f"point:{point_id}", through=through, agent_id=agent_id, **details)
        publish(ClosureAdded(closure.pk, point_id, first_quarter, end_quarter))
    return closure


@transaction.atomic
def lift_closure(*, closure_id: int, through: Door, agent_id: int | None = None) -> None:
    """Take a closure back. Harmless if it is already gone."""
    closure = Closure.objects.filter(pk=closure_id).first()
    if closure is None:
        return
    closure.delete()
    record("point.closure-lifted", f"point:{closure.point_id}", through=through, agent_id=agent_id)
    publish(ClosureLifted(closure.point_id))


@dataclass(frozen=True, slots=True)
class NewAddress:
    """Where a point is from now on; its position is its commune's unless it is known better."""

    address: str
    commune_insee: str
    latitude: float | None = None
    longitude: float | None = None
    access: str = ""


@transaction.atomic
def move_point(*, point_id: int, to: NewAddress, through: Door, agent_id: int | None = None) -> Point:
    """Give a point another address; its rooms, and what is booked there, go with it. The same again changes nothing.

    Raises UnknownPoint, AddressIncomplete.
    """
    point = Point.objects.select_for_update().filter(pk=point_id).first()
    commune = Commune.objects.filter(pk=to.commune_insee).first()
    if point is None:
        raise UnknownPoint
    if commune is None or commune.latitude is None or commune.longitude is None or not to.address.strip():
        raise AddressIncomplete
    before = (point.address, point.commune_id)
    if before == (to.address, commune.pk):
        return point
    point.address, point.commune, point.access = to.address, commune, to.access or point.access
    point.latitude = commune.latitude if to.latitude is None else to.latitude
    point.longitude = commune.longitude if to.longitude is None else to.longitude
    point.position_accuracy = "commune" if to.latitude is None else "building"
    try:
        point.full_clean(exclude=["host", "commune"])
    except ValidationError as wrong:
        raise AddressIncomplete from wrong
    point.save()
    record("point.moved", f"point:{point_id}", through=through, agent_id=agent_id, before=before[0], **asdict(to))
    renew_catalogue()
    publish(PointMoved(point_id=point_id))
    return point


@transaction.atomic
def retire_closed_rooms(now: datetime) -> int:
    """Take away the rooms whose closure for good has begun; return how many. Harmless to run twice."""
    gone = Closure.objects.filter(
        cause__in=[ClosureCause.FOR_GOOD, ClosureCause.MERGED], first_quarter__lte=quarter_of(now), room__is_active=True
    )
    rooms = sorted(gone.values_list("room_id", flat=True))
    if not rooms:
        return 0
    Room.objects.filter(pk__in=rooms).update(is_active=False)
    for room_id in rooms:
        record("room.retired", f"room:{room_id}", through="task")
    renew_catalogue()
    return len(rooms)
