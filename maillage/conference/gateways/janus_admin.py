"""Janus through its administration door: what Django asks of a bridge server. One short connection per request."""

import contextlib
import json
import secrets
import socket
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Protocol

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from maillage.conference.domain import janus_requests as ask
from maillage.conference.domain.janus_requests import Keys, Participant, RoomPlan, Sound
from maillage.conference.gateways.errors import BridgeDown, BridgeRefused
from maillage.conference.gateways.janus_look import ClientDoor

ROOM_EXISTS = 427
NO_SUCH_ROOM = 426
MIX_EXISTS = 486
NO_SUCH_MIX = 485


@dataclass(frozen=True, slots=True)
class Health:
    """How a server fares: rooms and people in them, and how long it took to say so."""

    rooms: int
    participants: int
    answer_ms: float


class Bridge(Protocol):
    """What a conference asks of one bridge server. Every call raises BridgeDown if the server does not answer."""

    @property
    def name(self) -> str: ...

    def health(self) -> Health:
        """Return how the server fares."""

    def open_room(self, plan: RoomPlan) -> None:
        """Make the room, or leave it as it is if it exists."""

    def close_room(self, room: str) -> None:
        """End the room; harmless if it does not exist."""

    def rooms(self) -> list[str]:
        """Return the names of all rooms."""

    def participants(self, room: str) -> list[Participant]:
        """Return who is in the room. Raises BridgeRefused if there is no such room."""

    def kick(self, room: str, participant: str) -> None:
        """Put a participant out; harmless if they have left."""

    def mute(self, room: str, participant: str, mid: str, *, muted: bool) -> None:
        """Hold back one medium of a participant at the server, or let it through again."""

    def sounds(self, room: str) -> list[Sound]:
        """Return every sound that is sent in the room. Raises BridgeRefused if there is no such room."""

    def record(self, room: str, *, recording: bool) -> None:
        """Start or stop recording everybody in the room."""


class AdminDoor:
    """One server's administration address: `ws://…`, or `unix:/path` for a socket on the same machine."""

    def __init__(self, address: str, secret: str, *, server: str = "", timeout_seconds: float = 2.0) -> None:
        self.address, self.server = address, server or address
        self._secret, self._timeout = secret, timeout_seconds

    def call(self, verb: str, **body: Any) -> dict[str, Any]:
        """Send one request and return the answer. Raises BridgeDown, or BridgeRefused with the server's reason."""
        request = {"janus": verb, "transaction": secrets.token_hex(6), "admin_secret": self._secret, **body}
        try:
            answer: dict[str, Any] = json.loads(self._exchange(json.dumps(request)))
        except (OSError, TimeoutError, ValueError, WebSocketException) as failure:
            raise BridgeDown(server=self.server) from failure
        if "error" in answer:
            raise BridgeRefused(reason=answer["error"].get("reason", ""), number=answer["error"].get("code", 0))
        return answer

    def plugin(self, plugin: str, request: ask.Request) -> dict[str, Any]:
        """Send one synchronous request to a plugin and return its answer."""
        answer: dict[str, Any] = self.call("message_plugin", plugin=plugin, request=request)["response"]
        if "error" in answer:
            raise BridgeRefused(reason=answer["error"], number=answer.get("error_code", 0))
        return answer

    def _exchange(self, text: str) -> str | bytes:
        if self.address.startswith("unix:"):
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
                door.settimeout(self._timeout)
                door.connect(self.address.removeprefix("unix:"))
                door.send(text.encode())
                return door.recv(1 << 20)
        with connect(
            self.address,
            subprotocols=[Subprotocol("janus-admin-protocol")],
            open_timeout=self._timeout,
            close_timeout=0.2,
            compression=None,
            proxy=None,
        ) as door:
            door.send(text)
            return door.recv(timeout=self._timeout)


class JanusBridge:
    """A real Janus server."""

    def __init__(self, name: str, door: AdminDoor, keys: Keys, client: ClientDoor) -> None:
        self.name, self.door, self.keys, self.client = name, door, keys, client

    def health(self) -> Health:
        """Return how the server fares."""
        began = perf_counter()
        listed = self.door.plugin(ask.VIDEOROOM, ask.list_rooms(self.keys))["list"]
        people = sum(int(room["num_participants"]) for room in listed)
        return Health(len(listed), people, (perf_counter() - began) * 1000)

    def open_room(self, plan: RoomPlan) -> None:
        """Make the room, or leave it as it is if it exists."""
        with _unless(ROOM_EXISTS):
            self.door.plugin(ask.VIDEOROOM, ask.create_room(plan, self.keys))

    def close_room(self, room: str) -> None:
        """End the room and its mix; harmless if they do not exist."""
        with _unless(NO_SUCH_ROOM):
            self.door.plugin(ask.VIDEOROOM, ask.destroy_room(room, self.keys))
        with _unless(NO_SUCH_MIX):
            self.door.plugin(ask.AUDIOBRIDGE, ask.destroy_mix(room, self.keys))

    def rooms(self) -> list[str]:
        """Return the names of all rooms."""
        listed = self.door.plugin(ask.VIDEOROOM, ask.list_rooms(self.keys))["list"]
        return sorted(str(room["room"]) for room in listed)

    def participants(self, room: str) -> list[Participant]:
        """Return who is in the room."""
        return ask.read_participants(self.door.plugin(ask.VIDEOROOM, ask.list_participants(room, self.keys)))

    def kick(self, room: str, participant: str) -> None:
        """Put a participant out; harmless if they have left."""
        with _unless(428):
            self.door.plugin(ask.VIDEOROOM, ask.kick(room, participant, self.keys))

    def mute(self, room: str, participant: str, mid: str, *, muted: bool) -> None:
        """Hold back one medium of a participant at the server, or let it through again."""
        self.door.plugin(ask.VIDEOROOM, ask.moderate(room, participant, mid, self.keys, mute=muted))

    def sounds(self, room: str) -> list[Sound]:
        """Return every sound that is sent in the room."""
        return self.client.sounds(room)

    def record(self, room: str, *, recording: bool) -> None:
        """Start or stop recording everybody in the room."""
        self.door.plugin(ask.VIDEOROOM, ask.enable_recording(room, self.keys, record=recording))


@contextlib.contextmanager
def _unless(number: int) -> Any:
    """Let one refusal of the plugin pass: the thing is already as wanted."""
    try:
        yield
    except BridgeRefused as refusal:
        if refusal.details["number"] != number:
            raise
