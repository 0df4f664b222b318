"""The nearest misses as people read them, each with what to press: its hours, its rooms, or a question to ask."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.booking.domain.misses import Change
from maillage.booking.domain.windows import other_windows, window_of
from maillage.booking.domain.wishes import MeetingWish, Proposal
from maillage.booking.forms.choices import NEEDS, WHEN
from maillage.booking.models import PartyKind
from maillage.booking.selectors.misses import NearMiss, near_misses
from maillage.booking.views.cards import Card, cards_of
from maillage.core.words import duration_words, hour_words, km_words


@dataclass(frozen=True, slots=True)
class Alternative:
    """One miss: its words, then the search that gives its hours, or the card whose rooms it takes.

    `to_ask`: the points that must say yes before the rooms are booked.
    """

    kind: str
    words: str
    proposal: Proposal
    time_zone: str
    address: str = ""
    card: Card | None = None
    to_ask: tuple[str, ...] = ()

    @property
    def rooms(self) -> list[str]:
        """The points where they would meet."""
        return [seat.room.point_name for seat in self.proposal.seats if seat.room]


def alternatives(when: str, wish: MeetingWish, data: QueryDict, now: datetime, zone: ZoneInfo) -> list[Alternative]:
    """Return the nearest misses of a search that found nothing, each tried. `when`: in the words of the sentence."""
    others = other_windows(when)
    windows = [window_of(other, now, zone) for other in others]
    return [_told(miss, others, data, now) for miss in near_misses(wish, windows, now=now)]


def _told(miss: NearMiss, others: Sequence[str], data: QueryDict, now: datetime) -> Alternative:
    told = Alternative(miss.change.value, _WORDS[miss.change](miss, others), miss.proposal, miss.wish.time_zone)
    if miss.change is Change.OPENING:
        asked = tuple(dict.fromkeys(room.point_name for room in miss.opened))
        return replace(told, card=cards_of(miss.wish, [miss.proposal], now)[0], to_ask=asked)
    if miss.change is Change.OTHER_ROOMS:
        return replace(told, card=cards_of(miss.wish, [miss.proposal], now)[0])
    return replace(told, address=_address(data, miss, others))


def _address(data: QueryDict, miss: NearMiss, others: Sequence[str]) -> str:
    """Return the address of the search that the miss answers."""
    query = data.copy()
    if miss.window is not None:
        query["when"] = others[miss.window]
        query.pop("day", None)
    query["part"] = miss.wish.part_of_day
    query["duration"] = str(miss.wish.length * 15)
    if miss.given_up:
        query.setlist("needs", [need for need in query.getlist("needs") if need not in miss.given_up])
    for position in miss.elsewhere:
        query[f"kind_{position + 1}"] = PartyKind.BROWSER.value
        query.pop(f"room_{position + 1}", None)
    return f"{reverse('booking:slot_search')}?{query.urlencode()}"


def _opening(miss: NearMiss, others: Sequence[str]) -> str:
    said = {
        "hour": hour_words(miss.proposal.first_quarter, miss.wish.time_zone),
        "points": _listed(miss.towns),
    }
    several = len(miss.towns)
    shifts = {
        "later": ngettext(
            "at %(hour)s, if %(points)s stays open later", "at %(hour)s, if %(points)s stay open later", several
        ),
        "earlier": ngettext(
            "at %(hour)s, if %(points)s opens earlier", "at %(hour)s, if %(points)s open earlier", several
        ),
        "that-day": ngettext(
            "at %(hour)s, if %(points)s opens that day", "at %(hour)s, if %(points)s open that day", several
        ),
    }
    return shifts[miss.shift] % said


def _any_hour(miss: NearMiss, others: Sequence[str]) -> str:
    return _("at another time of day")


def _other_days(miss: NearMiss, others: Sequence[str]) -> str:
    return str(dict(WHEN)[others[miss.window or 0]])


def _other_rooms(miss: NearMiss, others: Sequence[str]) -> str:
    count = max(1, miss.other_rooms)
    said = {"count": count, "km": km_words(miss.more_km)}
    if miss.more_km < 1:
        return ngettext("in another room, no further", "in %(count)s other rooms, no further", count) % said
    return ngettext("in another room, %(km)s further", "in %(count)s other rooms, %(km)s further", count) % said


def _fewer_needs(miss: NearMiss, others: Sequence[str]) -> str:
    words = dict(NEEDS)
    return _("without: %(needs)s") % {"needs": _listed(str(words.get(need, need)) for need in miss.given_up)}


def _shorter(miss: NearMiss, others: Sequence[str]) -> str:
    return _("for %(time)s") % {"time": duration_words(miss.wish.length)}


def _elsewhere(miss: NearMiss, others: Sequence[str]) -> str:
    names = {party.position: party.name for party in miss.wish.parties}
    who = _listed(names[position] for position in miss.elsewhere)
    count = sum(seat.room is not None for seat in miss.proposal.seats)
    said = {"count": count, "who": who}
    return (
        ngettext(
            "with one room, and %(who)s from a computer", "with %(count)s rooms, and %(who)s from a computer", count
        )
        % said
    )


def _together(miss: NearMiss, others: Sequence[str]) -> str:
    parts = [_other_days(miss, others), _("at any hour"), _shorter(miss, others)]
    if miss.elsewhere:
        parts.append(_elsewhere(miss, others))
    return ", ".join(parts)


def _listed(names: Iterable[str]) -> str:
    """Return « Callac, Rennes et Brest »."""
    *first, last = names
    return _("%(some)s and %(last)s") % {"some": ", ".join(first), "last": last} if first else str(last)


_WORDS: Final[Mapping[Change, Callable[[NearMiss, Sequence[str]], str]]] = {
    Change.OPENING: _opening,
    Change.ANY_HOUR: _any_hour,
    Change.OTHER_DAYS: _other_days,
    Change.OTHER_ROOMS: _other_rooms,
    Change.FEWER_NEEDS: _fewer_needs,
    Change.SHORTER: _shorter,
    Change.ELSEWHERE: _elsewhere,
    Change.ALL_TOGETHER: _together,
}
