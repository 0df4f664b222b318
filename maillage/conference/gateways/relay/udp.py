"""Datagram sockets of the relay, and the range of ports that a firewall lets through to terminals."""

import asyncio
import logging
import random
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)
Address = tuple[str, int]
Receiver = Callable[[bytes, Address], None]
EXPEDITED = 0xB8
"""DSCP EF (RFC 3246) in the traffic class byte: voice first on networks that look at it."""


class NoPort(OSError):
    """Every port of the range is in use: more calls than the range was made for."""


class UdpPort(asyncio.DatagramProtocol):
    """One bound socket. `receiver` gets each datagram; `close` frees the port."""

    def __init__(self) -> None:
        self.receiver: Receiver = lambda _data, _source: None
        self._transport: asyncio.DatagramTransport | None = None
        self.port = 0

    @classmethod
    async def bound(cls, host: str, port: int = 0) -> "UdpPort":
        """Return a socket on `host`; on any free port by default. Raises OSError if the port is taken."""
        loop = asyncio.get_running_loop()
        transport, protocol = await loop.create_datagram_endpoint(cls, local_addr=(host, port))
        line: socket.socket = transport.get_extra_info("socket")
        line.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, EXPEDITED)
        protocol._transport, protocol.port = transport, line.getsockname()[1]
        return protocol

    def send(self, data: bytes, target: Address) -> None:
        """Send one datagram; nothing happens once closed, or without a known target."""
        if self._transport and not self._transport.is_closing() and target[1]:
            self._transport.sendto(data, target)

    def close(self) -> None:
        """Free the port."""
        if self._transport:
            self._transport.close()

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Hand a datagram over."""
        self.receiver(data, addr[:2])

    def error_received(self, exc: Exception) -> None:
        """A far end that closed its port answers so: the call's own end will tell."""
        logger.debug("datagram not delivered: %s", exc)


@dataclass
class PortRange:
    """Pairs of ports, media on the even one and control on the next."""

    host: str
    first: int
    last: int
    taken: set[int] = field(default_factory=set)

    async def pair(self) -> tuple[UdpPort, UdpPort]:
        """Return two bound sockets. Raises NoPort."""
        start = self.first + self.first % 2
        free = [port for port in range(start, self.last, 2) if port not in self.taken]
        random.shuffle(free)  # a port just freed may still get the packets of the call before
        for port in free:
            try:
                media = await UdpPort.bound(self.host, port)
            except OSError:
                continue
            try:
                control = await UdpPort.bound(self.host, port + 1)
            except OSError:
                media.close()
                continue
            self.taken.add(port)
            return media, control
        raise NoPort(f"no free port from {self.first} to {self.last}")

    def give_back(self, media: UdpPort, control: UdpPort) -> None:
        """Close a pair and let others use it."""
        media.close()
        control.close()
        self.taken.discard(media.port)
