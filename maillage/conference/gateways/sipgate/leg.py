"""One call in the gateway: its signalling, its media, and where it stands on its way into a conference."""

from dataclasses import dataclass, field
from enum import StrEnum

from maillage.conference.domain import sdp
from maillage.conference.domain.keypad import CodeEntry, CommandReader
from maillage.conference.gateways.relay.terminal import TerminalMedia
from maillage.conference.gateways.sip.call import Call
from maillage.conference.gateways.sipgate.directory import Caller, Invitation, LegFacts, Recorded


class LegState(StrEnum):
    """ASKING for the code, WAITING to be let in, IN the conference, or OVER."""

    ASKING = "asking"
    WAITING = "waiting"
    IN = "in"
    OVER = "over"


@dataclass
class Leg:
    """A call and what it has become."""

    id: str
    call: Call
    media: TerminalMedia
    state: LegState = LegState.ASKING
    room: str = ""
    name: str = ""
    party: int = 0
    language: str = "fr"
    is_held_back: bool = False
    recorded: Recorded = Recorded.NOT
    asked_at: float = 0.0
    entry: CodeEntry = field(default_factory=CodeEntry)
    commands: CommandReader = field(default_factory=CommandReader)

    @property
    def address(self) -> str:
        """Where the call comes from or goes to."""
        return self.call.peer.host

    def facts(self) -> LegFacts:
        """Return what the application is told."""
        return LegFacts(self.id, self.party, self.room, self.name, self.address, self.media.has_picture)

    def caller(self) -> Caller:
        """Return who calls, as far as they say."""
        return Caller(self.address, self.call.caller, self.media.has_picture)

    def accept(self, invitation: Invitation) -> None:
        """Take up an invitation."""
        self.room, self.name, self.party = invitation.room, invitation.name, invitation.party
        self.language = invitation.language

    def agree(self, offered: str) -> str:
        """Take what the terminal offers; return our answer. Raises sdp.Unacceptable."""
        theirs = sdp.read(offered)
        chosen = sdp.choose(theirs)
        self.media.meet(theirs, chosen, self.call.peer.host)
        return sdp.answer(theirs, chosen, self.media.ours())

    def take_answer(self) -> None:
        """Take the terminal's answer to our own offer. Raises sdp.Unacceptable."""
        theirs = sdp.read(self.call.body)
        self.media.meet(theirs, sdp.choose(theirs), self.call.peer.host)
