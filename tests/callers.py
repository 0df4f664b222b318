"""A whole network with a bridge and its gateway: browsers and terminals meet there."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from maillage.config.private_server import PrivateServer, private_server
from maillage.config.rehearsal.browsers import until
from tooling import media

_CODE = """
from maillage.booking.models import Party
from maillage.conference.services import dial_code_of
print(dial_code_of(booking_id=Party.objects.get(pk={party}).booking_id))
"""


@dataclass
class House:
    """A whole network: pages, one bridge that may record, the gateway of terminals."""

    server: PrivateServer
    bridge: media.PrivateJanus
    sip_address: str

    def ask(self, script: str, **values: int | str) -> str:
        """Return the last line that a script prints on this server's data."""
        return self.server.run("shell", "-v", "0", "-c", script.format(**values)).strip().splitlines()[-1]

    def dial(self, terminal: media.PrivateTerminal, code: str) -> None:
        """Have a terminal call the meeting of `code`."""
        terminal.command("dial", f"sip:{code}@{self.sip_address}")

    def code_of(self, party: int) -> str:
        """Return the six digits of the meeting of a party."""
        return self.ask(_CODE, party=party)

    @property
    def taken(self) -> int:
        """Bytes of sound and picture that the bridge has written."""
        return sum(path.stat().st_size for path in (self.bridge.folder / "films").rglob("*.mjr"))


@contextlib.contextmanager
def network(folder: Path) -> Iterator[House]:
    """Start all of it; `folder` keeps the log of the gateway. Needs Redis: the gateway is a process of its own."""
    with ExitStack() as stack:
        bridge = stack.enter_context(media.janus())
        first, last = media.free_range(60)
        address = f"{media.machine_address()}:{media.free_range(2)[0]}"
        server = stack.enter_context(
            private_server(
                door_opens_minutes="30",
                bridges_file=str(media.bridges_file(folder, [bridge])),
                redis_url=os.environ["MAILLAGE_REDIS_URL"],
                recording="1",
                janus_recordings=str(bridge.folder / "films"),
                sip_address=address,
                sip_media_ports=f"{first}-{last}",
            )
        )
        server.start()
        with (folder / "gateway.log").open("wb") as log:
            command = [sys.executable, "-m", "maillage.config.cli", "bridge"]
            gateway = subprocess.Popen(command, env=dict(server.environment), stdout=log, stderr=log)
        stack.callback(gateway.wait, 10)
        stack.callback(gateway.terminate)
        assert until(lambda: b"Terminals call" in (folder / "gateway.log").read_bytes(), seconds=60)
        yield House(server, bridge, address)
