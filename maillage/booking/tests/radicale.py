"""A private Radicale server on a free port of loopback: the CalDAV server of the tests."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tooling.services import free_port, wait_for_port

USER, PASSWORD = "mairie", "mot de passe"


@contextmanager
def radicale(folder: Path) -> Iterator[str]:
    """Give the address of a new server, its data under `folder`, one user: USER with PASSWORD."""
    users, port = folder / "users", free_port()
    users.write_text(f"{USER}:{PASSWORD}\n")
    options = {
        "server-hosts": f"127.0.0.1:{port}",
        "storage-filesystem-folder": str(folder / "collections"),
        "auth-type": "htpasswd",
        "auth-htpasswd-filename": str(users),
        "auth-htpasswd-encryption": "plain",
        "auth-delay": "0",
    }
    command = [sys.executable, "-m", "radicale", "--config", ""]
    command += [part for name, value in options.items() for part in (f"--{name}", value)]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(timeout=10)
