"""Play a day of meetings for training: the desk sees troubles come and go."""

import time
from datetime import datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from maillage.concierge.domain.training import plan_day
from maillage.concierge.services.training import play_day
from maillage.points.models import Room


class Command(BaseCommand):
    help = "Play a day of meetings over simulated stations, some in trouble; say what the desk saw. Demonstration only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", default="", help="as in 2026-11-24; today by default")
        parser.add_argument("--meetings", type=int, default=40)
        parser.add_argument("--stations", type=int, default=25)
        parser.add_argument("--trouble", type=float, default=0.1, help="share of the meetings in trouble")
        parser.add_argument("--seed", type=int, default=1, help="the same seed plays the same day")
        parser.add_argument("--pause", type=float, default=0.0, help="seconds to wait after each minute of the day")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Set MAILLAGE_DEMO=1: an exercise never shares a real network's data.")
        zone = ZoneInfo(settings.TIME_ZONE)
        try:
            day = datetime.strptime(options["day"], "%Y-%m-%d").date() if options["day"] else datetime.now(zone).date()  # noqa: DTZ007
            rooms = list(Room.objects.bookable().select_related("point__commune").order_by("pk")[: options["stations"]])
            plan = plan_day(
                meetings=options["meetings"],
                rooms=len(rooms),
                share=options["trouble"],
                chance=Random(options["seed"]),  # noqa: S311  (an exercise, to be played again)
            )
        except ValueError as wrong:
            raise CommandError(str(wrong)) from wrong
        report = play_day(plan=plan, rooms=rooms, day=day, zone=zone, pause=lambda: time.sleep(options["pause"]))
        missed = ", ".join(report.missed) or "none"
        self.stdout.write(
            f"{report.done} of {report.meetings} meetings held; {report.troubles} in trouble, "
            f"the slowest on the desk after {report.slowest.total_seconds():.0f} s; missed: {missed}"
        )
        if not report.is_well:
            raise CommandError("The desk missed something: see above.")
