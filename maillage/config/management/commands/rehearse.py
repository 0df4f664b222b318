"""A full rehearsal of the installed software: the smoke test after each upgrade."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from maillage.config.rehearsal.network import prepare_network
from maillage.points.models import Point

try:
    from maillage.config.rehearsal.steps import rehearse
except ModuleNotFoundError as missing:  # Playwright is an optional part of the installation
    if missing.name != "playwright":
        raise
    rehearse = None  # type: ignore[assignment]


class Command(BaseCommand):
    help = "Search, book, hold a meeting between two simulated sites and check that it is counted, on data of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument("--prepare", action="store_true", help="only create the two points, in an empty database")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["prepare"]:
            if Point.objects.exclude(slug__startswith="repetition-").exists():
                raise CommandError("This database has a network: a rehearsal prepares its own.")
            prepare_network()
            return
        if rehearse is None:
            raise CommandError("Playwright is missing: pip install 'maillage[rehearsal]'")
        held = True
        for outcome in rehearse():
            held = held and outcome.ok
            if options["json"]:
                self.stdout.write(json.dumps(asdict(outcome), ensure_ascii=False))
            else:
                mark = "ok   " if outcome.ok else "FAILED"
                self.stdout.write(f"  {mark} {outcome.seconds:6.2f} s  {outcome.step}: {outcome.seen}")
        if not held:
            sys.exit(1)
