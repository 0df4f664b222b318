"""Janus through its client door, for a program that takes part in conferences: one websocket, one session, handles.

Asynchronous. A lost connection ends every wait with BridgeDown; the caller makes a new session.
"""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from maillage.conference.domain.janus_requests import Request
from maillage.conference.gateways.errors import BridgeDown, BridgeRefused

KEEPALIVE_SECONDS = 25
ANSWER_SECONDS = 10
ACKNOWLEDGED_ONLY = {"trickle", "keepalive"}
"""Verbs whose only answer is an acknowledgement; for the others it announces the answer."""

Listener = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a plugin said, and the session description that came with it."""

    data: dict[str, Any]
    jsep: dict[str, Any] | None = None


class Handle:
    """One attachment to one plugin. `listener` gets what the server sends unasked (events, candidates, hang-ups)."""

    def __init__(self, session: "JanusSession", number: int) -> None:
        self._session, self.number = session, number
        self.listener: Listener | None = None

    async def request(self, body: Request, jsep: dict[str, Any] | None = None) -> Answer:
        """Send a plugin request and return its final answer. Raises BridgeRefused, or BridgeDown."""
        extra: dict[str, Any] = {"body": body} | ({"jsep": jsep} if jsep else {})
        answer = await self._session.call("message", handle_id=self.number, **extra)
        data = answer.get("plugindata", {}).get("data", {})
        if "error" in data:
            raise BridgeRefused(reason=data["error"], number=data.get("error_code", 0))
        return Answer(data, answer.get("jsep"))

    async def trickle(self, candidate: dict[str, Any]) -> None:
        """Pass on one ICE candidate of the other end."""
        await self._session.call("trickle", handle_id=self.number, candidate=candidate)

    async def detach(self) -> None:
        """Give the handle back: whatever it carried ends."""
        with contextlib.suppress(BridgeDown, BridgeRefused):
            await self._session.call("detach", handle_id=self.number)
        self._session.forget(self)


@dataclass
class JanusSession:
    """One session over one websocket. Use as a context."""

    url: str
    token: str
    server: str = ""
    media_address: str = ""
    _number: int = 0
    _socket: ClientConnection | None = None
    _waiting: dict[str, "asyncio.Future[dict[str, Any]]"] = field(default_factory=dict)
    _acknowledged: set[str] = field(default_factory=set)
    _handles: dict[int, Handle] = field(default_factory=dict)
    _tasks: "list[asyncio.Task[None]]" = field(default_factory=list)
    lost: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        try:
            self._socket = await connect(
                self.url,
                subprotocols=[Subprotocol("janus-protocol")],
                open_timeout=3,
                close_timeout=0.5,
                max_size=1 << 22,
                compression=None,
                proxy=None,
            )
        except (OSError, TimeoutError, WebSocketException) as failure:
            raise BridgeDown(server=self.server or self.url) from failure
        self._tasks = [asyncio.create_task(self._listen(self._socket)), asyncio.create_task(self._keep_alive())]
        try:
            self._number = (await self.call("create"))["data"]["id"]
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_raised: object) -> None:
        try:
            with contextlib.suppress(BridgeDown, BridgeRefused):
                await self.call("destroy")
        finally:
            await self.close()

    async def close(self) -> None:
        """Hang up without a farewell; harmless twice. The server forgets the session by itself."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._socket:
            await self._socket.close()

    @property
    def media_host(self) -> str:
        """Where Janus takes plain RTP: the machine that its websocket is on."""
        return self.media_address or str(urlsplit(self.url).hostname)

    async def attach(self, plugin: str) -> Handle:
        """Return a new handle on `plugin`."""
        number = (await self.call("attach", plugin=plugin))["data"]["id"]
        handle = self._handles[number] = Handle(self, number)
        return handle

    def forget(self, handle: Handle) -> None:
        """Stop delivering to a handle that was given back."""
        self._handles.pop(handle.number, None)

    async def call(self, verb: str, **body: Any) -> dict[str, Any]:
        """Send one request and return its final answer. Raises BridgeRefused, or BridgeDown."""
        if self._socket is None or self.lost.is_set():
            raise BridgeDown(server=self.server or self.url)
        transaction = secrets.token_hex(6)
        waiting = self._waiting[transaction] = asyncio.get_running_loop().create_future()
        if verb in ACKNOWLEDGED_ONLY:
            self._acknowledged.add(transaction)
        session = {"session_id": self._number} if self._number else {}
        request = {"janus": verb, "transaction": transaction, "token": self.token, **session, **body}
        try:
            await self._socket.send(json.dumps(request))
            answer: dict[str, Any] = await asyncio.wait_for(waiting, ANSWER_SECONDS)
        except (TimeoutError, WebSocketException) as failure:
            raise BridgeDown(server=self.server or self.url) from failure
        finally:
            self._waiting.pop(transaction, None)
            self._acknowledged.discard(transaction)
        if answer["janus"] == "error":
            raise BridgeRefused(reason=answer["error"]["reason"], number=answer["error"]["code"])
        return answer

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(KEEPALIVE_SECONDS)
            with contextlib.suppress(BridgeDown, BridgeRefused):
                await self.call("keepalive")

    async def _listen(self, connection: ClientConnection) -> None:
        try:
            async for text in connection:
                self._receive(json.loads(text))
        except WebSocketException:
            pass
        finally:
            self.lost.set()
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(BridgeDown(server=self.server or self.url))

    def _receive(self, message: dict[str, Any]) -> None:
        transaction = message.get("transaction", "")
        waiting = self._waiting.get(transaction)
        if waiting is None:
            handle = self._handles.get(message.get("sender", 0))
            if handle is not None and handle.listener is not None:
                handle.listener(message)
        elif not waiting.done() and (message["janus"] != "ack" or transaction in self._acknowledged):
            waiting.set_result(message)
