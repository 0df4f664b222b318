"""Where registered terminals are: name → the address their registration came from. Kept in memory: they come back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sipmessage import Address, Request, Response

from maillage.conference.gateways.sip.call import response_to
from maillage.conference.gateways.sip.transport import Peer

LONGEST_SECONDS = 3600
USUAL_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Binding:
    """One terminal: where it says it is reached, where it is reached in fact, and until when."""

    contact: Address
    peer: Peer
    until: datetime


class Registrar:
    """One binding per name: the last registration wins, as the one in use."""

    def __init__(self) -> None:
        self._bindings: dict[str, Binding] = {}

    def register(self, username: str, request: Request, peer: Peer, now: datetime) -> Response:
        """Note, renew or remove the binding; return the answer that lists it."""
        wanted = self._wanted_seconds(request)
        if wanted == 0:
            self._bindings.pop(username, None)
        elif request.contact:
            self._bindings[username] = Binding(request.contact[0], peer, now + timedelta(seconds=wanted))
        response = response_to(request, 200)
        if binding := self.find(username, now):
            left = str(int((binding.until - now).total_seconds()))
            response.contact = [
                Address(binding.contact.uri, parameters=binding.contact.parameters.replace(expires=left))
            ]
        return response

    @staticmethod
    def _wanted_seconds(request: Request) -> int:
        own = request.contact[0].parameters.get("expires") if request.contact else None
        asked = int(own) if own and own.isdigit() else request.expires
        return min(USUAL_SECONDS if asked is None else asked, LONGEST_SECONDS)

    def find(self, username: str, now: datetime) -> Binding | None:
        """Return where `username` is, None if not registered now."""
        binding = self._bindings.get(username)
        return binding if binding and binding.until > now else None
