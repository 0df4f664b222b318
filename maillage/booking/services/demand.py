"""Count what people asked for and did not get. Never in the way: a request that cannot be counted is let go."""

import hashlib
from datetime import datetime

from maillage.booking.domain.wishes import MeetingWish
from maillage.booking.models import UnmetDemand, UnmetReason


def count_unmet(wish: MeetingWish, reason: UnmetReason, *, now: datetime) -> int:
    """Note one line for each commune of a request that was not met; return how many are new today.

    The same request again the same day, a reload or another sort order, counts once. No name is kept.
    """
    mark = hashlib.sha256(repr((reason, _essence(wish))).encode()).hexdigest()[:32]
    leaving = {party.commune_insee: party for party in wish.parties if party.commune_insee is not None}
    rows = [
        UnmetDemand(
            day=now.date(),
            mark=mark,
            reason=reason,
            commune_id=insee,
            head_count=min(party.head_count, 500),
            party_count=len(wish.parties),
            length=wish.length,
            first_quarter=wish.first_quarter,
            part_of_day=wish.part_of_day,
        )
        for insee, party in leaving.items()
    ]
    before = UnmetDemand.objects.filter(day=now.date(), mark=mark).count()
    UnmetDemand.objects.bulk_create(rows, ignore_conflicts=True)
    return 0 if before else len(rows)


def _essence(wish: MeetingWish) -> tuple[object, ...]:
    """Return what makes two requests the same: not the minute at which the window was cut."""
    parties = tuple((p.commune_insee, p.head_count, p.kind, p.room_id, tuple(sorted(p.needs))) for p in wish.parties)
    return (parties, wish.length, wish.end_quarter // 96, wish.part_of_day)
