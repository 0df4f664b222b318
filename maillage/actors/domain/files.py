"""Read a file of the ways to call organisations. Text in, records out."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from maillage.actors.domain.addresses import called_at
from maillage.actors.errors import WaysUnreadable
from maillage.core.errors import DomainError

COLUMNS: Final = ("organisme", "nature", "code_insee", "moyen", "adresse", "note", "source", "date")
DIRECT: Final = "appel_direct"
"""Optional: « oui » where they agree to be rung from a room without notice."""
_WAYS: Final = {"terminal": "sip", "lien": "browser", "telephone": "phone"}


@dataclass(frozen=True, slots=True)
class WayRecord:
    """One way to call an organisation. `insee` is empty if the file does not tell its commune."""

    organisation: str
    nature: str
    insee: str
    kind: str
    address: str
    note: str
    source: str
    checked_on: date | None
    answers_rooms: bool = False


def read_ways(lines: Iterable[str], file: str) -> list[WayRecord]:
    """Return the ways of a file. Raises WaysUnreadable, naming the line."""
    reader = csv.DictReader(lines)
    if missing := set(COLUMNS) - set(reader.fieldnames or ()):
        raise WaysUnreadable(file=file, line=1, reason=f"no column {', '.join(sorted(missing))}")
    return [_record(row, number, file) for number, row in enumerate(reader, start=2)]


def _record(row: dict[str, str], number: int, file: str) -> WayRecord:
    told = {column: (row[column] or "").strip() for column in COLUMNS}
    if not told["organisme"] or told["moyen"] not in _WAYS:
        ways = ", ".join(_WAYS)
        raise WaysUnreadable(file=file, line=number, reason=f"an organisation and one of {ways} are needed")
    kind = _WAYS[told["moyen"]]
    try:
        address = called_at(kind, told["adresse"])
        checked_on = date.fromisoformat(told["date"]) if told["date"] else None
    except (DomainError, ValueError) as fault:
        reason = fault.sentence() if isinstance(fault, DomainError) else str(fault)
        raise WaysUnreadable(file=file, line=number, reason=reason) from fault
    return WayRecord(
        told["organisme"], told["nature"], told["code_insee"], kind, address, told["note"], told["source"], checked_on,
        answers_rooms=(row.get(DIRECT) or "").strip().lower() == "oui",
    )  # fmt: skip
