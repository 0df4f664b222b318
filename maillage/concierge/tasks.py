"""What the desk notices by itself."""

from datetime import datetime

from maillage.concierge import services
from maillage.core.schedule import every


@every(minutes=1)
def notice_silent_stations(now: datetime) -> int:
    """Open a ticket for each station that fell silent, close those heard again."""
    return services.notice_silence(now)


@every(minutes=1)
def close_calls_left_open(now: datetime) -> int:
    """End the calls to the desk whose page was closed or cut."""
    return len(services.close_gone_calls(now))


@every(minutes=60)
def mail_weekly_list(now: datetime) -> int:
    """On Monday morning, write to the desk what may fail this week."""
    return services.send_weekly_list(now)


@every(minutes=60)
def forget_rehearsals(now: datetime) -> int:
    """Forget the old rehearsals of nobody in particular."""
    return services.forget_trials(now)
