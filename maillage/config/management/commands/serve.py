"""Serve pages, meetings, mails and timed jobs from one command."""

import subprocess
import sys
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Serve everything; with --alone only the web, the mail worker and `tick` being services of their own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--alone", action="store_true", help="without the mail worker and the timed jobs")
        parser.add_argument("--workers", type=int, default=1, help="web processes; more than one needs Redis")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["workers"] > 1 and not settings.REDIS_URL:
            self.stderr.write("Several web processes need MAILLAGE_REDIS_URL to share meetings.")
            sys.exit(1)
        companions = [] if options["alone"] else _start_companions()
        try:
            uvicorn.run(
                "maillage.config.asgi:application",
                host=options["host"],
                port=options["port"],
                workers=options["workers"],
                lifespan="off",
                log_level="warning",
                ws_max_size=256 * 1024,
                timeout_graceful_shutdown=3,
            )
        finally:
            for companion in companions:
                companion.terminate()
            for companion in companions:
                companion.wait(timeout=10)


def _start_companions() -> list[subprocess.Popen[bytes]]:
    maillage = [sys.executable, "-m", "maillage.config.cli"]
    worker = [*maillage, "db_worker", "--queue-name", "*", "--interval", "1"]
    return [subprocess.Popen(worker), subprocess.Popen([*maillage, "tick"])]
