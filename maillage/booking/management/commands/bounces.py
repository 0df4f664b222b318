"""Letters that came back, from a mail server's pipe or from a mailbox."""

import mailbox
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from maillage.booking.domain.bounces import MOST_BYTES
from maillage.booking.errors.bounces import BounceRefused
from maillage.booking.services.bounces import read_maildir, read_mbox, take_report


class Command(BaseCommand):
    help = "Mark the letters that came back: one report from the standard input, or all those of a mailbox."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--maildir", type=Path, help="read the new messages of this Maildir")
        parser.add_argument("--mbox", type=Path, help="read this mbox file, left as it is")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            if options["maildir"]:
                count = read_maildir(options["maildir"], now=now)
            elif options["mbox"]:
                count = read_mbox(options["mbox"], now=now)
            else:
                take_report(sys.stdin.buffer.read(MOST_BYTES + 1), now=now)
                count = 1
        except BounceRefused as refused:
            raise CommandError(f"{refused.code}: {refused.sentence()}") from refused
        except (OSError, mailbox.Error) as unreadable:
            raise CommandError(f"cannot be read: {unreadable}") from unreadable
        self.stdout.write(f"{count} letter(s) came back")
