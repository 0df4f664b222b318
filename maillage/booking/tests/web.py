"""A real HTTP server on loopback for the tests of calendars: what it answers is given by path."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from typing import Any


@dataclass
class Page:
    """An answer. `drip`: seconds between two bytes. `endless`: the body again and again."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0
    endless: bool = False


@dataclass
class Web:
    """The server: its address, its pages by path, and the requests it got."""

    address: str
    pages: dict[str, Page] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.web = Web(f"http://127.0.0.1:{self.server_address[1]}")
        self.stop = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        web = self.server.web
        web.requests.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        page = web.pages.get(self.path, Page(b"nothing", 404))
        self.send_response(page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):  # the reader left
            self._write(page)

    def _write(self, page: Page) -> None:
        parts = [bytes([byte]) for byte in page.body] if page.drip else [page.body]
        for part in parts if not page.endless else repeat(page.body):
            if self.server.stop.is_set():
                return
            self.wfile.write(part)
            time.sleep(page.drip)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Web]:
    """Serve on a free port of loopback until the end of the block."""
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.web
    finally:
        server.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
