"""Tell who waits: by letter if they gave an e-mail, by text message if a mobile number."""

from datetime import datetime, timedelta
from typing import Final

from maillage.booking.models import SideLetterKind, Wait
from maillage.booking.selectors.wait_notes import wait_text
from maillage.booking.services.side_letters import write_side_letter
from maillage.core.texting import text_to

_STALE: Final = timedelta(hours=12)


def tell_wait(wait: Wait, kind: SideLetterKind, *, key: str, now: datetime, until: datetime | None = None) -> None:
    """Write one letter or text message of `kind`, within the caller's transaction. The same `key` again is once."""
    if wait.email:
        write_side_letter(kind, wait.pk, wait.email, key=key, now=now)
    elif wait.phone:
        text_to(
            wait.phone, wait_text(kind, wait), key=key, subject=f"wait:{wait.pk}", until=until or now + _STALE, now=now
        )
