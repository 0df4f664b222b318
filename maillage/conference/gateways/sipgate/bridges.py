"""The gateway's rooms, over one session per bridge server, and what to do when a server is lost."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from maillage.conference.domain import janus_requests as ask
from maillage.conference.domain.janus_requests import Keys
from maillage.conference.gateways.errors import BridgeDown, BridgeRefused, NoBridge
from maillage.conference.gateways.janus_session import JanusSession
from maillage.conference.gateways.sipgate.directory import BridgeAccess, Directory
from maillage.conference.gateways.sipgate.place import Place, RoomAtBridge
from maillage.conference.gateways.sipgate.room import GatewayRoom
from maillage.conference.gateways.tokens import door_token, room_token

logger = logging.getLogger(__name__)
TOKEN_LIFE = timedelta(days=1)
RETRY_SECONDS = 0.2
PLUGINS = ask.VIDEOROOM, ask.AUDIOBRIDGE, ask.STREAMING


@dataclass
class GatewayRooms:
    """`enter` makes the room on first need; `leave` ends it with its last terminal."""

    directory: Directory
    host: str
    on_moved: Callable[[str], None] = lambda _room: None
    _sessions: dict[str, JanusSession] = field(default_factory=dict)
    _rooms: dict[str, GatewayRoom] = field(default_factory=dict)
    _watches: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _locks: "defaultdict[str, asyncio.Lock]" = field(default_factory=lambda: defaultdict(asyncio.Lock))

    def names(self) -> list[str]:
        """Return the rooms with a terminal in them."""
        return sorted(self._rooms)

    def room(self, name: str) -> GatewayRoom | None:
        """Return a room with a terminal in it."""
        return self._rooms.get(name)

    async def enter(self, room: str, place_of: Callable[[RoomAtBridge], Place]) -> None:
        """Give a terminal its place in `room`. Raises NoBridge, BridgeDown or BridgeRefused."""
        async with self._locks[room]:
            if room not in self._rooms:
                self._rooms[room] = await self._opened(room)
            try:
                await self._rooms[room].enter(place_of(self._rooms[room].at))
            finally:
                await self._close_if_empty(room)

    async def leave(self, room: str, leg_id: str) -> None:
        """Take a terminal out of `room`."""
        async with self._locks[room]:
            if held := self._rooms.get(room):
                await held.leave(leg_id)
                await self._close_if_empty(room)

    async def _close_if_empty(self, name: str) -> None:
        held = self._rooms.get(name)
        if held and not held.places:
            del self._rooms[name]
            await held.stop()

    async def stay_put(self) -> None:
        """Move no room any more: one that looks for a living server would hold whoever leaves it."""
        for watch in self._watches.values():
            watch.cancel()
        await asyncio.gather(*self._watches.values(), return_exceptions=True)

    async def stop(self) -> None:
        """Leave every room and close every session."""
        await self.stay_put()
        try:
            for room in self._rooms.values():
                await room.stop()
            for session in self._sessions.values():
                await session.__aexit__(None, None, None)
        finally:  # given up half way too
            await asyncio.gather(*(session.close() for session in self._sessions.values()))
            self._rooms.clear()
            self._sessions.clear()

    async def _opened(self, name: str) -> GatewayRoom:
        access = await self.directory.access(name)
        session = await self._session(access)
        token = room_token(access.token_secret, datetime.now(UTC) + TOKEN_LIFE, name)
        room = GatewayRoom(RoomAtBridge(name, session, Keys(access.plugin_key), self.host, token))
        await room.start()
        return room

    async def _session(self, access: BridgeAccess) -> JanusSession:
        session = self._sessions.get(access.server)
        if session is None or session.lost.is_set():
            token = door_token(access.token_secret, datetime.now(UTC) + TOKEN_LIFE, *PLUGINS)
            session = JanusSession(access.url, token, access.server, access.media_address)
            await session.__aenter__()
            self._sessions[access.server] = session
            self._watches[access.server] = asyncio.create_task(self._watch(access.server, session))
        return session

    async def _watch(self, server: str, session: JanusSession) -> None:
        """Wait for the loss of a server; then give its rooms, calls still up, a place elsewhere."""
        await session.lost.wait()
        logger.warning("bridge %s lost", server)
        lost = [name for name, room in self._rooms.items() if room.at.session is session]
        await asyncio.gather(*(self._move(name) for name in lost))
        await session.__aexit__(None, None, None)

    async def _move(self, name: str) -> None:
        async with self._locks[name]:
            old = self._rooms.pop(name)
            terminals = list(old.places.values())
            await old.stop()
            room = await self._reopened(name)
            self._rooms[name] = room
            for before in terminals:
                await room.enter(Place(room.at, before.id, before.name, before.media))
        self.on_moved(name)

    async def _reopened(self, name: str) -> GatewayRoom:
        while True:
            try:
                return await self._opened(name)
            except (NoBridge, BridgeDown, BridgeRefused):
                await asyncio.sleep(RETRY_SECONDS)
