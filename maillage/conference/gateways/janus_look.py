"""Which sounds each participant of a room sends: a look through the client door, gone as soon as it has seen.

The administration door tells who is in a room, not what they send.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from maillage.conference.domain.janus_requests import VIDEOROOM, Sound, read_sounds
from maillage.conference.gateways.errors import BridgeDown, BridgeRefused
from maillage.conference.gateways.tokens import door_token, room_token

LOOKS_AS = "look."
"""How the names of our own looks begin: never anybody's."""
TOKEN_LIFE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ClientDoor:
    """The client address of one server and the secret that signs what may be done there."""

    address: str
    token_secret: str
    server: str = ""
    timeout_seconds: float = 2.0

    def sounds(self, room: str) -> list[Sound]:
        """Return the sounds sent in `room`. Raises BridgeDown, or BridgeRefused if there is no such room."""
        until = timezone.now() + TOKEN_LIFE
        try:
            with connect(
                self.address,
                subprotocols=[Subprotocol("janus-protocol")],
                open_timeout=self.timeout_seconds,
                close_timeout=0.2,
                compression=None,
                proxy=None,
            ) as socket:
                visit = _Visit(socket, door_token(self.token_secret, until), self.timeout_seconds)
                return read_sounds(visit.joined(room, room_token(self.token_secret, until, room)))
        except (OSError, TimeoutError, ValueError, KeyError, WebSocketException) as failure:
            raise BridgeDown(server=self.server or self.address) from failure


class _Visit:
    def __init__(self, socket: ClientConnection, token: str, timeout_seconds: float) -> None:
        self._socket, self._token, self._timeout = socket, token, timeout_seconds
        self._session: dict[str, int] = {}

    def joined(self, room: str, token: str) -> dict[str, Any]:
        """Return what the room tells a newcomer; the session is over by then."""
        self._session["session_id"] = self._ask("create")["data"]["id"]
        handle = self._ask("attach", plugin=VIDEOROOM)["data"]["id"]
        name = f"{LOOKS_AS}{secrets.token_hex(4)}"
        body = {"request": "join", "ptype": "publisher", "room": room, "id": name, "token": token}
        told: dict[str, Any] = self._ask("message", handle_id=handle, body=body)["plugindata"]["data"]
        self._ask("destroy")
        if "error" in told:
            raise BridgeRefused(reason=told["error"], number=told.get("error_code", 0))
        return told

    def _ask(self, verb: str, **body: Any) -> dict[str, Any]:
        """Send one request; return its final answer, passing over acknowledgements and news."""
        transaction = secrets.token_hex(6)
        request = {"janus": verb, "transaction": transaction, "token": self._token, **self._session, **body}
        self._socket.send(json.dumps(request))
        while True:
            answer: dict[str, Any] = json.loads(self._socket.recv(timeout=self._timeout))
            if answer.get("transaction") != transaction or answer["janus"] == "ack":
                continue
            if answer["janus"] == "error":
                raise BridgeRefused(reason=answer["error"]["reason"], number=answer["error"]["code"])
            return answer
