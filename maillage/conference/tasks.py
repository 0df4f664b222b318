"""What runs by itself."""

from datetime import datetime

from maillage.conference.services import close_finished
from maillage.core.schedule import every


@every(minutes=1)
def close_finished_meetings(now: datetime) -> int:
    """End the meetings whose time is over and where nobody is."""
    return close_finished(now)
