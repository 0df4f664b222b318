"""Read a file of points, and the file of details beside it, into plain records. Text in, records out.

The second file holds what the first says in free remarks, and the assumptions made where it says nothing. Its line `*`
holds for every point, a line such as `BM-*` for those whose number begins so, a number for one point; the closest wins.
Two lines of the same number are two rooms.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from maillage.points.domain.hours import parse_hours
from maillage.territory.domain.files import Row, read_rows
from maillage.territory.errors import UnreadableFile

_COLUMNS: Final = ("numero", "nom", "categorie", "adresse", "code_insee", "lat", "lon", "source")
_TRUTHS: Final[Mapping[str, bool | None]] = {"oui": True, "non": False, "": None}


@dataclass(frozen=True, slots=True)
class RoomRecord:
    """One room of a point of the file."""

    name: str
    capacity: int
    capacity_is_assumed: bool
    equipment: tuple[str, ...]
    equipment_is_assumed: bool
    notice_minutes: int


@dataclass(frozen=True, slots=True)
class PointRecord:
    """One point of the file, its details merged. `since` is None where no date is told."""

    reference: str
    name: str
    category: str
    insee: str
    address: str
    latitude: float
    longitude: float
    position_accuracy: str
    phone: str
    email: str
    website: str
    presentation: str
    access: str
    hours: str
    hours_are_assumed: bool
    request_hours: str
    audience: str
    status: str
    since: date | None
    precision: str
    status_note: str
    is_listed: bool
    has_step_free_entrance: bool | None
    has_parking: bool | None
    has_staff_on_site: bool | None
    source: str
    source_date: date | None
    rooms: tuple[RoomRecord, ...]


def read_points(lines: Iterable[str], details: Iterable[str], file: str) -> list[PointRecord]:
    """Return the points of a file. Raises UnreadableFile, naming the point, if one cannot be right."""
    extra = read_rows(details, ["numero", "salle", "capacite", "horaires"], f"details of {file}")
    records = []
    for row in read_rows(lines, _COLUMNS, file):
        try:
            records.append(_point(row, _details_of(row["numero"], extra)))
        except (ValueError, KeyError) as fault:
            raise UnreadableFile(file=file, reason=f"point {row['numero']}: {fault}") from fault
    return records


def _details_of(number: str, extra: Sequence[Row]) -> list[Row]:
    """Return one merged row per room of a point."""
    general: dict[str, str] = {}
    patterns = sorted((row for row in extra if row["numero"].endswith("*")), key=lambda row: len(row["numero"]))
    for row in patterns:
        if number.startswith(row["numero"][:-1]):
            general |= _told(row)
    own = [row for row in extra if row["numero"] == number]
    shared = {key: value for row in own for key, value in _told(row).items() if key in {"acces"}}
    return [{**general, **shared, **_told(row)} for row in own] or [general]


def _told(row: Row) -> dict[str, str]:
    return {key: value for key, value in row.items() if value}


def _point(row: Row, details: Sequence[Row]) -> PointRecord:
    told = details[0]
    hours = told["horaires"]
    parse_hours(hours)
    return PointRecord(
        reference=row["numero"],
        name=row["nom"],
        category=row["categorie"],
        insee=row["code_insee"],
        address=", ".join(part for part in (row["adresse"], row.get("commune_2026") or "") if part),
        latitude=float(row["lat"]),
        longitude=float(row["lon"]),
        position_accuracy=row.get("precision_position") or "",
        phone=row.get("telephone") or "",
        email=row.get("courriel_institutionnel") or "",
        website=_address(row.get("site_web") or ""),
        presentation=row.get("remarque") or "",
        access=" ".join(_sentence(part) for part in (row.get("lieu_visio") or "", told.get("acces", "")) if part),
        hours=hours,
        hours_are_assumed=told.get("horaires_supposes") == "oui",
        request_hours=_readable(told.get("horaires_sur_demande", "")),
        audience=told["public"],
        status=told["statut"],
        since=_day(told.get("depuis", "")),
        precision=told.get("precision", "day"),
        status_note=told.get("note_statut", ""),
        is_listed=told.get("liste") != "non",
        has_step_free_entrance=_TRUTHS[told.get("plain_pied", "")],
        has_parking=_TRUTHS[told.get("parking", "")],
        has_staff_on_site=_TRUTHS[told.get("agent_sur_place", "")],
        source=told.get("source") or row["source"],
        source_date=_day(told.get("source_date", "")),
        rooms=tuple(_room(detail) for detail in details),
    )


def _room(told: Row) -> RoomRecord:
    return RoomRecord(
        name=told["salle"],
        capacity=int(told["capacite"]),
        capacity_is_assumed=told.get("capacite_supposee") == "oui",
        equipment=tuple(told.get("equipement", "").split()),
        equipment_is_assumed=told.get("equipement_suppose") == "oui",
        notice_minutes=int(told.get("preavis_min", "5")),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _readable(hours: str) -> str:
    """Return hours that may be empty. Raises HoursUnreadable."""
    if hours:
        parse_hours(hours)
    return hours


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _address(website: str) -> str:
    return website if not website or "://" in website else f"http://{website}"
