"""What runs by itself, see `core.schedule`."""

from datetime import datetime

from maillage.core.schedule import every
from maillage.portal.services import follow_erasures


@every(minutes=60)
def forget_who_asked(now: datetime) -> int:
    """Finish what people asked to have erased."""
    return follow_erasures(now)
