"""What the desk notices by itself."""

from datetime import datetime

from maillage.concierge import services
from maillage.core.schedule import every


@every(minutes=1)
def notice_silent_stations(now: datetime) -> int:
    """Open a ticket for each station that fell silent, close those heard again."""
    return services.notice_silence(now)
