"""People who came or called, noted by a facilitator in four taps; taken back in one. Nothing names them."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from maillage.core.journal import record
from maillage.points.models import Point, Room
from maillage.usage.errors import VisitUnknown
from maillage.usage.models import Visit


@transaction.atomic
def note_visit(
    *,
    key: UUID,
    point: Point,
    kind: str,
    category: str,
    purpose: str,
    people: int,
    now: datetime,
    agent_id: int,
    day: date | None = None,
) -> Visit:
    """Note that people came, called or were refused; the same key again is the same note."""
    values = {
        "point": point,
        "kind": kind,
        "category": category,
        "purpose": purpose,
        "people": people,
        "local_day": day or now.astimezone(ZoneInfo(point.time_zone)).date(),
        "noted_at": now,
        "agent_id": agent_id,
    }
    visit, is_new = Visit.objects.get_or_create(key=key, defaults=values)
    if is_new:
        record("visit.noted", f"point:{point.slug}"[:80], through="agent", agent_id=agent_id, kind=kind)
    return visit


@transaction.atomic
def take_back_visit(*, visit_id: int, rooms: "QuerySet[Room]", agent_id: int) -> None:
    """Remove a note made by mistake. Raises VisitUnknown if it is gone, or at a point of somebody else."""
    mine = Visit.objects.filter(pk=visit_id, point__in=rooms.order_by().values("point"))
    visit = mine.select_related("point").first()
    if visit is None:
        raise VisitUnknown
    record("visit.taken-back", f"point:{visit.point.slug}"[:80], through="agent", agent_id=agent_id, kind=visit.kind)
    visit.delete()
