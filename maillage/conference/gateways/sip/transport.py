"""SIP over datagrams and TCP: bytes in and out, messages that can be read up, the others dropped.

A reply goes back where the request came from (RFC 3581), so terminals behind a router are reached.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from sipmessage import Message, Request, Response

logger = logging.getLogger(__name__)
Sip = Request | Response
MOST_BYTES = 65_535
IDLE_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of an exchange."""

    protocol: str
    host: str
    port: int


Receiver = Callable[[Sip, Peer], None]


def read_message(data: bytes) -> Sip | None:
    """Return the message, or None if a part we rely on is missing or malformed."""
    try:
        message = Message.parse(data)
        if not message.via or not message.call_id or not message.cseq.method:
            return None
        if not message.via[0].parameters.get("branch"):
            return None
        _ = message.from_address, message.to_address, message.contact, message.record_route
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, AssertionError):
        return None
    if isinstance(message, Request) and message.method != message.cseq.method:
        return None
    return message


def note_source(request: Request, peer: Peer) -> None:
    """Write into the top Via where the request really came from."""
    vias = request.via
    parameters = vias[0].parameters.replace(received=peer.host)
    if "rport" in parameters:
        parameters = parameters.replace(rport=str(peer.port))
    request.via = [replace(vias[0], parameters=parameters), *vias[1:]]


class SipTransport:
    """Listens on one address, datagrams and TCP alike."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.receiver: Receiver = lambda _message, _peer: None
        self._datagrams: asyncio.DatagramTransport | None = None
        self._server: asyncio.Server | None = None
        self._streams: dict[Peer, asyncio.StreamWriter] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen. Raises OSError if the address is taken."""
        loop = asyncio.get_running_loop()
        self._datagrams, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self), local_addr=(self.host, self.port)
        )
        try:
            self._server = await asyncio.start_server(self._serve_stream, self.host, self.port, limit=MOST_BYTES)
        except OSError:
            self._datagrams.close()
            raise

    async def stop(self) -> None:
        """Stop listening and close every stream."""
        if self._datagrams:
            self._datagrams.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    def send(self, message: Sip, peer: Peer) -> None:
        """Send to `peer`; over TCP only where a stream exists or can be made."""
        message.content_length = len(message.body)
        data = bytes(message)
        if peer.protocol == "udp":
            if self._datagrams and not self._datagrams.is_closing():
                self._datagrams.sendto(data, (peer.host, peer.port))
        elif stream := self._streams.get(peer):
            stream.write(data)
        else:
            self._keep(asyncio.ensure_future(self._connect_and_send(data, peer)))

    def receive(self, data: bytes, peer: Peer) -> None:
        """Take one message off the line."""
        message = read_message(data)
        if message is None:
            if data.strip():
                logger.info("unreadable SIP message of %d bytes from %s", len(data), peer.host)
            return
        if isinstance(message, Request):
            note_source(message, peer)
        self.receiver(message, peer)

    def _keep(self, task: "asyncio.Task[None]") -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect_and_send(self, data: bytes, peer: Peer) -> None:
        try:
            reader, writer = await asyncio.wait_for(asyncio.open_connection(peer.host, peer.port), 5)
        except (OSError, TimeoutError):
            logger.warning("no SIP connection to %s port %d", peer.host, peer.port)
            return
        writer.write(data)
        await self._read_stream(reader, writer, peer)

    async def _serve_stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = writer.get_extra_info("peername")[:2]
        task = asyncio.current_task()
        if task:
            self._keep(task)
        await self._read_stream(reader, writer, Peer("tcp", host, port))

    async def _read_stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: Peer) -> None:
        self._streams[peer] = writer
        try:
            while True:
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), IDLE_SECONDS)
                size = _body_size(head)
                self.receive(head.lstrip(b"\r\n") + await reader.readexactly(size), peer)
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            self._streams.pop(peer, None)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def _body_size(head: bytes) -> int:
    """Return the announced length of the body. Raises ValueError if it is absurd."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() in {b"content-length", b"l"}:
            size = int(value)
            if not 0 <= size <= MOST_BYTES:
                raise ValueError("body too large")
            return size
    return 0


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, owner: SipTransport) -> None:
        self._owner = owner

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._owner.receive(data, Peer("udp", addr[0], addr[1]))

    def error_received(self, exc: Exception) -> None:
        logger.info("SIP datagram not delivered: %s", exc)
