"""Load the demonstration network and serve it: the first command of a newcomer."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from maillage.accounts.models import User
from maillage.booking.services.keys import add_key
from maillage.points.models import Point, Room
from maillage.territory.models import Commune

AGENT = "agent@demonstration.invalid"
_KEYS = 3


class Command(BaseCommand):
    help = "Load the Brittany network of 2015 from demo/ and serve it. Running it twice is harmless."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, default=Path("demo"), help="folder of the demonstration data")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--load-only", action="store_true", help="do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Set MAILLAGE_DEMO=1: a demonstration never shares a real network's data.")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self._load(options["data"])
        if options["load_only"]:
            return
        self.stdout.write(
            f"\n  Maillage: http://localhost:{options['port']}\n"
            f"  Mails sent: http://localhost:{options['port']}/demo/courrier (nothing leaves this computer)\n"
            f"  Administration: sign in as {AGENT}; the code comes to that page.\n"
            "  Ctrl-C stops it.\n"
        )
        call_command("serve", host=options["host"], port=options["port"])

    def _load(self, data: Path) -> None:
        if not data.is_dir():
            raise CommandError(f"There is no folder {data}: give the demonstration data with --data.")
        if Commune.objects.count() < 30_000:
            self.stdout.write("Loading the communes of France…")
            call_command("import_communes", data / "communes-france.csv.gz")
            call_command("import_communes", data / "communes-bretagne.csv")
        if not Point.objects.exists():
            self.stdout.write("Loading the points of Brittany in 2015…")
            call_command("import_points", data / "points-bretagne-2015.csv")
            self._hang_keys()
        if (counterparts := data / "counterparts-example.csv").exists():
            call_command("import_counterparts", counterparts)
        call_command("load_factors")
        call_command("load_history", data / "usage-2013-2015.csv")
        if not User.objects.filter(email=AGENT).exists():
            User.objects.create_superuser(AGENT, full_name="Agent de démonstration")

    @staticmethod
    def _hang_keys() -> None:
        """Give a few rooms a key, so that the page of keys has something to lend."""
        for room in Room.objects.filter(is_active=True).order_by("point__name", "pk")[:_KEYS]:
            add_key(room_id=room.pk, label="1", through="command")
