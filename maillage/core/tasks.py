"""What runs by itself, see `core.schedule`."""

from datetime import datetime

from maillage.core.forgetting import forget_all
from maillage.core.schedule import every
from maillage.core.short_links import forget_short_links
from maillage.core.texting import send_due_texts


@every(minutes=1)
def text(now: datetime) -> int:
    """Try again the text messages that a provider refused, and those a stopped process left."""
    return send_due_texts(now)


@every(minutes=1440)
def forget(now: datetime) -> int:
    """Forget the short addresses whose time has passed."""
    return forget_short_links(now)


@every(minutes=60)
def forget_people(now: datetime) -> int:
    """Forget the personal data that was kept long enough."""
    return sum(forget_all(now).values())
