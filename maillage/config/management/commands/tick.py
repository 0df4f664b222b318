"""Run the timed jobs: each minute, those that are due."""

import logging
import time
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from maillage.core.schedule import Periodic, due_jobs, jobs

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Run the timed jobs every minute, for ever. Running it twice is harmless."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run every job once, now, and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            failed = [job.name for job in jobs() if not _run(job, timezone.now())]
            self.stdout.write(f"{len(jobs())} job(s) run, {len(failed)} failed")
            return
        while True:
            now = timezone.now()
            for job in due_jobs(int(now.timestamp() // 60)):
                _run(job, now)
            cache.set("tick", now.timestamp(), timeout=600)
            time.sleep(60 - time.time() % 60)


def _run(job: Periodic, now: datetime) -> bool:
    """Run one job; what it raises is logged, so that the next ones still run. Return whether it went well."""
    close_old_connections()
    try:
        job.run(now)
    except Exception:
        logger.exception("%s failed", job.name)
        return False
    return True
