"""What runs by itself, see `core.schedule`."""

from datetime import datetime

from maillage.booking.services import release_expired_holds, send_due_letters, write_missing_letters, write_reminders
from maillage.booking.services.answering import follow_openings
from maillage.booking.services.bounces import read_bounces
from maillage.booking.services.calendars import sync_due_feeds
from maillage.booking.services.closing import find_lost_rooms
from maillage.booking.services.door_codes import forget_codes_used
from maillage.booking.services.keys import forget_holders, remind_late_keys
from maillage.booking.services.loss_letters import follow_losses
from maillage.booking.services.seat_letters import remind_seats
from maillage.booking.services.side_letters import forget_side_letters, send_due_side_letters
from maillage.booking.services.turnouts import follow_lifeless
from maillage.booking.services.waiting_line import serve_line
from maillage.booking.services.waits import forget_waits, note_freed
from maillage.core.schedule import every
from maillage.points.services import retire_closed_rooms


@every(minutes=1)
def release_holds(now: datetime) -> int:
    """Free the rooms of the holds nobody confirmed in time: somebody in line may want them."""
    count = release_expired_holds(now)
    if count:
        note_freed()
    return count


@every(minutes=1)
def serve_who_waits(now: datetime) -> int:
    """Offer what was freed to the first in line whom it suits."""
    return serve_line(now)


@every(minutes=1)
def follow_requests(now: datetime) -> int:
    """Remind the points that have not answered, ask others, and end the requests nobody answered."""
    return follow_openings(now)


@every(minutes=1)
def follow_comings(now: datetime) -> tuple[int, int]:
    """Ask those who give no sign of life whether they come, then give their rooms back."""
    return follow_lifeless(now)


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


@every(minutes=15)
def ask_for_keys(now: datetime) -> int:
    """Remind those who have a key that should be back."""
    return remind_late_keys(now)


@every(minutes=2)
def post_apart(now: datetime) -> int:
    """Try again the letters about keys and the waiting list that did not leave."""
    return send_due_side_letters(now)


@every(minutes=60)
def forget(now: datetime) -> int:
    """Forget who had keys, who waited, the codes of past meetings and the letters, once nobody needs them."""
    return forget_holders(now) + forget_codes_used(now) + forget_side_letters(now) + forget_waits(now)
