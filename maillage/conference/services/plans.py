"""What the organiser prepares of the conduct: who may enter, the agenda, who will sit where."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from maillage.booking.models import Booking
from maillage.conference.domain.agenda import make_agenda
from maillage.conference.domain.floor_record import read_agenda
from maillage.conference.models import Conduct
from maillage.conference.services.conduct import conduct_of, keep
from maillage.conference.services.stays import locked, open_conference
from maillage.core.journal import record

Planned = Sequence[tuple[str, int]]


def planned_items(conduct: Conduct | None) -> list[tuple[str, int]]:
    """Return the agenda as it was prepared: titles and minutes."""
    agenda = read_agenda(conduct.agenda) if conduct else None
    return [(item.title, item.planned_seconds // 60) for item in agenda.items] if agenda else []


@transaction.atomic
def prepare_conduct(
    *, booking_id: UUID, entry_rule: str, items: Planned, introductions: Mapping[int, str], now: datetime
) -> None:
    """Keep what was prepared; those already in see it at once. An agenda that did not change keeps its times.

    Raises AgendaMisused for an agenda that is none; introductions of others than the booking's parties are left out.
    """
    conference = locked(open_conference(booking_id).pk)
    conduct = conduct_of(conference)
    conduct.entry_rule = entry_rule
    if list(items) != planned_items(conduct):
        conduct.agenda = make_agenda(list(items)).as_json() if items else {}
    booking = Booking.objects.get(pk=booking_id)
    known = set(booking.parties.values_list("pk", flat=True))
    kept = {str(party): " ".join(text.split())[:160] for party, text in introductions.items() if party in known}
    conduct.introductions = {party: text for party, text in kept.items() if text}
    record("conference.prepared", f"booking:{booking.reference}", through="link", entry=entry_rule, items=len(items))
    keep(conference, conduct, now)
