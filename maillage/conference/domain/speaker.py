"""Whose picture a terminal is shown, when it can show one: who speaks, without flicker, and never oneself."""

from dataclasses import dataclass, field

HOLD_SECONDS = 2.0
"""A new voice takes the screen only after the last change has stood this long: a cough does not cut."""


@dataclass
class SpeakerOrder:
    """The sites with a picture, the latest to have spoken first."""

    _order: list[str] = field(default_factory=list)
    _changed_at: float = float("-inf")
    _waiting: str = ""

    def came(self, site: str) -> None:
        """A site with a picture is there."""
        if site not in self._order:
            self._order.append(site)

    def left(self, site: str) -> None:
        """A site is gone, or has no picture any more."""
        if site in self._order:
            self._order.remove(site)
        if self._waiting == site:
            self._waiting = ""

    def spoke(self, site: str, now: float) -> None:
        """A site began to speak."""
        if site not in self._order or self._order[0] == site:
            self._waiting = ""
        elif now - self._changed_at < HOLD_SECONDS:
            self._waiting = site
        else:
            self._promote(site, now)

    def settle(self, now: float) -> None:
        """Let the voice that waited take its turn, if its time has come."""
        if self._waiting and now - self._changed_at >= HOLD_SECONDS:
            self._promote(self._waiting, now)

    def _promote(self, site: str, now: float) -> None:
        self._order.remove(site)
        self._order.insert(0, site)
        self._changed_at, self._waiting = now, ""

    def shown_to(self, viewer: str) -> str:
        """Return the site that `viewer` sees: the latest speaker but itself; empty if alone."""
        return next((site for site in self._order if site != viewer), "")
