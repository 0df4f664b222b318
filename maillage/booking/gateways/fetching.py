"""Reading addresses that people typed, without being led where we must not go.

Each connection goes to an address that was resolved and checked in the same breath: a name cannot answer one thing when
it is checked and another when it is used. Redirects are followed by hand, each checked in the same way. Nothing is
decompressed, nothing is read beyond a size nor beyond a time.
"""

import asyncio
import ipaddress
import logging
import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import httpx
from django.conf import settings

from maillage.booking.errors.calendars import (
    CalendarAddressRefused,
    CalendarForbidden,
    CalendarMissing,
    CalendarRedirects,
    CalendarTooLarge,
    CalendarUnreachable,
)

logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log every address, secret ones included

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MOST_BYTES = 5 * 1024 * 1024
MOST_REDIRECTS = 3
MOST_SECONDS = 30.0
_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
_MOVED = {301, 302, 303, 307, 308}
_SHARED = ipaddress.ip_network("100.64.0.0/10")  # between providers and their customers (RFC 6598)


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as its resolver gives them."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: its status, the headers we use in lower case, its body, and the address that answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads addresses within bounds. `allowed`: private networks that this installation trusts."""

    allowed: Collection[Network] = ()
    most_bytes: int = MOST_BYTES
    most_seconds: float = MOST_SECONDS
    resolver: Callable[[str, int], Sequence[str]] = field(default=resolve)

    def ask(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        credentials: tuple[str, str] | None = None,
    ) -> Answer:
        """Return what `address` answers, its redirects followed. Credentials stay with the host they are for.

        Raises CalendarAddressRefused, CalendarRedirects, CalendarTooLarge, CalendarUnreachable.
        """
        work = self._ask(method, address, headers or {}, content, credentials)
        try:
            return asyncio.run(asyncio.wait_for(work, self.most_seconds))
        except TimeoutError as failure:
            raise CalendarUnreachable(why="too slow") from failure

    async def _ask(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        content: bytes | None,
        credentials: tuple[str, str] | None,
    ) -> Answer:
        here, given = httpx.URL(checked_address(address)), credentials
        for _hop in range(MOST_REDIRECTS + 1):
            answer = await self._once(method, here, headers, content, given)
            onward = answer.headers.get("location", "")
            if answer.status not in _MOVED or not onward:
                return answer
            there = httpx.URL(checked_address(str(here.join(onward))))
            if (there.host, there.scheme) != (here.host, here.scheme):
                given = None
            here = there
        raise CalendarRedirects(most=MOST_REDIRECTS)

    async def _once(
        self,
        method: str,
        url: httpx.URL,
        headers: Mapping[str, str],
        content: bytes | None,
        credentials: tuple[str, str] | None,
    ) -> Answer:
        """Ask one address, at the IP that was checked. The name goes along for the certificate and the virtual host."""
        port = url.port or (443 if url.scheme == "https" else 80)
        pinned = url.copy_with(host=await asyncio.to_thread(self._checked_host, url.host, port))
        sent = {
            "Host": url.netloc.decode(),
            "Accept-Encoding": "identity",
            "User-Agent": "Maillage (calendars)",
            **headers,
        }
        auth = httpx.BasicAuth(*credentials) if credentials else None
        extensions = {"sni_hostname": url.host}
        try:
            async with (
                httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as client,
                client.stream(
                    method, pinned, headers=sent, content=content, auth=auth, extensions=extensions
                ) as answer,
            ):
                kept = {name.lower(): value for name, value in answer.headers.items()}
                return Answer(answer.status_code, kept, await self._body(answer), str(url))
        except httpx.HTTPError as failure:
            raise CalendarUnreachable(why=type(failure).__name__) from failure

    async def _body(self, answer: httpx.Response) -> bytes:
        if answer.headers.get("content-encoding", "identity").lower() not in {"identity", ""}:
            raise CalendarUnreachable(why="compressed though asked not to be")
        body = bytearray()
        async for part in answer.aiter_raw():
            body += part
            if len(body) > self.most_bytes:
                raise CalendarTooLarge(most_megabytes=self.most_bytes // 1024 // 1024)
        return bytes(body)

    def _checked_host(self, host: str, port: int) -> str:
        """Return the first address of `host`. Raises CalendarAddressRefused if any of its addresses is not public."""
        try:
            found = self.resolver(host, port)
        except (OSError, UnicodeError) as failure:
            raise CalendarUnreachable(why="unknown host") from failure
        addresses = [ipaddress.ip_address(text.split("%")[0]) for text in found]
        if not addresses:
            raise CalendarUnreachable(why="unknown host")
        if not all(is_public(address) or self._is_allowed(address) for address in addresses):
            raise CalendarAddressRefused(why="private network")
        return str(addresses[0])

    def _is_allowed(self, address: Address) -> bool:
        return any(address.version == network.version and address in network for network in self.allowed)


def is_public(address: Address) -> bool:
    """Tell whether an address is of the open internet, whatever way it is written."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return is_public(inner)
    shared = isinstance(address, ipaddress.IPv4Address) and address in _SHARED
    return address.is_global and not (address.is_multicast or address.is_reserved or shared)


def checked_address(address: str) -> str:
    """Return an address that may be tried. webcal: means https:. Raises CalendarAddressRefused."""
    text = address.strip()
    if text.lower().startswith("webcal://"):
        text = "https://" + text[len("webcal://") :]
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError, ValueError) as wrong:
        raise CalendarAddressRefused(why="not an address") from wrong
    if url.scheme not in {"http", "https"} or not url.host:
        raise CalendarAddressRefused(why="not http or https")
    if url.userinfo:
        raise CalendarAddressRefused(why="it holds a password")
    if len(text) > 500:
        raise CalendarAddressRefused(why="too long")
    return text


def house_reader() -> Reader:
    """Return the reader that this installation's settings describe."""
    return Reader(allowed=tuple(ipaddress.ip_network(text) for text in settings.CALENDAR_PRIVATE_NETWORKS))


def read_calendar(reader: Reader, address: str, *, etag: str = "") -> Answer | None:
    """Return what an .ics address holds, None if it has not changed since `etag`.

    Raises as `Reader.ask`, and CalendarForbidden, CalendarMissing, CalendarUnreachable by status.
    """
    headers = {"Accept": "text/calendar, */*;q=0.1"} | ({"If-None-Match": etag} if etag else {})
    answer = reader.ask("GET", address, headers=headers)
    if answer.status == 304:
        return None
    check_status(answer)
    return answer


def check_status(answer: Answer) -> None:
    """Raises CalendarForbidden, CalendarMissing or CalendarUnreachable unless the server said yes."""
    if answer.status in {401, 403}:
        raise CalendarForbidden
    if answer.status in {404, 410}:
        raise CalendarMissing
    if not 200 <= answer.status < 300:
        raise CalendarUnreachable(why=f"HTTP {answer.status}")
