"""What stations need to be done by itself."""

from datetime import datetime

from maillage.core.schedule import every
from maillage.station import services


@every(minutes=5)
def follow_stations(now: datetime) -> int:
    """Offer again, or no longer, the rooms whose waiver ran out or whose station was withdrawn."""
    return services.follow_all_stations(now)


@every(minutes=5)
def end_loans(now: datetime) -> int:
    """Withdraw the screens that were lent until now."""
    return services.end_loans(now)


@every(minutes=60)
def forget_pairing_requests(now: datetime) -> int:
    """Forget the codes that nobody typed."""
    return services.forget_expired_requests(now)
