"""« Le couloir » as one side sees it after the meeting."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from maillage.booking.models import Party
from maillage.conference.domain.side_talk import MAY_AGREE
from maillage.conference.models import Conference, SideTalk, SideTalkWish


@dataclass(frozen=True, slots=True)
class Corridor:
    """With whom this side may stay, whom it asked, who asks it, and the talk agreed upon."""

    others: tuple[Party, ...]
    wanted: Party | None
    asked_by: tuple[Party, ...]
    talk: SideTalk | None
    talk_with: Party | None


def open_talk_of(party: Party, now: datetime) -> SideTalk | None:
    """Return the talk apart that `party` may enter now. One query."""
    talks = SideTalk.objects.filter(Q(first=party) | Q(second=party), ended_at=None, closes_at__gt=now)
    return talks.select_related("first", "second").first()


def corridor_of(party: Party, conference: Conference | None, now: datetime) -> Corridor | None:
    """Return the corridor of a side that was in a meeting just over, None before and long after. Five queries."""
    talk = open_talk_of(party, now)
    if conference is None or conference.ended_at is None:
        return None
    if talk is None and now - conference.ended_at > MAY_AGREE:
        return None
    came = Party.objects.filter(attendances__conference=conference, kind__in=["room", "browser"]).distinct()
    sides = list(came.order_by("position"))
    others = tuple(side for side in sides if side.pk != party.pk)
    if len(others) == len(sides) or not others:
        return None
    wish = SideTalkWish.objects.filter(party=party).select_related("wanted").first()
    askers = SideTalkWish.objects.filter(wanted=party).values_list("party", flat=True)
    asked_by = tuple(side for side in others if side.pk in set(askers))
    with_whom = next((side for side in others if talk and side.pk in {talk.first_id, talk.second_id}), None)
    return Corridor(others, wish.wanted if wish else None, asked_by, talk, with_whom)
