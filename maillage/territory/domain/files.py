"""Read the files of communes, islands and distances into plain records. Text in, records out; no database."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from maillage.territory.domain.folding import fold
from maillage.territory.domain.zones import region_of
from maillage.territory.errors import UnreadableFile

Row = Mapping[str, str]
_POSITION_SOURCES: Final = {"m": "town-hall", "mairie": "town-hall", "c": "centroid", "centroide": "centroid"}
_KINDS: Final = {"CC", "CA", "CU", "METRO"}


@dataclass(frozen=True, slots=True)
class CommuneRecord:
    """One line of a file of communes. What the file has no column for stays empty."""

    insee: str
    name: str
    postcodes: str
    department: str
    region: str
    population: int
    latitude: float | None
    longitude: float | None
    position_source: str
    grouping: str
    grouping_name: str
    grouping_kind: str
    island: str
    former_names: tuple[str, ...]

    @property
    def folded(self) -> str:
        """The name as it is searched."""
        return fold(self.name)


def read_rows(lines: Iterable[str], columns: Sequence[str], file: str) -> list[Row]:
    """Return the lines of a CSV. Raises UnreadableFile, naming the missing ones, if it has not all of `columns`."""
    reader = csv.DictReader(lines)
    if missing := set(columns) - set(reader.fieldnames or ()):
        raise UnreadableFile(file=file, reason=f"no column {', '.join(sorted(missing))}")
    return list(reader)


def read_communes(lines: Iterable[str], file: str) -> list[CommuneRecord]:
    """Return the communes of a file, those without a position placed amid their neighbours if there are any.

    Raises UnreadableFile, saying on which line, if a code is missing or given twice, or a number is none.
    """
    columns = ["code_insee", "nom", "codes_postaux", "departement", "population", "lat", "lon"]
    records: dict[str, CommuneRecord] = {}
    for number, row in enumerate(read_rows(lines, columns, file), start=2):
        try:
            record = _commune(row)
        except (ValueError, TypeError) as fault:
            raise UnreadableFile(file=file, reason=f"line {number}: {fault}") from fault
        if record.insee in records:
            raise UnreadableFile(file=file, reason=f"line {number}: {record.insee} comes twice")
        records[record.insee] = record
    return _placed(list(records.values()))


def _commune(row: Row) -> CommuneRecord:
    insee, kind = row["code_insee"], row.get("epci_type") or ""
    if len(insee) != 5 or not row["nom"]:
        raise ValueError("a commune needs a name and a code of 5 characters")
    latitude, longitude = _degrees(row["lat"], 90), _degrees(row["lon"], 180)
    placed = latitude is not None and longitude is not None
    return CommuneRecord(
        insee=insee,
        name=row["nom"],
        postcodes=row["codes_postaux"],
        department=row["departement"],
        region=row.get("region") or region_of(row["departement"]),
        population=int(row["population"] or 0),
        latitude=latitude if placed else None,
        longitude=longitude if placed else None,
        position_source=_POSITION_SOURCES.get(row.get("origine_position") or "", "town-hall") if placed else "",
        grouping=row.get("epci_siren") or "",
        grouping_name=row.get("epci_nom") or "",
        grouping_kind=kind if kind in _KINDS else "OTHER",
        island=row.get("ile") or "",
        former_names=tuple(name for name in (row.get("anciennes_communes") or "").split("|") if name),
    )


def _degrees(text: str, most: float) -> float | None:
    if not text:
        return None
    value = float(text)
    if not -most <= value <= most:
        raise ValueError(f"{text} is not a position on Earth")
    return value


def _placed(records: list[CommuneRecord]) -> list[CommuneRecord]:
    """Give communes without a position the mean of those that share their postcode, else their grouping."""
    around: dict[str, list[tuple[float, float]]] = {}
    for record in records:
        if record.latitude is not None and record.longitude is not None:
            for key in _neighbourhoods(record):
                around.setdefault(key, []).append((record.latitude, record.longitude))
    return [record if record.latitude is not None else _amid(record, around) for record in records]


def _amid(record: CommuneRecord, around: Mapping[str, list[tuple[float, float]]]) -> CommuneRecord:
    for key in _neighbourhoods(record):
        if spots := around.get(key):
            latitude, longitude = (round(sum(axis) / len(spots), 5) for axis in zip(*spots, strict=True))
            return replace(record, latitude=latitude, longitude=longitude, position_source="neighbours")
    return record


def _neighbourhoods(record: CommuneRecord) -> list[str]:
    keys = [f"postcode {code}" for code in record.postcodes.split()]
    return [*keys, f"grouping {record.grouping}"] if record.grouping else keys


def place_overseas(records: list[CommuneRecord], positions: Iterable[Row]) -> list[CommuneRecord]:
    """Give communes still without a position that of their code, else of their territory's chief town."""
    spots = {row["code"]: (float(row["lat"]), float(row["lon"])) for row in positions}
    placed = []
    for record in records:
        spot = spots.get(record.insee) or spots.get(record.insee[:3])
        if record.latitude is None and spot:
            source = "town-hall" if record.insee in spots else "chief-town"
            placed.append(replace(record, latitude=spot[0], longitude=spot[1], position_source=source))
        else:
            placed.append(record)
    return placed
