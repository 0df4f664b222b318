"""Minutes: kept at each change of the draft, then sent to all the parties."""

from datetime import datetime

from django.db import transaction

from maillage.booking.models import Party
from maillage.conference.domain.minutes import Draft
from maillage.conference.errors import MinutesChanged, MinutesEmpty
from maillage.conference.models import Minutes, NoticeKind
from maillage.conference.selectors.minutes import draft_of, minutes_of
from maillage.conference.services.notices import write_notices
from maillage.conference.services.stays import locked
from maillage.core.journal import record


@transaction.atomic
def save_minutes(*, conference_id: int, party: Party, draft: Draft, version: int, now: datetime) -> Minutes:
    """Keep the draft as it is; the same one again changes nothing.

    Raises MinutesChanged if it was written from another version than the present one.
    """
    minutes = minutes_of(locked(conference_id))
    if minutes.pk and draft_of(minutes) == draft:
        return minutes
    if minutes.version != version:
        raise MinutesChanged(version=minutes.version)
    minutes.present, minutes.decisions = draft.present, draft.decisions
    minutes.actions = [action.as_json() for action in draft.actions]
    minutes.version, minutes.saved_at, minutes.saved_by = minutes.version + 1, now, party
    minutes.save()
    return minutes


@transaction.atomic
def send_minutes(*, conference_id: int, party: Party, now: datetime) -> int:
    """Send the minutes as they stand to all the parties, once for each version; return to how many addresses.

    Raises MinutesEmpty.
    """
    minutes = minutes_of(locked(conference_id))
    if not minutes.pk or draft_of(minutes).is_empty:
        raise MinutesEmpty
    written = write_notices(booking=party.booking, kind=NoticeKind.MINUTES, version=minutes.version, now=now)
    if minutes.sent_version != minutes.version:
        minutes.sent_at, minutes.sent_version = now, minutes.version
        minutes.save(update_fields=["sent_at", "sent_version"])
        subject = f"booking:{party.booking.reference}"
        record("minutes.sent", subject, through="link", party=party.pk, version=minutes.version, letters=written)
    return written
