"""What the sides of a meeting write, how they are named and introduced, and how long each spoke."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from maillage.conference.models import ChatLine, Spoken
from maillage.conference.selectors.conduct import chat_told
from maillage.conference.services.conduct import conduct_of, keep
from maillage.conference.services.stays import inside, present_party
from maillage.conference.services.telling import tell_inside

FIRST_SPELL = 10.0
"""Seconds that a side may say it spoke when it says so for the first time."""


@transaction.atomic
def write_line(*, stay_id: int, key: str, text: str, now: datetime) -> None:
    """Keep a line and tell it to those inside. The same `key` again changes and tells nothing. Raises NotIn."""
    conference, party = inside(stay_id)
    cleaned = text.strip()
    if not cleaned:
        return
    line, is_new = ChatLine.objects.get_or_create(
        conference=conference, party=party, key=key, defaults={"at": now, "text": cleaned}
    )
    if is_new:
        line.party = party
        tell_inside(conference.pk, chat_told([line]))


def forget_lines(now: datetime) -> int:
    """Delete the lines written in meetings that ended CHAT_KEPT_DAYS ago or more; return how many."""
    limit = now - timedelta(days=settings.CHAT_KEPT_DAYS)
    over = ChatLine.objects.filter(conference__ended_at__lt=limit)
    return over.delete()[0]


@transaction.atomic
def introduce(*, stay_id: int, text: str, party_id: int | None, now: datetime) -> None:
    """Say who sits on a side that is in: « la maire et deux adjoints ». Raises NotIn, NotPresent."""
    conference, me = inside(stay_id)
    party = me if party_id in {None, me.pk} else present_party(conference, party_id)
    conduct = conduct_of(conference)
    cleaned = " ".join(text.split())
    if conduct.introductions.get(str(party.pk), "") == cleaned:
        return
    conduct.introductions = {**conduct.introductions, str(party.pk): cleaned}
    if not cleaned:
        del conduct.introductions[str(party.pk)]
    keep(conference, conduct, now)


@transaction.atomic
def add_spoken(*, conference_id: int, party_id: int, seconds: float, now: datetime) -> float:
    """Add to the time that a side spoke, never more than has passed since it was last counted; return the whole."""
    kept, _is_new = Spoken.objects.select_for_update().get_or_create(
        conference_id=conference_id, party_id=party_id, defaults={"told_at": now - timedelta(seconds=FIRST_SPELL)}
    )
    passed = max(0.0, (now - kept.told_at).total_seconds())
    kept.seconds += min(seconds, passed)
    kept.told_at = now
    kept.save()
    tell_inside(conference_id, {"type": "spoken", "party": party_id, "seconds": round(kept.seconds)})
    return kept.seconds
