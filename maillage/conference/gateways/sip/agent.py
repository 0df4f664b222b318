"""The user agent: takes calls, answers OPTIONS, keeps registrations, checks who calls. Our own calls: `outgoing`."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from sipmessage import URI, Address, AuthChallenge, AuthParameters, Request, Response, Via

from maillage.conference.domain import digest
from maillage.conference.gateways.sip.call import ALLOWED, Call, CallState, own_via, response_to, tagged
from maillage.conference.gateways.sip.registrar import Registrar
from maillage.conference.gateways.sip.transactions import ServerTransaction, Transactions
from maillage.conference.gateways.sip.transport import Peer, SipTransport

logger = logging.getLogger(__name__)


class Accounts(Protocol):
    """Who may identify themselves to us."""

    def password_of(self, username: str) -> str | None:
        """Return the password, None for an unknown name."""


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """Where we listen, and who may call without proving who they are."""

    host: str
    port: int
    realm: str = "maillage"
    is_open: bool = True
    trusted: frozenset[str] = frozenset()
    nonce_key: str = field(default_factory=lambda: secrets.token_hex(16))


OnCall = Callable[[Call], Awaitable[None]]


class SipAgent:
    """Our side of SIP on one address."""

    name = "Maillage"

    def __init__(self, settings: AgentSettings, accounts: Accounts, on_call: OnCall) -> None:
        self.settings, self.accounts, self._on_call = settings, accounts, on_call
        self.transport = SipTransport(settings.host, settings.port)
        self.transactions = Transactions(self.transport)
        self.transactions.on_request = self._receive
        self.transactions.on_acknowledgement = self._acknowledged
        self.registrar = Registrar()
        self.calls: dict[tuple[str, str], Call] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen."""
        await self.transport.start()

    async def stop(self) -> None:
        """End every call and stop listening."""
        for call in list(self.calls.values()):
            call.hang_up("closing")
        await asyncio.sleep(0.05)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.transactions.stop()
        await self.transport.stop()

    # what every message of ours says of us

    def via(self, peer: Peer, branch: str) -> Via:
        """Return our Via towards `peer`."""
        return own_via(peer, self.settings.host, self.settings.port, branch)

    def contact(self, peer: Peer) -> Address:
        """Return where we are reached."""
        transport = "" if peer.protocol == "udp" else f";transport={peer.protocol}"
        return Address(URI.parse(f"sip:maillage@{self.settings.host}:{self.settings.port}{transport}"))

    def forget(self, call: Call) -> None:
        """Stop knowing a call that is over."""
        self.calls.pop(call.key, None)

    # requests of others

    def _receive(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        call = self.calls.get((request.call_id, request.to_address.parameters.get("tag") or ""))
        handlers = {
            "INVITE": self._change if call else self._invited,
            "BYE": self._bye,
            "CANCEL": self._cancelled,
            "INFO": self._info,
            "OPTIONS": self._options,
            "REGISTER": self._register,
        }
        handler = handlers.get(request.method)
        if handler is None:
            refusal = response_to(request, 405)
            refusal.headers.set("Allow", ALLOWED)
            transaction.respond(refusal)
        else:
            handler(transaction, call)

    def _options(self, transaction: ServerTransaction, _call: Call | None) -> None:
        response = response_to(transaction.request, 200)
        response.to_address = tagged(response.to_address, secrets.token_hex(4))
        response.headers.set("Allow", ALLOWED)
        response.headers.set("Accept", "application/sdp")
        transaction.respond(response)

    def _register(self, transaction: ServerTransaction, _call: Call | None) -> None:
        request = transaction.request
        username = self._proven_name(transaction, must_prove=True)
        if username is None:
            return
        if username != request.to_address.uri.user:
            transaction.respond(response_to(request, 403))
            return
        response = self.registrar.register(username, request, transaction.peer, datetime.now(UTC))
        transaction.respond(response)

    def _invited(self, transaction: ServerTransaction, _call: Call | None) -> None:
        request = transaction.request
        if not request.contact or request.to_address.parameters.get("tag"):
            transaction.respond(response_to(request, 481 if request.contact else 400))
            return
        free = self.settings.is_open or transaction.peer.host in self.settings.trusted
        if self._proven_name(transaction, must_prove=not free) is None and not free:
            return
        trying = response_to(request, 100)
        transaction.respond(trying)
        call = Call(
            agent=self,
            peer=transaction.peer,
            call_id=request.call_id,
            local=tagged(request.to_address, secrets.token_hex(4)),
            remote=request.from_address,
            target=request.contact[0].uri,
            state=CallState.INVITED,
            routes=request.record_route,
            body=request.body.decode(errors="replace"),
            invitation=transaction,
            last_invite=request,
        )
        self.calls[call.key] = call
        self._run(self._take(call))

    async def _take(self, call: Call) -> None:
        try:
            await self._on_call(call)
        except Exception:
            logger.exception("a call from %s could not be taken", call.caller)
            call.hang_up("a fault of ours")

    def _change(self, transaction: ServerTransaction, call: Call | None) -> None:
        """A new description in the middle of a call: a hold, a resume, a refresh."""
        if call is None or call.on_change is None or call.state is not CallState.UP:
            transaction.respond(response_to(transaction.request, 491 if call else 481))
            return
        call.target = transaction.request.contact[0].uri if transaction.request.contact else call.target
        call.invitation = transaction
        try:
            description = call.on_change(transaction.request.body.decode(errors="replace"))
        except ValueError:
            transaction.respond(call.answer_to(transaction.request, 488))
            return
        transaction.respond(call.answer_to(transaction.request, 200, description))

    def _bye(self, transaction: ServerTransaction, call: Call | None) -> None:
        if call is None:
            transaction.respond(response_to(transaction.request, 481))
            return
        transaction.respond(call.answer_to(transaction.request, 200))
        call.ended("hung up there")

    def _cancelled(self, transaction: ServerTransaction, _call: Call | None) -> None:
        invitation = self.transactions.invitation_of(transaction.request)
        transaction.respond(response_to(transaction.request, 200 if invitation else 481))
        if invitation:
            for call in [each for each in self.calls.values() if each.invitation is invitation]:
                call.refuse(487)

    def _info(self, transaction: ServerTransaction, call: Call | None) -> None:
        if call is None:
            transaction.respond(response_to(transaction.request, 481))
            return
        transaction.respond(call.answer_to(transaction.request, 200))
        kind = transaction.request.content_type
        call.on_info(kind.mime_type if kind else "", transaction.request.body.decode(errors="replace"))

    def _acknowledged(self, request: Request) -> None:
        call = self.calls.get((request.call_id, request.to_address.parameters.get("tag") or ""))
        if call and call.invitation:
            call.invitation.acknowledged()

    # identities

    def _proven_name(self, transaction: ServerTransaction, *, must_prove: bool) -> str | None:
        """Return who proved to be calling; None if they did not. Then, if they must, they have been asked."""
        request = transaction.request
        credentials = request.authorization
        verdict = digest.Verdict.WRONG
        given = credentials.parameters if credentials else None
        if given is not None:
            password = self.accounts.password_of(given.get("username", ""))
            if password is not None:
                verdict = digest.check(
                    given,
                    password=password,
                    method=request.method,
                    realm=self.settings.realm,
                    nonce_key=self.settings.nonce_key,
                    now=datetime.now(UTC),
                )
            if verdict is digest.Verdict.RIGHT:
                return given["username"]
        if must_prove:
            transaction.respond(self._challenge(request, is_stale=verdict is digest.Verdict.STALE))
        return None

    def _challenge(self, request: Request, *, is_stale: bool) -> Response:
        response = response_to(request, 401)
        response.to_address = tagged(response.to_address, secrets.token_hex(4))
        nonce = digest.make_nonce(self.settings.nonce_key, datetime.now(UTC))
        parameters = {"realm": self.settings.realm, "nonce": nonce, "algorithm": "MD5", "qop": "auth"}
        if is_stale:
            parameters["stale"] = "true"
        response.www_authenticate = AuthChallenge("Digest", AuthParameters(**parameters))
        return response

    def _run(self, work: "Awaitable[None]") -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
