"""Write the configuration folder of a Janus server of this network."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from maillage.conference.gateways.janus_files import JanusPlace, write_files


def _range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdigit() and last.isdigit() and int(first) < int(last)):
        raise ValueError(text)
    return int(first), int(last)


class Command(BaseCommand):
    help = "Write the files that a Janus server reads, with the secrets of the settings. Then: janus -F FOLDER"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--name", default="bridge-1", help="as in MAILLAGE_BRIDGES_FILE")
        parser.add_argument("--address", required=True, help="address that media come from and go to; not loopback")
        parser.add_argument("--public-address", default="", help="seen from outside, if a router translates it")
        parser.add_argument("--listen", default="127.0.0.1", help="address of the two websockets below")
        parser.add_argument("--client-port", type=int, default=8188)
        parser.add_argument("--admin-port", type=int, default=7188)
        parser.add_argument("--rtp-ports", type=_range, default=(20000, 29999))
        parser.add_argument("--mix-ports", type=_range, default=(30000, 31999))
        parser.add_argument("--stream-ports", type=_range, default=(32000, 33999))

    def handle(self, *args: Any, **options: Any) -> None:
        missing = sorted(
            f"MAILLAGE_JANUS_{name.upper()}" for name, value in settings.JANUS_SECRETS.items() if not value
        )
        if missing:
            raise CommandError(f"Set {', '.join(missing)} first: long random texts.")
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = JanusPlace(
            name=options["name"],
            address=options["address"],
            public_address=options["public_address"],
            listen=options["listen"],
            client_port=options["client_port"],
            admin_port=options["admin_port"],
            rtp_ports=options["rtp_ports"],
            mix_ports=options["mix_ports"],
            stream_ports=options["stream_ports"],
            **settings.JANUS_SECRETS,
        )
        write_files(folder, place)
        self.stdout.write(f"{folder} is ready: janus -F {folder}")
