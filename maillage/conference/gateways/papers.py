"""The documents of meetings on disk, and the pictures of their pages.

A PDF of unknown origin is opened only by `pdf_worker`, a process of its own with little memory, little time and none
of our secrets; the PDF itself never leaves. Pages are drawn when they are looked at, the next ones with them.
"""

import contextlib
import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from maillage.conference.errors import DocumentRefused

logger = logging.getLogger(__name__)
AHEAD = 2
"""Pages drawn after the one asked for."""
TIMEOUT = 30.0
_drawing = threading.Lock()
"""One worker at a time in each process: drawing must not take the machine from the meetings."""


def _folder(name: UUID) -> Path:
    return Path(settings.PRIVATE_FILES) / "documents" / name.hex


def _run(*arguments: str) -> str:
    """Run the worker and return what it printed. Raises DocumentRefused if it failed, whatever the reason."""
    command = [sys.executable, "-P", "-m", "maillage.conference.gateways.pdf_worker", *arguments]
    bare = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}
    try:
        done = subprocess.run(
            command, env=bare, cwd="/", capture_output=True, text=True, timeout=TIMEOUT, check=True,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (subprocess.SubprocessError, OSError) as failure:
        reason = getattr(failure, "stderr", "") or type(failure).__name__
        logger.info("a document was not opened: %s", str(reason).strip()[-200:])
        raise DocumentRefused from failure
    return done.stdout


def count_pages(content: Path) -> int:
    """Return how many pages a PDF has. Raises DocumentRefused."""
    printed = _run("count", str(content))
    return int(printed)


@contextlib.contextmanager
def received(chunks: Iterator[bytes], name: UUID) -> Iterator[Path]:
    """Write what comes into the folder of a document; forget it if the block fails."""
    folder = _folder(name)
    folder.mkdir(parents=True, mode=0o700)
    try:
        content = folder / "document.pdf"
        with content.open("wb") as target:
            for chunk in chunks:
                target.write(chunk)
        yield content
    except BaseException:
        erase(name)
        raise


def erase(name: UUID) -> None:
    """Remove a document and its pictures; harmless if they are gone."""
    shutil.rmtree(_folder(name), ignore_errors=True)


def erase_strays(kept: frozenset[str], before: float) -> int:
    """Remove the folders last written `before` (seconds since the epoch) of documents nobody knows; return how many."""
    root = Path(settings.PRIVATE_FILES) / "documents"
    strays = [folder for folder in root.glob("*") if folder.name not in kept and folder.stat().st_mtime < before]
    for folder in strays:
        shutil.rmtree(folder, ignore_errors=True)
    return len(strays)


def picture_of(name: UUID, page: int, pages: int) -> Path:
    """Return the picture of a page, drawn if nobody looked at it yet. Raises DocumentRefused."""
    folder = _folder(name)
    picture = folder / f"{page}.webp"
    if picture.exists():
        return picture
    with _drawing:
        if not picture.exists():
            _run("draw", str(folder / "document.pdf"), str(folder), str(page), str(min(page + AHEAD, pages)))
    return picture
