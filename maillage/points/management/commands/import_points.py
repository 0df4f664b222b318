from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.core.errors import DomainError
from maillage.points.domain.files import read_points
from maillage.points.services import import_points


class Command(BaseCommand):
    help = (
        "Load points and rooms from a CSV and from the details beside it (NAME-details.csv). "
        "They are demonstration data, to whose addresses nothing is sent, unless --live. Harmless to run twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--live", action="store_true", help="real points of today: their hosts may be written to")

    def handle(self, *args: Any, file: Path, live: bool, **options: Any) -> None:
        details = file.with_name(f"{file.stem}-details.csv")
        try:
            records = read_points(
                file.read_text("utf-8-sig").splitlines(), details.read_text("utf-8-sig").splitlines(), file.name
            )
            done = import_points(records=records, file=file.name, is_demonstration=not live)
        except (DomainError, OSError, UnicodeDecodeError) as refusal:
            reason = refusal.sentence() if isinstance(refusal, DomainError) else str(refusal)
            raise CommandError(reason) from refusal
        self.stdout.write(f"{done.points} points ({done.listed} shown), {done.rooms} rooms")
