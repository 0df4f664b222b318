"""A bridge server in memory, for tests of what uses one: same refusals, and it can be made to die."""

from dataclasses import dataclass, field

from maillage.conference.domain.janus_requests import Participant, RoomPlan, Sound
from maillage.conference.gateways.errors import BridgeDown, BridgeRefused
from maillage.conference.gateways.janus_admin import NO_SUCH_ROOM, Health


@dataclass
class FakeBridge:
    """Rooms and people in dictionaries; `mids` are the sounds of a participant who sends others than "0".

    Set `is_alive` to False for a crash: rooms are lost with it."""

    name: str
    members: dict[str, dict[str, Participant]] = field(default_factory=dict)
    muted: set[tuple[str, str, str]] = field(default_factory=set)
    mids: dict[str, tuple[str, ...]] = field(default_factory=dict)
    recorded: set[str] = field(default_factory=set)
    is_alive: bool = True

    def crash(self) -> None:
        """Stop answering and forget every room, as a killed server does."""
        self.is_alive = False
        self.members.clear()

    def _must_live(self) -> None:
        if not self.is_alive:
            raise BridgeDown(server=self.name)

    def _room(self, room: str) -> dict[str, Participant]:
        self._must_live()
        if room not in self.members:
            raise BridgeRefused(reason=f"No such room ({room})", number=NO_SUCH_ROOM)
        return self.members[room]

    def health(self) -> Health:
        """Return how the server fares."""
        self._must_live()
        return Health(len(self.members), sum(map(len, self.members.values())), 1.0)

    def open_room(self, plan: RoomPlan) -> None:
        """Make the room, or leave it as it is if it exists."""
        self._must_live()
        self.members.setdefault(plan.name, {})
        if plan.is_recorded:
            self.recorded.add(plan.name)

    def close_room(self, room: str) -> None:
        """End the room; harmless if it does not exist."""
        self._must_live()
        self.members.pop(room, None)

    def rooms(self) -> list[str]:
        """Return the names of all rooms."""
        self._must_live()
        return sorted(self.members)

    def participants(self, room: str) -> list[Participant]:
        """Return who is in the room."""
        return list(self._room(room).values())

    def kick(self, room: str, participant: str) -> None:
        """Put a participant out; harmless if they have left."""
        self._room(room).pop(participant, None)

    def mute(self, room: str, participant: str, mid: str, *, muted: bool) -> None:
        """Hold back one medium of a participant, or let it through again."""
        if participant not in self._room(room):
            raise BridgeRefused(reason=f"No such user {participant} in room {room}", number=428)
        if muted:
            self.muted.add((room, participant, mid))
        else:
            self.muted.discard((room, participant, mid))

    def sounds(self, room: str) -> list[Sound]:
        """Return every sound that is sent in the room."""
        return [
            Sound(one.id, mid, (room, one.id, mid) in self.muted)
            for one in self._room(room).values()
            for mid in self.mids.get(one.id, ("0",))
        ]

    def record(self, room: str, *, recording: bool) -> None:
        """Start or stop recording everybody in the room."""
        self._room(room)
        if recording:
            self.recorded.add(room)
        else:
            self.recorded.discard(room)

    def enter(self, room: str, participant: Participant) -> None:
        """Put somebody in the room, as a client's join would."""
        self._room(room)[participant.id] = participant
