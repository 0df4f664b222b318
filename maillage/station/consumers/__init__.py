"""What the screens of a room say past Django's pages."""

from maillage.station.consumers.relay import Relay
from maillage.station.consumers.screen import PATH, Heartbeat, Wire

__all__ = ["PATH", "Heartbeat", "Relay", "Wire"]
