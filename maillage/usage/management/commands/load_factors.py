"""Load the factors that the counting relies on."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from maillage.core.errors import DomainError
from maillage.usage.domain.factors import FactorsUnreadable
from maillage.usage.services import load_factors


class Command(BaseCommand):
    help = "Add the factors of this version, or of a file, with their sources. Running it twice is harmless."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="TOML, as maillage/usage/data/factors.toml")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = options["file"].read_text(encoding="utf-8") if options["file"] else None
            added = load_factors(text)
        except (OSError, FactorsUnreadable) as cause:
            raise CommandError(str(cause)) from cause
        except DomainError as refusal:
            raise CommandError(f"{refusal.sentence()} {refusal.advice()}") from refusal
        self.stdout.write(f"{added} factor(s) added; if figures are to follow, run recompute_uses")
