"""What runs by itself."""

from datetime import datetime

from maillage.conference.gateways.configured import configured_pool
from maillage.conference.services import (
    close_finished,
    forget_documents,
    forget_lines,
    free_rooms,
    make_waiting_films,
    release_dial_codes,
    remove_old_films,
    send_due_notices,
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


@every(minutes=5)
def send_waiting_notices(now: datetime) -> int:
    """Try again the mails about past meetings that did not leave."""
    return send_due_notices(now)


@every(minutes=1)
def make_films(now: datetime) -> int:
    """Have the worker make the films of the recordings that were stopped."""
    return make_waiting_films(now)


@every(minutes=60)
def remove_films(now: datetime) -> int:
    """Remove the films whose time is over."""
    return remove_old_films(now)
