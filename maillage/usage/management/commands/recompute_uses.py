"""Count all uses again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from maillage.usage.services import recompute_uses


class Command(BaseCommand):
    help = "Count every ended meeting again, after a change of factors. Running it twice is harmless."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{recompute_uses(timezone.now())} use(s) counted again")
