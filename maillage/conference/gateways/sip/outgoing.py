"""Calls that we make, and how we tell an operator's exchange where we are."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sipmessage import URI, Address, AuthChallenge, AuthCredentials, AuthParameters, CSeq, Request, Response

from maillage.conference.domain import digest
from maillage.conference.gateways.sip.agent import SipAgent
from maillage.conference.gateways.sip.call import ALLOWED, SDP, Call, CallRefused, CallState, tagged
from maillage.conference.gateways.sip.transactions import NoAnswer, new_branch
from maillage.conference.gateways.sip.transport import Peer

RING_SECONDS = 60
REGISTRATION_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an operator, or of an exchange: where it is and how we prove who we are. `host` is an address."""

    host: str
    port: int = 5060
    username: str = ""
    password: str = ""
    protocol: str = "udp"


async def dial(
    agent: SipAgent,
    uri: str,
    description: str,
    *,
    line: Line | None = None,
    name: str = "Maillage",
    seconds: float = RING_SECONDS,
) -> Call:
    """Call `uri`, through `line` if given, and return the call once answered.

    Raises CallRefused with their reason, or 408 after `seconds` of ringing; ValueError if `uri` is none.
    """
    target = URI.parse(uri)
    peer = await _peer_of(agent, target, line)
    user = line.username if line and line.username else "maillage"
    local = Address(URI.parse(f"sip:{user}@{line.host if line else agent.settings.host}"), name)
    call = Call(
        agent=agent,
        peer=peer,
        call_id=secrets.token_hex(12),
        local=tagged(local, secrets.token_hex(4)),
        remote=Address(target),
        target=target,
        state=CallState.CALLING,
    )
    agent.calls[call.key] = call
    try:
        async with asyncio.timeout(seconds):
            response = await _invite(agent, call, description, line)
    except (TimeoutError, NoAnswer):
        call.hang_up("no answer")
        raise CallRefused(408, "no answer") from None
    except asyncio.CancelledError:
        call.hang_up("given up")
        raise
    if response.code >= 300:
        call.ended(f"refused with {response.code}")
        raise CallRefused(response.code, response.phrase)
    return call


async def _peer_of(agent: SipAgent, target: URI, line: Line | None) -> Peer:
    if line:
        return Peer(line.protocol, line.host, line.port)
    if target.host == agent.settings.realm and (bound := agent.registrar.find(target.user or "", datetime.now(UTC))):
        return bound.peer
    loop = asyncio.get_running_loop()
    protocol = (target.parameters.get("transport") or "udp").lower()
    found = await loop.getaddrinfo(target.host, target.port or 5060, family=2)
    return Peer(protocol, str(found[0][4][0]), target.port or 5060)


async def _invite(agent: SipAgent, call: Call, description: str, line: Line | None) -> Response:
    """Send the INVITE, once more with our identity if it is asked for; acknowledge what is accepted."""
    response, invite = await _try(agent, call, description, None)
    challenge = response.www_authenticate if response.code == 401 else response.proxy_authenticate
    if response.code in {401, 407} and line and line.username and challenge:
        response, invite = await _try(agent, call, description, (line, challenge, response.code))
    if response.code < 300:
        call.state = CallState.UP
        call.body = response.body.decode(errors="replace")
        call.acknowledge(invite, response)
    return response


async def _try(
    agent: SipAgent, call: Call, description: str, proof: tuple[Line, AuthChallenge, int] | None
) -> tuple[Response, Request]:
    invite = call.request("INVITE", description.encode(), SDP)
    invite.headers.set("Allow", ALLOWED)
    if proof:
        add_proof(invite, *proof)
    call.last_invite = invite
    transaction = agent.transactions.request(invite, call.peer)
    transaction.repeated_success = lambda response: call.acknowledge(invite, response)
    try:
        return await asyncio.shield(transaction.final), invite
    except asyncio.CancelledError:
        transaction.repeater.stop()
        transaction.final.add_done_callback(lambda final: _too_late(call, invite, final))
        raise


def _too_late(call: Call, invite: Request, final: "asyncio.Future[Response]") -> None:
    """End a call that was answered while we were giving it up."""
    if not final.cancelled() and not final.exception() and final.result().code < 300:
        call.acknowledge(invite, final.result())
        call.say_goodbye()


async def register_line(agent: SipAgent, line: Line) -> int:
    """Tell an operator where we are; return for how many seconds. Raises CallRefused."""
    peer = Peer(line.protocol, line.host, line.port)
    identity = Address(URI.parse(f"sip:{line.username}@{line.host}"))
    call_id, tag = secrets.token_hex(12), secrets.token_hex(4)
    proof: tuple[Line, AuthChallenge, int] | None = None
    for sequence in (1, 2):
        request = Request("REGISTER", URI.parse(f"sip:{line.host}"))
        request.via = [agent.via(peer, new_branch())]
        request.max_forwards, request.call_id = 70, call_id
        request.from_address, request.to_address = tagged(identity, tag), identity
        request.cseq, request.expires = CSeq(sequence, "REGISTER"), REGISTRATION_SECONDS
        request.contact = [agent.contact(peer)]
        if proof:
            add_proof(request, *proof)
        try:
            response = await agent.transactions.request(request, peer).final
        except NoAnswer as silent:
            raise CallRefused(408, "no answer") from silent
        challenge = response.www_authenticate if response.code == 401 else response.proxy_authenticate
        if response.code not in {401, 407} or not challenge or proof:
            break
        proof = line, challenge, response.code
    if response.code >= 300:
        raise CallRefused(response.code, response.phrase)
    return response.expires or REGISTRATION_SECONDS


def add_proof(request: Request, line: Line, challenge: AuthChallenge, code: int) -> None:
    """Answer a challenge in `request`."""
    answer = digest.respond(
        challenge.parameters,
        username=line.username,
        password=line.password,
        method=request.method,
        uri=str(request.uri),
        cnonce=secrets.token_hex(8),
    )
    credentials = AuthCredentials("Digest", AuthParameters(**answer))
    if code == 401:
        request.authorization = credentials
    else:
        request.proxy_authorization = credentials
