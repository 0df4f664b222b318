"""Say what is missing or misconfigured, and how to mend it."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from maillage.config.checkup import examine

_MARKS = {"ok": "  ok     ", "warning": "  look   ", "wrong": "  WRONG  "}


class Command(BaseCommand):
    help = "Say what is missing or misconfigured and how to mend it. Ends with 1 if something is wrong."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(examine())
        for finding in findings:
            if options["json"]:
                self.stdout.write(json.dumps(asdict(finding)))
                continue
            self.stdout.write(f"{_MARKS[finding.state]}{finding.what:<12} {finding.says}")
            if finding.mend:
                self.stdout.write(f"{'':<22} {finding.mend}")
        if any(finding.state == "wrong" for finding in findings):
            sys.exit(1)
