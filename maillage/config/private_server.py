"""A whole Maillage of its own for a moment: own folder, own port, own workers. For rehearsals and browser tests."""

import atexit
import contextlib
import functools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_COMMAND = [sys.executable, "-m", "maillage.config.cli"]


class ServerFailed(Exception):
    """The private server did not start, or a command on it failed; the text ends with what it printed."""


def free_port() -> int:
    """Return a TCP port that nobody listens to on loopback at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class PrivateServer:
    """A running server. `url` has no slash at its end; `data` holds its database, static files and log."""

    url: str
    data: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str) -> str:
        """Run `maillage ARGUMENTS` on this server's data; return what it printed. Raises ServerFailed."""
        done = subprocess.run(
            [*_COMMAND, *arguments], env=dict(self.environment), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ServerFailed(f"maillage {' '.join(arguments)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout

    def start(self) -> None:
        """Serve, and return once it answers. Raises ServerFailed after 40 s."""
        port = self.url.rpartition(":")[2]
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*_COMMAND, "serve", "--port", port], env=dict(self.environment), stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        limit = time.monotonic() + 40
        while time.monotonic() < limit and self.process.poll() is None:
            if _answers(f"{self.url}/sante"):
                return
            time.sleep(0.1)
        self.stop()
        raise ServerFailed(f"the server does not answer on {self.url}:\n{self.log()[-4000:]}")

    def stop(self, *, at_once: bool = False) -> None:
        """Stop serving, politely or as a power cut would; `start` may follow."""
        if self.process is None or self.process.poll() is not None:
            return
        os.killpg(self.process.pid, signal.SIGKILL if at_once else signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def log(self) -> str:
        """Return what the server has printed so far."""
        path = self.data / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""


def _answers(url: str) -> bool:
    """Tell whether a server answers at `url`, whatever it says."""
    try:
        urllib.request.urlopen(url, timeout=2).close()  # noqa: S310  (our own address)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@contextlib.contextmanager
def private_server(**settings: str) -> Iterator[PrivateServer]:
    """Give a migrated server that is not started yet; remove all of it at the end.

    settings: MAILLAGE_* settings that replace the present ones, without their prefix and in lower case.
    """
    server = _at(Path(tempfile.mkdtemp(prefix="maillage-")), settings)
    try:
        shutil.copytree(_made_ready(), server.data, dirs_exist_ok=True, ignore=shutil.ignore_patterns("secret_key"))
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.data, ignore_errors=True)


def _at(data: Path, settings: Mapping[str, str]) -> PrivateServer:
    """Describe a server that keeps all it has in `data`, on a free port, deaf to the settings of this process."""
    port = free_port()
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MAILLAGE_", "DJANGO_"))}
    environment = {
        **kept,
        "MAILLAGE_DATA": str(data),
        "MAILLAGE_DEMO": "1",
        "MAILLAGE_BASE_URL": f"http://127.0.0.1:{port}",
        "MAILLAGE_THROTTLE": "0",
        "PYTHONUNBUFFERED": "1",
        **{f"MAILLAGE_{name.upper()}": value for name, value in settings.items()},
    }
    return PrivateServer(url=f"http://127.0.0.1:{port}", data=data, environment=environment)


@functools.cache
def _made_ready() -> Path:
    """Make the empty database and the static files once for all servers of this process: the slowest of a start."""
    data = Path(tempfile.mkdtemp(prefix="maillage-ready-"))
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    ready = _at(data, {})
    ready.run("migrate", "--verbosity", "0")
    ready.run("collectstatic", "--noinput", "--verbosity", "0")
    return data
