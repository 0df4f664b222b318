import gzip
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.territory.domain.files import Row, place_overseas, read_communes, read_rows
from maillage.territory.errors import UnreadableFile
from maillage.territory.services import Imported, import_communes, import_distances, import_islands

_COMPANIONS = {
    "iles-*.csv": [
        "ile",
        "port",
        "port_lat",
        "port_lon",
        "debarcadere_lat",
        "debarcadere_lon",
        "traversee_min",
        "source",
    ],
    "distances-routieres-*.csv": ["commune_1", "commune_2", "km", "minutes", "source"],
    "positions-*.csv": ["code", "lat", "lon", "source"],
}


class Command(BaseCommand):
    help = (
        "Load communes from a CSV (or .csv.gz), with the islands, known road distances and positions found beside it "
        "(iles-*.csv, distances-routieres-*.csv, positions-*.csv). Running it twice changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--region", default="", help="keep only the communes of this region's INSEE code")

    def handle(self, *args: Any, file: Path, region: str, **options: Any) -> None:
        try:
            done, distances = _load(file, region)
        except (UnreadableFile, OSError, ValueError) as refusal:
            reason = refusal.sentence() if isinstance(refusal, UnreadableFile) else str(refusal)
            raise CommandError(reason) from refusal
        self.stdout.write(
            f"{done.communes} communes, {done.groupings} groupings, {done.islands} islands, "
            f"{done.former_names} former names, {distances} known distances"
        )


def _load(file: Path, region: str) -> tuple[Imported, int]:
    lines = _text(file).splitlines()
    records = read_communes(lines, file.name)
    records = place_overseas(records, _companions(file, "positions-*.csv"))
    kept = [record for record in records if region in ("", record.region)]
    if not kept:
        raise UnreadableFile(file=file.name, reason=f"no commune of region {region}")
    import_islands(rows=_companions(file, "iles-*.csv"))
    done = import_communes(records=kept, source=file.name)
    distances = import_distances(rows=_companions(file, "distances-routieres-*.csv"), source=file.name)
    return done, distances


def _text(file: Path) -> str:
    raw = file.read_bytes()
    return (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8-sig")


def _companions(file: Path, pattern: str) -> list[Row]:
    return [
        row
        for companion in sorted(file.parent.glob(pattern))
        for row in read_rows(_text(companion).splitlines(), _COMPANIONS[pattern], companion.name)
    ]
