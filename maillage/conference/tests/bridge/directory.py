"""A directory in memory: codes, rooms on private bridge servers, and all that it was told."""

from dataclasses import dataclass, field

from maillage.conference.domain.janus_requests import RoomPlan
from maillage.conference.gateways.errors import BridgeDown, NoBridge
from maillage.conference.gateways.sipgate.directory import BridgeAccess, Caller, Invitation, LegFacts, Recorded, Turned
from maillage.conference.tests.bridge.conftest import bridge_of
from tooling import media


@dataclass
class PlainDirectory:
    """Every code of `codes` opens its invitation; rooms are on the first of `servers` that lives."""

    servers: list[media.PrivateJanus]
    codes: dict[str, Invitation | Turned] = field(default_factory=dict)
    told: list[tuple[str, str]] = field(default_factory=list)
    is_over: bool = False
    opens: bool | None = None
    lets_speak: bool = True
    recording: Recorded = Recorded.NOT

    async def find(self, code: str, caller: Caller) -> Invitation | Turned:
        return self.codes.get(code, Turned.UNKNOWN)

    async def access(self, room: str) -> BridgeAccess:
        for server in self.servers:
            try:
                bridge_of(server).open_room(RoomPlan(room))
            except BridgeDown:
                continue
            place = server.place
            return BridgeAccess(place.name, server.client_url, place.token_secret, place.plugin_key, place.address)
        raise NoBridge

    async def joined(self, leg: LegFacts) -> None:
        self.told.append(("joined", leg.id))

    async def still_in(self, leg: LegFacts) -> bool:
        return not self.is_over

    async def follow_floor(self, leg: LegFacts, spoken_seconds: float) -> bool:
        if spoken_seconds:
            self.told.append(("spoke", leg.id))
        return self.lets_speak

    async def recorded(self, leg: LegFacts) -> Recorded:
        return self.recording

    async def consents(self, leg: LegFacts, *, accepts: bool) -> bool:
        self.told.append(("consents", "yes" if accepts else "no"))
        is_asked = self.recording is not Recorded.NOT
        self.recording = Recorded.ON if accepts and is_asked else self.recording
        return is_asked

    async def waiting(self, leg: LegFacts) -> None:
        self.told.append(("waiting", leg.id))

    async def answered(self, leg: LegFacts) -> bool | None:
        return self.opens

    async def left(self, leg: LegFacts, reason: str) -> None:
        self.told.append(("left", reason))

    async def pressed(self, leg: LegFacts, command: str) -> None:
        self.told.append(("pressed", command))
