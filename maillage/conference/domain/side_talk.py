"""A talk apart of two sides: its limits, and who is in it, as kept in one row. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from maillage.conference.domain.presence import Presence, Present, has_vanished

MAY_AGREE = timedelta(minutes=15)
"""So long after the end of their meeting, two sides may still agree to talk apart."""
LASTS = timedelta(minutes=10)
Seats = Mapping[str, Mapping[str, Any]]


def heard_seats(seats: Seats, now: datetime) -> dict[str, dict[str, Any]]:
    """Return the seats whose pages are still heard."""
    heard = {party: dict(seat) for party, seat in seats.items()}
    return {party: seat for party, seat in heard.items() if not has_vanished(datetime.fromisoformat(seat["seen"]), now)}


def presence_in(seats: Seats, version: int, names: Mapping[int, tuple[str, int]]) -> Presence:
    """Return who is in; `names` gives the name and head count of each party."""
    ordered = sorted(seats.items(), key=lambda item: item[1]["order"])
    return Presence(version, tuple(_present(int(party), seat, *names[int(party)]) for party, seat in ordered))


def _present(party: int, seat: Mapping[str, Any], name: str, head_count: int) -> Present:
    sends: dict[str, Any] = {key: bool(seat[key]) for key in ("microphone", "camera", "screen", "sound_only")}
    who: dict[str, Any] = {"party": party, "page": seat["page"], "order": seat["order"]}
    return Present(**who, name=name, head_count=head_count, images=seat["images"], **sends)
