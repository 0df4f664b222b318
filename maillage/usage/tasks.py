"""What the counting does by itself."""

from datetime import datetime

from maillage.core.schedule import every
from maillage.usage import services


@every(minutes=15)
def count_missing(now: datetime) -> int:
    """Count the ended meetings that a stopped process left uncounted."""
    return services.count_missing(now)
