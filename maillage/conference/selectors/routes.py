"""Where the sound and image of a meeting pass now."""

from uuid import UUID

from maillage.booking.models import Party
from maillage.conference.domain.topology import DIRECT, Route, Topology
from maillage.conference.models import Attendance, BridgeRoom


def route_in(room: BridgeRoom | None) -> Route:
    """Return the route that a meeting's room says, DIRECT without one."""
    if room is None:
        return DIRECT
    if not room.is_in_use:
        return Route(Topology.P2P, room.generation)
    return Route(Topology.BRIDGE, room.generation, room.room, room.server)


def route_of(conference_id: int) -> Route:
    """Return the present route. One query."""
    return route_in(BridgeRoom.objects.filter(conference_id=conference_id).first())


def kinds_in(conference_id: int) -> list[str]:
    """Return the kind (PartyKind) of each party that is in. One query."""
    stays = Attendance.objects.filter(conference_id=conference_id, left_at=None)
    return list(stays.values_list("party__kind", flat=True))


def kinds_of(booking_id: UUID) -> dict[int, str]:
    """Return the kind of each party of a booking, callers that came unannounced too. One query."""
    return dict(Party.objects.filter(booking_id=booking_id).values_list("pk", "kind"))
