"""Is a bridge server fit for its work? Each thing that may be wrong is looked at in turn, as a meeting would use it."""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from maillage.conference.domain.janus_requests import AUDIOBRIDGE, STREAMING, VIDEOROOM, RoomPlan
from maillage.conference.gateways.errors import BridgeDown, BridgeRefused
from maillage.conference.gateways.janus_admin import JanusBridge
from maillage.conference.gateways.janus_look import ClientDoor

OLDEST = 1100
"""Janus 1.1.0, as it counts: what the requests were tried against."""
NEEDED = (VIDEOROOM, AUDIOBRIDGE, STREAMING)


class Fault(StrEnum):
    """What keeps a server from its work, the first that is met."""

    UNREACHABLE = "unreachable"
    ADMINISTRATION = "administration"
    OLD = "old"
    PLUGIN_MISSING = "plugin-missing"
    PLUGIN_KEY = "plugin-key"
    CLIENTS = "clients"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class Inspection:
    """How a server was found. `fault` is None for a good one; `detail` is its version, or what the fault is about."""

    server: str
    fault: Fault | None = None
    detail: str = ""


def inspect(bridge: JanusBridge, client_url: str) -> Inspection:
    """Try one server: its administration, its version, its plugins, and a room that a browser would enter.

    Takes some tens of milliseconds from a living server, two seconds from a dead one.
    """
    try:
        about = bridge.door.call("info")
        bridge.door.call("get_status")  # the first one asks for no secret
    except BridgeDown:
        return Inspection(bridge.name, Fault.UNREACHABLE, bridge.door.address)
    except BridgeRefused:
        return Inspection(bridge.name, Fault.ADMINISTRATION)
    version = str(about.get("version_string", "?"))
    if int(about.get("version", 0)) < OLDEST:
        return Inspection(bridge.name, Fault.OLD, version)
    if missing := [name for name in NEEDED if name not in about.get("plugins", {})]:
        return Inspection(bridge.name, Fault.PLUGIN_MISSING, ", ".join(missing))
    return _visited(bridge, client_url) or Inspection(bridge.name, None, version)


def _visited(bridge: JanusBridge, client_url: str) -> Inspection | None:
    """Make a room, enter it by each address that is used, end it; return what went wrong."""
    room = f"doctor-{secrets.token_hex(6)}"
    try:
        bridge.open_room(RoomPlan(room))
    except (BridgeDown, BridgeRefused):
        return Inspection(bridge.name, Fault.PLUGIN_KEY)
    try:
        for address in dict.fromkeys((bridge.client.address, client_url)):
            try:
                ClientDoor(address, bridge.client.token_secret, bridge.name).sounds(room)
            except BridgeDown:
                return Inspection(bridge.name, Fault.CLIENTS, address)
            except BridgeRefused:
                return Inspection(bridge.name, Fault.TOKENS)
    finally:
        bridge.close_room(room)
    return None
