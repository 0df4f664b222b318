"""SIP calls between two user agents of ours, and with a terminal that is not ours."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from maillage.conference.gateways.sip import transactions as timing
from maillage.conference.gateways.sip.agent import AgentSettings, SipAgent
from maillage.conference.gateways.sip.call import Call, CallRefused, CallState
from maillage.conference.gateways.sip.outgoing import Line, dial, register_line
from maillage.conference.gateways.sip.transport import Peer, SipTransport, read_message

OFFER = "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 8\r\n"
ANSWER = "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 5000 RTP/AVP 8\r\n"


class Book:
    """The accounts of these tests."""

    def password_of(self, username: str) -> str | None:
        return {"houat": "sesame"}.get(username)


async def accept(call: Call) -> None:
    call.accept(ANSWER)


async def ring_for_ever(call: Call) -> None:
    call.ring()


def free_port() -> int:
    """Return a port free for datagrams and for TCP."""
    while True:
        with socket.socket() as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            stream.bind(("127.0.0.1", 0))
            port = int(stream.getsockname()[1])
            try:
                datagrams.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@asynccontextmanager
async def agent(
    on_call: Callable[[Call], Awaitable[None]] = accept, *, is_open: bool = True
) -> AsyncIterator[SipAgent]:
    made = SipAgent(AgentSettings("127.0.0.1", free_port(), is_open=is_open), Book(), on_call)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


def address_of(other: SipAgent, user: str = "123456", extra: str = "") -> str:
    return f"sip:{user}@127.0.0.1:{other.settings.port}{extra}"


async def settled(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_call_is_answered_described_and_ended_on_both_sides(transport: str) -> None:
    async def run() -> None:
        ends: list[str] = []

        async def take(call: Call) -> None:
            call.on_end = ends.append
            assert call.dialled == "123456"
            assert call.body == OFFER
            call.accept(ANSWER)

        async with agent() as caller, agent(take) as called:
            call = await dial(caller, address_of(called, extra=f";transport={transport}"), OFFER)
            assert call.body == ANSWER
            await settled(lambda: [each.state for each in called.calls.values()] == [CallState.UP])
            call.hang_up()
            await settled(lambda: ends == ["hung up there"])
            assert not caller.calls
            assert not called.calls

    asyncio.run(run())


def test_the_called_side_may_hang_up_first() -> None:
    async def run() -> None:
        async with agent() as caller, agent() as called:
            call = await dial(caller, address_of(called), OFFER)
            await settled(lambda: len(called.calls) == 1)
            next(iter(called.calls.values())).hang_up()
            await settled(lambda: call.state is CallState.OVER)

    asyncio.run(run())


def test_a_refusal_gives_its_reason() -> None:
    async def run() -> None:
        async def refuse(call: Call) -> None:
            call.refuse(486)

        async with agent() as caller, agent(refuse) as called:
            with pytest.raises(CallRefused, match="486 Busy Here"):
                await dial(caller, address_of(called), OFFER)
            assert not caller.calls

    asyncio.run(run())


def test_a_call_that_rings_too_long_is_cancelled_and_stops_ringing_there() -> None:
    async def run() -> None:
        async with agent() as caller, agent(ring_for_ever) as called:
            with pytest.raises(CallRefused, match="408"):
                await dial(caller, address_of(called), OFFER, seconds=0.3)
            await settled(lambda: not called.calls)

    asyncio.run(run())


def test_a_stranger_is_asked_who_they_are_and_a_known_account_is_let_in() -> None:
    async def run() -> None:
        async with agent() as caller, agent(is_open=False) as called:
            with pytest.raises(CallRefused, match="401"):
                await dial(caller, address_of(called), OFFER)
            for username, password in (("houat", "wrong"), ("nobody", "sesame")):
                line = Line("127.0.0.1", called.settings.port, username, password)
                with pytest.raises(CallRefused, match="401"):
                    await dial(caller, address_of(called), OFFER, line=line)
            line = Line("127.0.0.1", called.settings.port, "houat", "sesame")
            call = await dial(caller, address_of(called), OFFER, line=line)
            assert call.state is CallState.UP

    asyncio.run(run())


def test_a_registered_terminal_is_called_by_its_name() -> None:
    async def run() -> None:
        async with agent() as terminal, agent() as ours:
            line = Line("127.0.0.1", ours.settings.port, "houat", "sesame")
            with pytest.raises(CallRefused, match="401"):
                await register_line(terminal, Line("127.0.0.1", ours.settings.port, "houat", "wrong"))
            assert 0 < await register_line(terminal, line) <= 600
            call = await dial(ours, "sip:houat@maillage", OFFER)
            assert call.state is CallState.UP
            assert len(terminal.calls) == 1

    asyncio.run(run())


def test_nobody_there_is_said_after_the_time_of_the_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "T1", 0.01)
    monkeypatch.setattr(timing, "GIVE_UP_SECONDS", 0.5)

    async def run() -> None:
        async with agent() as caller:
            with pytest.raises(CallRefused, match="408"):
                await dial(caller, f"sip:x@127.0.0.1:{free_port()}", OFFER, seconds=3)

    asyncio.run(run())


def test_an_answer_lost_on_the_way_is_repeated_until_heard() -> None:
    """The first three datagrams of the called side are lost: 100, 200, and the first repetition of 200."""

    async def run() -> None:
        async with agent() as caller, agent() as called:
            sent = 0
            send = called.transport.send

            def lossy(message: object, peer: Peer) -> None:
                nonlocal sent
                sent += 1
                if sent > 3:
                    send(message, peer)  # type: ignore[arg-type]

            called.transport.send = lossy  # type: ignore[method-assign]
            call = await dial(caller, address_of(called), OFFER, seconds=8)
            assert call.state is CallState.UP
            await asyncio.sleep(0.1)
            repeating = [each.invitation.repeater for each in called.calls.values() if each.invitation]
            assert [each._timer for each in repeating if each] == [None]

    asyncio.run(run())


def test_a_description_may_change_in_the_middle_of_a_call() -> None:
    async def run() -> None:
        async def take(call: Call) -> None:
            call.on_change = lambda offered: offered.replace("4000", "6000")
            call.accept(ANSWER)

        async with agent() as caller, agent(take) as called:
            call = await dial(caller, address_of(called), OFFER)
            invite = call.request("INVITE", OFFER.encode())
            response = await caller.transactions.request(invite, call.peer).final
            call.acknowledge(invite, response)
            assert response.code == 200
            assert b"6000" in response.body

    asyncio.run(run())


def ask(other: SipAgent, text: str) -> bytes:
    """Send raw bytes and return the first answer, empty without one in half a second."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(0.5)
        line.sendto(text.encode(), ("127.0.0.1", other.settings.port))
        try:
            return line.recv(65535)
        except TimeoutError:
            return b""


HEAD = (
    "{method} sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK{n};rport\r\n"
    "From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:x@127.0.0.1>{tag}\r\nCall-ID: c{n}\r\nCSeq: 1 {method}\r\n"
    "Content-Length: 0\r\n\r\n"
)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (HEAD.format(method="OPTIONS", n=1, tag=""), b"SIP/2.0 200"),
        (HEAD.format(method="SUBSCRIBE", n=2, tag=""), b"SIP/2.0 405"),
        (HEAD.format(method="BYE", n=3, tag=";tag=zz"), b"SIP/2.0 481"),
        (HEAD.format(method="INVITE", n=4, tag=";tag=zz"), b"SIP/2.0 400"),
        (HEAD.format(method="CANCEL", n=5, tag=""), b"SIP/2.0 481"),
        (HEAD.format(method="REGISTER", n=6, tag=""), b"SIP/2.0 401"),
        ("INVITE sip:x SIP/2.0\r\n\r\n", b""),
        ("\r\n\r\n", b""),
        ("x" * 5000, b""),
        (HEAD.format(method="OPTIONS", n=7, tag="").replace("CSeq: 1", "CSeq: one"), b""),
        (HEAD.format(method="OPTIONS", n=8, tag="").replace(";branch=z9hG4bK8", ""), b""),
    ],
)
def test_odd_requests_get_the_answer_of_the_standard_or_none(text: str, answer: bytes) -> None:
    async def run() -> bytes:
        async with agent() as other:
            return await asyncio.to_thread(ask, other, text)

    assert asyncio.run(run()).startswith(answer)


def test_unreadable_messages_are_told_apart_from_readable_ones() -> None:
    assert read_message(HEAD.format(method="OPTIONS", n=1, tag="").encode()) is not None
    for data in (b"", b"\xff\xfe", b"SIP/2.0 200 OK\r\n\r\n", b"OPTIONS sip:x SIP/2.0\r\nnonsense\r\n\r\n"):
        assert read_message(data) is None


def test_a_port_already_taken_is_said_at_once() -> None:
    async def run() -> None:
        async with agent() as first:
            with pytest.raises(OSError, match="in use"):
                await SipTransport("127.0.0.1", first.settings.port).start()

    asyncio.run(run())
