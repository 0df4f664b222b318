from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.actors.domain.files import read_ways
from maillage.actors.services import import_ways
from maillage.core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Load from a CSV which organisations can be called, and how (terminal, guest link, telephone). "
        "Examples of a demonstration unless --live. Harmless to run twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--live", action="store_true", help="real organisations, that answer")

    def handle(self, *args: Any, file: Path, live: bool, **options: Any) -> None:
        try:
            records = read_ways(file.read_text("utf-8-sig").splitlines(), file.name)
            added = import_ways(records=records, file=file.name, is_demonstration=not live)
        except (DomainError, OSError, UnicodeDecodeError) as refusal:
            reason = refusal.sentence() if isinstance(refusal, DomainError) else str(refusal)
            raise CommandError(reason) from refusal
        self.stdout.write(f"{len(records)} ways to call, {added} new")
