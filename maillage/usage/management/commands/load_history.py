"""Load counts of the past."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from maillage.core.errors import DomainError
from maillage.usage.services import load_disagreements, load_history


class Command(BaseCommand):
    help = (
        "Load past counts from a CSV, with the titles of their documents (NAME-sources.csv) and what does not agree "
        "(NAME-disagreements.csv) if these files are beside it. Running it twice is harmless."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, as demo/usage-2013-2015.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        table = Path(options["file"])
        try:
            with transaction.atomic():
                counts = load_history(table.read_text(encoding="utf-8"), _beside(table, "sources"))
                disagreements = _beside(table, "disagreements")
                known = load_disagreements(disagreements) if disagreements else 0
        except OSError as cause:
            raise CommandError(str(cause)) from cause
        except DomainError as refusal:
            raise CommandError(f"{refusal.sentence()} {refusal.advice()}") from refusal
        self.stdout.write(f"{counts} count(s) and {known} disagreement(s) loaded")


def _beside(table: Path, what: str) -> str:
    """Return the text of NAME-`what`.csv beside NAME.csv, empty if there is none."""
    file = table.with_name(f"{table.stem}-{what}.csv")
    return file.read_text(encoding="utf-8") if file.exists() else ""
