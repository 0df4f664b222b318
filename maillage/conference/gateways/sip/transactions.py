"""SIP transactions: one request and its answers, repeated until heard (RFC 3261, section 17).

Timers are loop callbacks; a Transactions object belongs to one event loop.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from sipmessage import CSeq, Request, Response

from maillage.conference.gateways.sip.transport import Peer, Sip, SipTransport

T1, T2 = 0.5, 4.0
GIVE_UP_SECONDS = 64 * T1
"""Timers B, F, H: how long an unheard message is repeated."""


class NoAnswer(Exception):
    """The far end did not answer in time."""


def new_branch() -> str:
    """Return a transaction identifier, with the mark of RFC 3261."""
    return f"z9hG4bK{secrets.token_hex(8)}"


@dataclass
class _Repeater:
    """Sends a message again and again, twice as slow each time, until stopped or GIVE_UP_SECONDS."""

    send: Callable[[], None]
    given_up: Callable[[], None]
    most: float = T2
    _interval: float = T1
    _spent: float = 0.0
    _timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._interval, self._again)

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _again(self) -> None:
        self._spent += self._interval
        if self._spent >= GIVE_UP_SECONDS:
            self.given_up()
            return
        self.send()
        self._interval = min(2 * self._interval, self.most)
        self.start()


@dataclass
class ClientTransaction:
    """A request of ours. `final` is set once; for INVITE, answers are acknowledged except 2xx (the call does that)."""

    request: Request
    peer: Peer
    final: "asyncio.Future[Response]"
    provisional: Callable[[Response], None]
    repeater: _Repeater
    repeated_success: Callable[[Response], None] = lambda _response: None

    @property
    def is_invite(self) -> bool:
        """Tell whether this starts or changes a call."""
        return self.request.method == "INVITE"


@dataclass
class ServerTransaction:
    """A request of theirs and our last answer to it."""

    request: Request
    peer: Peer
    owner: "Transactions"
    last: Response | None = None
    repeater: _Repeater | None = None
    unheard: Callable[[], None] = field(default=lambda: None)

    def respond(self, response: Response) -> None:
        """Send an answer. A final answer to INVITE is repeated until acknowledged."""
        if self.last is not None and self.last.code >= 200:
            return
        self.last = response
        self.owner.transport.send(response, self.peer)
        if response.code >= 200:
            self.owner.forget_later(self)
            if self.request.method == "INVITE":
                self.repeater = _Repeater(self._repeat, self._give_up)
                self.repeater.start()

    def acknowledged(self) -> None:
        """The far end has heard our final answer."""
        if self.repeater:
            self.repeater.stop()

    def _repeat(self) -> None:
        if self.last is not None:
            self.owner.transport.send(self.last, self.peer)

    def _give_up(self) -> None:
        self.unheard()

    def received_again(self) -> None:
        """Answer a repetition as before."""
        if self.last is not None:
            self._repeat()


ServerKey = tuple[str, str, str]


def _server_key(request: Request, method: str) -> ServerKey:
    via = request.via[0]
    return via.parameters.get("branch") or "", f"{via.host}:{via.port}", method


class Transactions:
    """All transactions over one transport. `on_request` gets each new request once."""

    def __init__(self, transport: SipTransport) -> None:
        self.transport = transport
        transport.receiver = self._receive
        self.on_request: Callable[[ServerTransaction], None] = lambda _transaction: None
        self.on_acknowledgement: Callable[[Request], None] = lambda _request: None
        self._clients: dict[tuple[str, str], ClientTransaction] = {}
        self._servers: dict[ServerKey, ServerTransaction] = {}

    def stop(self) -> None:
        """Stop every repetition."""
        for client in self._clients.values():
            client.repeater.stop()
        for server in self._servers.values():
            server.acknowledged()

    def request(
        self, request: Request, peer: Peer, provisional: Callable[[Response], None] = lambda _response: None
    ) -> ClientTransaction:
        """Send `request` to `peer`; its `final` future gives the answer, or NoAnswer."""
        key = request.via[0].parameters.get("branch") or "", request.method
        final: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

        def given_up() -> None:
            self._clients.pop(key, None)
            if not final.done():
                final.set_exception(NoAnswer(request.method))

        most = GIVE_UP_SECONDS if request.method == "INVITE" else T2
        repeater = _Repeater(lambda: self.transport.send(request, peer), given_up, most)
        client = self._clients[key] = ClientTransaction(request, peer, final, provisional, repeater)
        self.transport.send(request, peer)
        repeater.start()
        return client

    def forget_later(self, server: ServerTransaction) -> None:
        """Keep an answered request for the time its repetitions may still arrive."""
        key = _server_key(server.request, server.request.method)
        asyncio.get_running_loop().call_later(GIVE_UP_SECONDS, lambda: self._servers.pop(key, None))

    def invitation_of(self, cancel: Request) -> ServerTransaction | None:
        """Return the INVITE that a CANCEL is about."""
        return self._servers.get(_server_key(cancel, "INVITE"))

    def _receive(self, message: Sip, peer: Peer) -> None:
        if isinstance(message, Response):
            self._receive_response(message)
        elif message.method == "ACK":
            self._receive_acknowledgement(message)
        else:
            self._receive_request(message, peer)

    def _receive_request(self, request: Request, peer: Peer) -> None:
        key = _server_key(request, request.method)
        known = self._servers.get(key)
        if known:
            known.received_again()
            return
        server = self._servers[key] = ServerTransaction(request, peer, self)
        self.on_request(server)

    def _receive_acknowledgement(self, request: Request) -> None:
        refused = self._servers.get(_server_key(request, "INVITE"))
        if refused:
            refused.acknowledged()
        else:
            self.on_acknowledgement(request)

    def _receive_response(self, response: Response) -> None:
        key = response.via[0].parameters.get("branch") or "", response.cseq.method
        client = self._clients.get(key)
        if client is None:
            return
        if response.code < 200:
            if client.is_invite:
                client.repeater.stop()
            client.provisional(response)
            return
        self._finish(key, client, response)

    def _finish(self, key: tuple[str, str], client: ClientTransaction, response: Response) -> None:
        client.repeater.stop()
        if client.is_invite and response.code >= 300:
            self.transport.send(refusal_acknowledgement(client.request, response), client.peer)
        if client.final.done():
            if client.is_invite and response.code < 300:
                client.repeated_success(response)
            return
        client.final.set_result(response)
        asyncio.get_running_loop().call_later(GIVE_UP_SECONDS, lambda: self._clients.pop(key, None))


def refusal_acknowledgement(request: Request, response: Response) -> Request:
    """Return the ACK of a refused INVITE: same branch, their tag (RFC 3261, section 17.1.1.3)."""
    ack = Request("ACK", request.uri)
    ack.via = request.via[:1]
    ack.max_forwards = 70
    ack.from_address, ack.to_address = request.from_address, response.to_address
    ack.call_id, ack.route = request.call_id, request.route
    ack.cseq = CSeq(request.cseq.sequence, "ACK")
    return ack
