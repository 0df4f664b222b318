"""What runs by itself, see `core.schedule`."""

from datetime import datetime

from maillage.booking.services import release_expired_holds, send_due_letters, write_missing_letters, write_reminders
from maillage.booking.services.answering import follow_openings
from maillage.booking.services.bounces import read_bounces
from maillage.booking.services.calendars import sync_due_feeds
from maillage.booking.services.closing import find_lost_rooms
from maillage.booking.services.loss_letters import follow_losses
from maillage.booking.services.seat_letters import remind_seats
from maillage.core.schedule import every
from maillage.points.services import retire_closed_rooms


@every(minutes=1)
def release_holds(now: datetime) -> int:
    """Free the rooms of the holds nobody confirmed in time."""
    return release_expired_holds(now)


@every(minutes=1)
def follow_requests(now: datetime) -> int:
    """Remind the points that have not answered, ask others, and end the requests nobody answered."""
    return follow_openings(now)


@every(minutes=5)
def follow_lost_rooms(now: datetime) -> int:
    """Find the meetings whose room closed, remind their organisers, have somebody call; take away closed rooms."""
    return find_lost_rooms(now) + follow_losses(now) + retire_closed_rooms(now)


@every(minutes=5)
def read_returned_letters(now: datetime) -> int:
    """Read the reports of letters that came back, if a folder is set for them."""
    return read_bounces(now)


@every(minutes=5)
def remind(now: datetime) -> int:
    """Write the reminders of the day before and of the half hour before, those of public sessions too."""
    return write_reminders(now) + remind_seats(now)


@every(minutes=2)
def post(now: datetime) -> int:
    """Write the letters that a stopped process left unwritten, and try again those that a mail server refused."""
    return write_missing_letters(now) + send_due_letters(now)


@every(minutes=1)
def follow_calendars(now: datetime) -> int:
    """Read the other calendars of the rooms whose time has come, and write our bookings back."""
    return sync_due_feeds(now)
