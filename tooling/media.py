"""Private Janus, coturn and baresip for tests and benchmarks, each on free ports and stopped at the end."""

import contextlib
import json
import os
import pwd
import random
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maillage.conference.gateways.janus_files import JanusPlace, write_files
from tooling.services import ROOT, free_port, process, program, wait_for_port


def machine_address() -> str:
    """Return an address of this machine that is not loopback: Janus offers no other. Loopback if there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        with contextlib.suppress(OSError):
            probe.connect(("192.0.2.1", 9))  # reserved for documentation; a datagram socket sends nothing here
        address: str = probe.getsockname()[0]
        return "127.0.0.1" if address == "0.0.0.0" else address


def free_range(width: int) -> tuple[int, int]:
    """Return the first and last of `width` datagram ports, the first even, all free at this moment."""
    for _attempt in range(200):
        first = random.randrange(20_000, 59_000 - width, 2)
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            for port in range(first, first + width):
                held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).bind(("0.0.0.0", port))
            return first, first + width - 1
    raise OSError(f"no {width} free ports in a row")


def _nobody() -> tuple[int, int] | None:
    if os.getuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


@contextlib.contextmanager
def media_folder() -> Iterator[Path]:
    """Give a folder that the unprivileged media servers own and may reach."""
    base = ROOT / ".run"
    base.mkdir(exist_ok=True)
    owner = _nobody()
    closed = owner and any(not parent.stat().st_mode & 0o001 for parent in [base, *base.parents])
    folder = Path(tempfile.mkdtemp(prefix="media-", dir=None if closed else base))
    try:
        if owner:
            os.chown(folder, *owner)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class PrivateJanus:
    """A Janus of our own. `kill` ends it as a crash would; `start` runs it again on the same ports."""

    place: JanusPlace
    folder: Path
    running: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    server: "subprocess.Popen[bytes] | None" = None

    @property
    def client_url(self) -> str:
        """Where browsers and the SIP gateway speak to it."""
        return f"ws://127.0.0.1:{self.place.client_port}"

    @property
    def admin_url(self) -> str:
        """Where Django speaks to it."""
        return f"ws://127.0.0.1:{self.place.admin_port}"

    def start(self) -> None:
        """Run it and return once it answers."""
        command = [program("janus", "janus"), "-F", str(self.folder), "-o"]
        log = self.folder / "janus.log"
        self.server = self.running.enter_context(process(command, self.place.client_port, log, owner=_nobody()))
        wait_for_port(self.place.admin_port)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        assert self.server
        self.server.kill()
        self.server.wait()


@contextlib.contextmanager
def janus(name: str = "bridge-1") -> Iterator[PrivateJanus]:
    """Start a private Janus as an unprivileged user; stop it at the end."""
    with media_folder() as folder:
        place = JanusPlace(
            name=name,
            address=machine_address(),
            client_port=free_port(),
            admin_port=free_port(),
            rtp_ports=free_range(400),
            mix_ports=free_range(100),
            stream_ports=free_range(100),
            admin_secret=secrets.token_hex(8),
            token_secret=secrets.token_hex(8),
            plugin_key=secrets.token_hex(8),
        )
        write_files(folder, place)
        server = PrivateJanus(place, folder)
        with server.running:
            server.start()
            yield server


def bridges_file(folder: Path, servers: Sequence[PrivateJanus]) -> Path:
    """Write into `folder` the description of `servers` that MAILLAGE_BRIDGES_FILE names; return where."""
    blocks = []
    for server in servers:
        place = server.place
        values = {
            "name": place.name,
            "client_url": server.client_url,
            "admin_url": server.admin_url,
            "media_address": place.address,
            "admin_secret": place.admin_secret,
            "token_secret": place.token_secret,
            "plugin_key": place.plugin_key,
        }
        blocks.append("\n".join(["[[janus]]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())]))
    path = folder / "bridges.toml"
    path.write_text("\n\n".join(blocks))
    return path


@dataclass(frozen=True)
class PrivateTurn:
    """A TURN server of our own and the secret that signs its credentials."""

    url: str
    secret: str


@contextlib.contextmanager
def coturn() -> Iterator[PrivateTurn]:
    """Start a private coturn; stop it at the end."""
    with media_folder() as folder:
        address, port, secret = machine_address(), free_port(), secrets.token_hex(8)
        low, high = free_range(100)
        lines = [
            f"listening-ip={address}",
            "listening-ip=127.0.0.1",
            f"listening-port={port}",
            f"relay-ip={address}",
            f"min-port={low}",
            f"max-port={high}",
            "use-auth-secret",
            f"static-auth-secret={secret}",
            "realm=maillage.test",
            "fingerprint",
            "no-tls",
            "no-dtls",
            "no-cli",
            "simple-log",
            "log-file=stdout",
            f"pidfile={folder}/turn.pid",
            f"userdb={folder}/turndb",
        ]
        (folder / "turn.conf").write_text("\n".join(lines))
        command = [program("turnserver", "coturn"), "-c", str(folder / "turn.conf")]
        with process(command, port, folder / "turn.log", owner=_nobody()):
            yield PrivateTurn(f"turn:{address}:{port}?transport=udp", secret)


BARESIP_MODULES = ["g711", "opus", "ausine", "aubridge", "sndfile", "avcodec", "avformat", "fakevideo", "swscale"]
BARESIP_APPLICATIONS = ["account", "menu", "ctrl_tcp", "debug_cmd"]


@dataclass
class PrivateTerminal:
    """A baresip of our own: a SIP terminal that hums a tone, shows a picture and records what it hears."""

    uri: str
    folder: Path
    control_port: int

    def command(self, name: str, parameters: str = "") -> dict[str, Any]:
        """Send one command; return its answer."""
        request = json.dumps({"command": name, "params": parameters, "token": "t"}).encode()
        with socket.create_connection(("127.0.0.1", self.control_port), timeout=10) as control:
            control.sendall(b"%d:%s," % (len(request), request))
            received = b""
            while chunk := control.recv(65536):
                received += chunk
                for message in _netstrings(received):
                    if message.get("response"):
                        return message
        raise ConnectionError(f"baresip did not answer {name}")

    def log(self) -> str:
        """Return what it has printed so far."""
        return (self.folder / "baresip.log").read_text(errors="replace")

    def heard(self) -> Path:
        """Return the recording of what it has heard."""
        return next(iter(sorted(self.folder.glob("dump-*-dec.wav"))))

    def wait_for(self, text: str, *, seconds: float = 10) -> None:
        """Return once `text` is in its log. Raises TimeoutError with the end of the log."""
        limit = time.monotonic() + seconds
        while text not in self.log():
            if time.monotonic() > limit:
                raise TimeoutError(f"no {text!r} from baresip in {seconds} s: {self.log()[-2000:]}")
            time.sleep(0.05)


def _netstrings(data: bytes) -> Iterator[dict[str, Any]]:
    while b":" in data:
        size, _, rest = data.partition(b":")
        if not size.isdigit() or len(rest) <= int(size):
            return
        yield json.loads(rest[: int(size)])
        data = rest[int(size) + 1 :]


@contextlib.contextmanager
def terminal(
    *, audio: str = "opus/48000/2,PCMA/8000/1", video: bool = True, tone_hz: int = 440, account: str = ""
) -> Iterator[PrivateTerminal]:
    """Start a private baresip that answers by itself; stop it at the end. `account` adds parameters to its account."""
    with media_folder() as folder:
        address, control = machine_address(), free_port()
        sip_port, (low, high) = free_range(2)[0], free_range(40)
        uri = f"sip:salle@{address}:{sip_port}"
        lines = [
            f"sip_listen {address}:{sip_port}",
            f"rtp_ports {low}-{high}",
            "module_path /usr/lib/baresip/modules",
            *(f"module {name}.so" for name in BARESIP_MODULES),
            *(f"module_app {name}.so" for name in BARESIP_APPLICATIONS),
            f"ctrl_tcp_listen 127.0.0.1:{control}",
            f"audio_source ausine,{tone_hz}",
            "audio_player aubridge,nil",
            "ausrc_srate 48000",
            "ausrc_channels 2",
            f"snd_path {folder}/",
            "video_source fakevideo,nil",
            "video_display fakevideo,nil",
            "video_size 640x360",
            "video_fps 15",
            "avcodec_h264enc libx264",
        ]
        (folder / "config").write_text("\n".join(lines) + "\n")
        codecs = f"audio_codecs={audio}" + (";video_codecs=H264" if video else "")
        (folder / "accounts").write_text(f"<{uri}>;regint=0;answermode=auto;{codecs}{account}\n")
        (folder / "contacts").write_text("")
        command = [program("baresip", "baresip-core"), "-4", "-f", str(folder)]
        with process(command, control, folder / "baresip.log", owner=_nobody()):
            yield PrivateTerminal(uri, folder, control)
