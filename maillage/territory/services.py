"""Load communes, islands and known distances from files. Each may be run again: same file, same rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from maillage.core.journal import record
from maillage.territory.domain.distance import great_circle_km
from maillage.territory.domain.files import CommuneRecord, Row
from maillage.territory.domain.folding import fold
from maillage.territory.errors import UnreadableFile
from maillage.territory.models import Commune, DistanceOverride, FormerName, Grouping, Island

_BATCH = 2000
_COMMUNE_FIELDS = (
    "name", "folded", "postcodes", "department", "region", "grouping", "population", "latitude", "longitude",
    "position_source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows an import wrote or found unchanged."""

    communes: int
    groupings: int
    islands: int
    former_names: int


@transaction.atomic
def import_communes(*, records: Sequence[CommuneRecord], source: str) -> Imported:
    """Write `records` as communes, with their groupings, islands and former names. Ten queries or so, in bulk.

    What a file does not tell is left as it was: a national file without islands keeps those of a regional one.
    Raises UnreadableFile if a commune is on an island that has not been imported.
    """
    groupings = _import_groupings(records)
    islands = {island.name: island.pk for island in Island.objects.all()}
    if unknown := {r.island for r in records if r.island} - set(islands):
        raise UnreadableFile(file=source, reason=f"islands not imported yet: {', '.join(sorted(unknown))}")
    communes = [_commune(r, islands) for r in records]
    for told, fields in ((False, _COMMUNE_FIELDS), (True, (*_COMMUNE_FIELDS, "island"))):
        some = [commune for commune in communes if bool(commune.island_id) is told]
        Commune.objects.bulk_create(
            some, batch_size=_BATCH, update_conflicts=True, unique_fields=["insee"], update_fields=fields
        )
    former = [FormerName(commune_id=r.insee, name=name, folded=fold(name)) for r in records for name in r.former_names]
    FormerName.objects.bulk_create(former, batch_size=_BATCH, ignore_conflicts=True)
    record("communes.imported", f"file:{source}"[:80], through="command", communes=len(communes))
    on_islands = {r.island for r in records if r.island}
    return Imported(len(communes), groupings, len(on_islands), len(former))


def _import_groupings(records: Iterable[CommuneRecord]) -> int:
    named = {r.grouping: Grouping(r.grouping, r.grouping_name, r.grouping_kind) for r in records if r.grouping_name}
    bare = {r.grouping: Grouping(r.grouping, r.grouping) for r in records if r.grouping and r.grouping not in named}
    Grouping.objects.bulk_create(
        named.values(), update_conflicts=True, unique_fields=["siren"], update_fields=["name", "kind"]
    )
    Grouping.objects.bulk_create(bare.values(), ignore_conflicts=True)
    return len(named) + len(bare)


def _commune(record: CommuneRecord, islands: dict[str, int]) -> Commune:
    return Commune(
        insee=record.insee,
        name=record.name,
        folded=record.folded,
        postcodes=record.postcodes,
        department=record.department,
        region=record.region,
        grouping_id=record.grouping or None,
        island_id=islands.get(record.island),
        population=record.population,
        latitude=record.latitude,
        longitude=record.longitude,
        position_source=record.position_source,
    )


@transaction.atomic
def import_islands(*, rows: Sequence[Row]) -> int:
    """Write islands, with their port and crossing; return how many. Each must carry its source."""
    islands = [
        Island(
            name=row["ile"],
            port_name=row["port"],
            port_latitude=float(row["port_lat"]),
            port_longitude=float(row["port_lon"]),
            landing_name=row["debarcadere"],
            landing_latitude=float(row["debarcadere_lat"]),
            landing_longitude=float(row["debarcadere_lon"]),
            crossing_minutes=int(row["traversee_min"]),
            source=row["source"],
        )
        for row in rows
    ]
    fields = [field.name for field in Island._meta.concrete_fields if field.name not in {"id", "name"}]
    Island.objects.bulk_create(islands, update_conflicts=True, unique_fields=["name"], update_fields=fields)
    return len(islands)


@transaction.atomic
def import_distances(*, rows: Sequence[Row], source: str) -> int:
    """Write known road distances between communes already imported; return how many.

    Raises UnreadableFile if one is shorter than the great circle: nobody drives faster than a bird flies.
    """
    insees = {row[key] for row in rows for key in ("commune_1", "commune_2")}
    communes = Commune.objects.in_bulk(insees)
    overrides = []
    for row in rows:
        first, second = (communes.get(code) for code in sorted((row["commune_1"], row["commune_2"])))
        if first is None or second is None:
            continue
        _check_longer_than_the_bird(first, second, float(row["km"]), source)
        overrides.append(
            DistanceOverride(
                first=first,
                second=second,
                distance_km=float(row["km"]),
                minutes=int(row["minutes"]),
                source=row["source"],
            )
        )
    DistanceOverride.objects.bulk_create(
        overrides,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["distance_km", "minutes", "source"],
    )
    return len(overrides)


def _check_longer_than_the_bird(first: Commune, second: Commune, km: float, source: str) -> None:
    if first.latitude is None or first.longitude is None or second.latitude is None or second.longitude is None:
        return
    crow = great_circle_km(first.latitude, first.longitude, second.latitude, second.longitude)
    if km < crow:
        raise UnreadableFile(
            file=source, reason=f"{first} – {second}: {km:g} km is shorter than {crow:.0f} km in the air"
        )
