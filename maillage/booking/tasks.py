"""What runs by itself, see `core.schedule`."""

from datetime import datetime

from maillage.booking.services import release_expired_holds
from maillage.core.schedule import every


@every(minutes=1)
def release_holds(now: datetime) -> int:
    """Free the rooms of the holds nobody confirmed in time."""
    return release_expired_holds(now)
