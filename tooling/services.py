"""Run a command with a private PostgreSQL and Redis on free ports, stopped at its end.

    python -m tooling.services [--forgetful] COMMAND [ARGUMENT ...]

The command finds them in MAILLAGE_DATABASE_URL and MAILLAGE_REDIS_URL. Data live under .run/ and go with the run.
Forgetful, PostgreSQL waits for no disk: tests need none, benchmarks do.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class PartMissing(Exception):
    """A program that the tests need is not installed."""


def free_port() -> int:
    """Return a TCP port that nobody listens to on loopback at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, *, seconds: float = 20) -> None:
    """Return once something listens on `port`. Raises TimeoutError after `seconds`."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port} after {seconds} s")


def program(name: str, package: str) -> str:
    """Return the path of the program `name`. Raises PartMissing, naming the Debian package that holds it."""
    found = shutil.which(name) or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None)
    if not found:
        raise PartMissing(f"{name} is missing: sudo apt-get install --no-install-recommends {package}")
    return found


def _as_postgres() -> tuple[int, int] | None:
    """Return the user and group PostgreSQL must run as: it refuses root."""
    if os.getuid() != 0:
        return None
    entry = pwd.getpwnam("postgres")
    return entry.pw_uid, entry.pw_gid


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder under .run/, or under /tmp where PostgreSQL's user may not enter the checkout."""
    base = ROOT / ".run"
    base.mkdir(exist_ok=True)
    owner = _as_postgres()
    closed = owner and any(not parent.stat().st_mode & 0o001 for parent in [base, *base.parents])
    folder = Path(tempfile.mkdtemp(prefix="services-", dir=None if closed else base))
    try:
        if owner:
            os.chown(folder, *owner)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def process(
    command: list[str], port: int, log: Path, *, owner: tuple[int, int] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server until the end of the block; give it once it listens on `port`. `owner` is its user and group."""
    user, group = owner or (None, None)
    with log.open("wb") as output:
        running = subprocess.Popen(
            command, stdout=output, stderr=output, user=user, group=group, extra_groups=[] if owner else None
        )
    try:
        wait_for_port(port)
        yield running
    finally:
        running.terminate()
        try:
            running.wait(timeout=15)
        except subprocess.TimeoutExpired:
            running.kill()


@contextlib.contextmanager
def postgresql(folder: Path, *, is_forgetful: bool = False) -> Iterator[str]:
    """Start a private PostgreSQL; give its address for MAILLAGE_DATABASE_URL."""
    initdb, server = program("initdb", "postgresql"), program("postgres", "postgresql")
    owner, port, data = _as_postgres(), free_port(), folder / "postgresql"
    user, group = owner or (None, None)
    subprocess.run(
        [initdb, "-D", str(data), "-A", "trust", "-U", "maillage", "-E", "UTF8", "--no-sync"],
        check=True,
        capture_output=True,
        user=user,
        group=group,
        extra_groups=[] if owner else None,
    )
    command = [server, "-D", str(data), "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
    command += ["-c", "max_connections=200"]
    if is_forgetful:
        command += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    with process(command, port, folder / "postgresql.log", owner=owner):
        address = f"postgres://maillage@127.0.0.1:{port}"
        psql = program("psql", "postgresql-client")
        for _attempt in range(100):  # the port opens a moment before the server answers
            made = subprocess.run(
                [psql, f"{address}/postgres", "-qc", "create database maillage"], capture_output=True, check=False
            )
            if made.returncode == 0:
                break
            time.sleep(0.1)
        else:
            raise RuntimeError(f"PostgreSQL does not answer: {made.stderr.decode()}")
        yield f"{address}/maillage"


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Start a private Redis that keeps nothing on disk; give its address for MAILLAGE_REDIS_URL."""
    port = free_port()
    command = [
        program("redis-server", "redis-server"),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    with process(command, port, folder / "redis.log"):
        yield f"redis://127.0.0.1:{port}/0"


def main(arguments: list[str]) -> int:
    """Run the command of `arguments` among its services; return its exit code."""
    is_forgetful = arguments[:1] == ["--forgetful"]
    with contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(_folder())
            address = stack.enter_context(postgresql(folder, is_forgetful=is_forgetful))
            cache = stack.enter_context(redis(folder))
        except PartMissing as missing:
            print(missing, file=sys.stderr)
            return 1
        environment = {**os.environ, "MAILLAGE_DATABASE_URL": address, "MAILLAGE_REDIS_URL": cache}
        return subprocess.run(arguments[is_forgetful:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
