"""Load points from a file. The same file twice changes nothing; what left the file is no longer offered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.text import slugify

from maillage.actors.models import Organisation, OrganisationKind
from maillage.core.journal import record as record_act
from maillage.points.domain.files import PointRecord, RoomRecord
from maillage.points.models import Audience, Equipment, Point, PointStatus, Room, StatusChange
from maillage.points.services.changes import renew_catalogue
from maillage.territory.domain.folding import fold
from maillage.territory.errors import UnreadableFile
from maillage.territory.models import Commune

_HOST_KINDS: Final = {
    "epci": OrganisationKind.GROUPING,
    "metropole": OrganisationKind.GROUPING,
    "ile": OrganisationKind.TOWN_HALL,
    "mairie": OrganisationKind.TOWN_HALL,
    "pays": OrganisationKind.PAYS,
    "emploi-insertion": OrganisationKind.EMPLOYMENT,
    "tiers-lieu": OrganisationKind.THIRD_PLACE,
    "centre-social": OrganisationKind.SOCIAL_CENTRE,
    "maison-pour-tous": OrganisationKind.SOCIAL_CENTRE,
    "association": OrganisationKind.ASSOCIATION,
}


@dataclass(frozen=True, slots=True)
class ImportedPoints:
    """How many rows an import wrote or found unchanged."""

    points: int
    rooms: int
    listed: int


@transaction.atomic
def import_points(*, records: Sequence[PointRecord], file: str, is_demonstration: bool) -> ImportedPoints:
    """Write `records` as points with their hosts, rooms, equipment and dated status.

    Raises UnreadableFile, naming the point, if its commune was not imported, or a status or audience is unknown.
    """
    communes = Commune.objects.in_bulk({r.insee for r in records})
    for record in records:
        _check(record, communes, file)
    rooms = 0
    for record in records:
        point = _import_point(record, communes[record.insee], is_demonstration)
        rooms += _import_rooms(point, record.rooms)
    record_act("points.imported", f"file:{file}"[:80], through="command", points=len(records))
    renew_catalogue()
    return ImportedPoints(len(records), rooms, sum(record.is_listed for record in records))


def _check(record: PointRecord, communes: dict[str, Commune], file: str) -> None:
    wrong = {
        f"commune {record.insee} is not imported": record.insee not in communes,
        f"unknown status {record.status}": record.status not in PointStatus.values,
        f"unknown audience {record.audience}": record.audience not in Audience.values,
    }
    for reason, is_so in wrong.items():
        if is_so:
            raise UnreadableFile(file=file, reason=f"point {record.reference}: {reason}")


def _import_point(record: PointRecord, commune: Commune, is_demonstration: bool) -> Point:
    host, _created = Organisation.objects.get_or_create(
        name=record.name,
        defaults={
            "kind": _HOST_KINDS.get(record.category, OrganisationKind.OTHER),
            "commune": commune,
            "website": record.website,
            "source": record.source,
        },
    )
    copied = (
        "name", "address", "latitude", "longitude", "position_accuracy", "phone", "email", "website", "presentation",
        "access", "hours", "hours_are_assumed", "audience", "status", "is_listed", "has_step_free_entrance",
        "has_parking", "has_staff_on_site", "source", "source_date",
    )  # fmt: skip
    values = {name: getattr(record, name) for name in copied} | {"folded": fold(record.name)}
    point, _created = Point.objects.update_or_create(
        source_reference=record.reference,
        is_demonstration=is_demonstration,
        defaults={**values, "host": host, "commune": commune, "time_zone": commune.time_zone},
        create_defaults={
            **values,
            "request_hours": record.request_hours,
            "host": host,
            "commune": commune,
            "time_zone": commune.time_zone,
            "slug": _free_slug(record),
        },
    )
    if record.since:
        change = {
            "status": record.status,
            "precision": record.precision,
            "note": record.status_note,
            "source": record.source,
        }
        StatusChange.objects.update_or_create(point=point, since=record.since, defaults=change)
    return point


def _free_slug(record: PointRecord) -> str:
    slug = slugify(fold(record.name))[:70].rstrip("-")
    return slug if not Point.objects.filter(slug=slug).exists() else f"{slug}-{slugify(record.reference)}"


def _import_rooms(point: Point, records: Sequence[RoomRecord]) -> int:
    kept = []
    for record in records:
        values = {
            "capacity": record.capacity,
            "capacity_is_assumed": record.capacity_is_assumed,
            "notice_minutes": record.notice_minutes,
            "is_active": True,
        }
        room, _created = Room.objects.update_or_create(point=point, name=record.name, defaults=values)
        kept.append(room.pk)
        room.equipment.exclude(kind__in=record.equipment).delete()
        wanted = [Equipment(room=room, kind=kind, is_assumed=record.equipment_is_assumed) for kind in record.equipment]
        Equipment.objects.bulk_create(
            wanted, update_conflicts=True, unique_fields=["room", "kind"], update_fields=["is_assumed"]
        )
    point.rooms.exclude(pk__in=kept).update(is_active=False)
    return len(kept)
