"""Where to send media to a terminal that may be behind a router: to where its own media come from."""

from dataclasses import dataclass

SILENT_SECONDS = 3.0
Address = tuple[str, int]


@dataclass
class Latch:
    """Learns one address. `announced` is what the call said; `trusted` the hosts whose media we take at all.

    A router may give the terminal another port than announced, so the first media heard teach the address. A second
    source is refused while the first speaks: nobody takes over a call by sending packets to its port.
    """

    announced: Address
    trusted: frozenset[str]
    learned: Address | None = None
    _heard_at: float = 0.0

    @property
    def target(self) -> Address:
        """Where to send."""
        return self.learned or self.announced

    def accept(self, source: Address, now: float) -> bool:
        """Tell whether to take a packet from `source` at `now` (seconds), learning from it."""
        if source[0] not in self.trusted:
            return False
        if source != self.learned:
            if self.learned is not None and now - self._heard_at < SILENT_SECONDS:
                return False
            self.learned = source
        self._heard_at = now
        return True
