"""The gateway as one thing: the user agent, the ports, the rooms and the switchboard, started and stopped together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from maillage.conference.gateways.relay.udp import PortRange
from maillage.conference.gateways.sip.agent import Accounts, AgentSettings, SipAgent
from maillage.conference.gateways.sip.outgoing import Line
from maillage.conference.gateways.sipgate.bridges import GatewayRooms
from maillage.conference.gateways.sipgate.directory import Directory
from maillage.conference.gateways.sipgate.switchboard import Switchboard


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """Where the gateway listens, the ports its media use, and an operator's line for calls out."""

    agent: AgentSettings
    first_port: int
    last_port: int
    line: Line | None = None


@asynccontextmanager
async def gateway(settings: GatewaySettings, directory: Directory, accounts: Accounts) -> AsyncIterator[Switchboard]:
    """Run a gateway. Raises OSError if its address is taken."""
    host = settings.agent.host
    rooms = GatewayRooms(directory, host)
    board = Switchboard(directory, rooms, PortRange(host, settings.first_port, settings.last_port), settings.line)
    board.agent = SipAgent(settings.agent, accounts, board.take)
    await board.agent.start()
    try:
        yield board
    finally:
        await board.stop()
