"""What runs by itself."""

from datetime import datetime

from maillage.conference.gateways.configured import configured_pool
from maillage.conference.services import (
    close_finished,
    forget_documents,
    forget_lines,
    free_rooms,
    release_dial_codes,
)
from maillage.core.schedule import every


@every(minutes=1)
def close_finished_meetings(now: datetime) -> int:
    """End the meetings whose time is over and where nobody is."""
    return close_finished(now)


@every(minutes=1)
def free_bridge_rooms(now: datetime) -> int:
    """Give back the rooms that finished meetings had at the bridges."""
    return free_rooms(pool=configured_pool())


@every(minutes=60)
def free_dial_codes(now: datetime) -> int:
    """Let the codes of past meetings be drawn again."""
    return release_dial_codes(now)


@every(minutes=60)
def forget_written_lines(now: datetime) -> int:
    """Delete what was written in meetings once it has been kept long enough."""
    return forget_lines(now)


@every(minutes=60)
def forget_shown_documents(now: datetime) -> int:
    """Remove the documents of meetings that are over."""
    return forget_documents(now)
