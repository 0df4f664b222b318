"""One SIP call, from either side: its dialog, and what may be done to it (RFC 3261, sections 12 to 15)."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from sipmessage import URI, Address, CSeq, MediaType, Request, Response, Via

from maillage.conference.gateways.sip.transactions import NoAnswer, ServerTransaction, Transactions, new_branch
from maillage.conference.gateways.sip.transport import Peer

PHRASES = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    481: "Call Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    491: "Request Pending",
    500: "Server Internal Error",
    503: "Service Unavailable",
    603: "Decline",
}
ALLOWED = "INVITE, ACK, BYE, CANCEL, OPTIONS, REGISTER, INFO"
SDP = MediaType("application/sdp")


class CallState(StrEnum):
    """INVITED: theirs, not answered. CALLING: ours, not answered."""

    INVITED = "invited"
    CALLING = "calling"
    UP = "up"
    OVER = "over"


class CallRefused(Exception):
    """The far end refused, or did not answer."""

    def __init__(self, code: int, phrase: str) -> None:
        self.code, self.phrase = code, phrase
        super().__init__(f"{code} {phrase}")


def response_to(request: Request, code: int, phrase: str = "") -> Response:
    """Return an answer with the headers every answer copies."""
    response = Response(code, phrase or PHRASES.get(code, "Refused"))
    response.via, response.call_id, response.cseq = request.via, request.call_id, request.cseq
    response.from_address, response.to_address = request.from_address, request.to_address
    return response


def tagged(address: Address, tag: str) -> Address:
    """Return `address` with a dialog tag."""
    return replace(address, parameters=address.parameters.replace(tag=tag))


class CallOwner(Protocol):
    """What a call needs of the user agent it belongs to."""

    name: str
    transactions: Transactions

    def via(self, peer: Peer, branch: str) -> Via:
        """Return our Via towards `peer`."""

    def contact(self, peer: Peer) -> Address:
        """Return where we are reached."""

    def forget(self, call: "Call") -> None:
        """Stop knowing a call that is over."""


@dataclass
class Call:
    """One dialog. `on_end` is called once, with the reason; `on_info` with each INFO body; `on_change` answers a
    new description in the middle of a call."""

    agent: CallOwner
    peer: Peer
    call_id: str
    local: Address
    remote: Address
    target: URI
    state: CallState
    routes: list[Address] = field(default_factory=list)
    sequence: int = field(default_factory=lambda: secrets.randbelow(1000) + 1)
    body: str = ""
    invitation: ServerTransaction | None = None
    last_invite: Request | None = None
    on_end: Callable[[str], None] = lambda _reason: None
    on_info: Callable[[str, str], None] = lambda _kind, _body: None
    on_change: Callable[[str], str] | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What requests of this dialog are found by."""
        return self.call_id, self.local.parameters.get("tag") or ""

    @property
    def dialled(self) -> str:
        """The user part that was called."""
        return (self.last_invite.uri.user if self.last_invite else None) or ""

    @property
    def caller(self) -> str:
        """Their own name for themselves, or their address."""
        return self.remote.name or str(replace(self.remote.uri, parameters=type(self.remote.uri.parameters)()))

    # answering

    def ring(self) -> None:
        """Tell the caller that someone is being called."""
        if self.invitation and self.state is CallState.INVITED:
            self.invitation.respond(self._answer(180))

    def accept(self, description: str) -> None:
        """Take the call, receiving as `description` says."""
        if not self.invitation or self.state is not CallState.INVITED:
            return
        self.state = CallState.UP
        self.invitation.unheard = lambda: self.hang_up("answer never acknowledged")
        self.invitation.respond(self._answer(200, description))

    def refuse(self, code: int) -> None:
        """Turn the call down."""
        if self.invitation and self.state is CallState.INVITED:
            self.invitation.respond(self._answer(code))
            self.ended(f"refused with {code}")

    def _answer(self, code: int, description: str = "") -> Response:
        if self.invitation is None:
            raise ValueError("a call of ours has no invitation to answer")
        return self.answer_to(self.invitation.request, code, description)

    def answer_to(self, request: Request, code: int, description: str = "") -> Response:
        """Return an answer within this dialog."""
        response = response_to(request, code)
        response.to_address = self.local
        if 100 < code < 300 and request.method == "INVITE":
            response.contact = [self.agent.contact(self.peer)]
            response.record_route = request.record_route
            response.headers.set("Allow", ALLOWED)
        if description:
            response.content_type, response.body = SDP, description.encode()
        return response

    # within the call

    def request(self, method: str, body: bytes = b"", kind: MediaType | None = None) -> Request:
        """Return the next request of this dialog, not sent."""
        if method not in {"ACK", "CANCEL"}:
            self.sequence += 1
        request = Request(method, self.target, body)
        request.via = [self.agent.via(self.peer, new_branch())]
        request.max_forwards = 70
        request.from_address, request.to_address, request.call_id = self.local, self.remote, self.call_id
        request.cseq, request.route = CSeq(self.sequence, method), self.routes
        request.contact = [self.agent.contact(self.peer)]
        request.user_agent = self.agent.name
        if kind:
            request.content_type = kind
        return request

    def acknowledge(self, invite: Request, response: Response) -> None:
        """Send the ACK of a 2xx, and take from it where the dialog goes."""
        self.remote = response.to_address
        if response.contact:
            self.target = response.contact[0].uri
        self.routes = list(reversed(response.record_route))
        ack = self.request("ACK")
        ack.cseq = CSeq(invite.cseq.sequence, "ACK")
        self.agent.transactions.transport.send(ack, self.peer)

    def ask_for_picture(self) -> None:
        """Ask a terminal that knows no RTCP request for a whole picture (RFC 5168)."""
        xml = (
            '<?xml version="1.0" encoding="utf-8"?><media_control><vc_primitive><to_encoder>'
            "<picture_fast_update/></to_encoder></vc_primitive></media_control>"
        )
        self._send(self.request("INFO", xml.encode(), MediaType("application/media_control+xml")))

    def hang_up(self, reason: str = "hung up here") -> None:
        """End the call, whatever its state."""
        if self.state is CallState.UP:
            self.say_goodbye()
        elif self.state is CallState.INVITED:
            self.refuse(603)
        elif self.state is CallState.CALLING and self.last_invite:
            self._send(_cancel(self.last_invite))
        self.ended(reason)

    def say_goodbye(self) -> None:
        """Send BYE."""
        self._send(self.request("BYE"))

    def _send(self, request: Request) -> None:
        transaction = self.agent.transactions.request(request, self.peer)
        transaction.final.add_done_callback(self._heard)

    def _heard(self, final: "asyncio.Future[Response]") -> None:
        if final.cancelled():
            return
        if isinstance(final.exception(), NoAnswer) or (not final.exception() and final.result().code == 481):
            self.ended("the far end is gone")

    def ended(self, reason: str) -> None:
        """Note that the call is over; told once."""
        if self.state is not CallState.OVER:
            self.state = CallState.OVER
            self.agent.forget(self)
            self.on_end(reason)


def _cancel(invite: Request) -> Request:
    """Return the CANCEL of an INVITE: same branch, same sequence (RFC 3261, section 9.1)."""
    cancel = Request("CANCEL", invite.uri)
    cancel.via = invite.via[:1]
    cancel.max_forwards = 70
    cancel.from_address, cancel.to_address, cancel.call_id = invite.from_address, invite.to_address, invite.call_id
    cancel.cseq, cancel.route = CSeq(invite.cseq.sequence, "CANCEL"), invite.route
    return cancel


def own_via(peer: Peer, host: str, port: int, branch: str) -> Via:
    """Return our Via towards `peer`, asking for the answer to come back to the port it was sent from."""
    return Via.parse(f"SIP/2.0/{peer.protocol.upper()} {host}:{port};branch={branch};rport")
