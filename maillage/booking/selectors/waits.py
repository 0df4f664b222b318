"""Who waits for what: the line in its order, what a link opens, what a facilitator sees."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.booking.domain.waiting import read_wish
from maillage.booking.domain.wishes import MeetingWish
from maillage.booking.errors.waits import NothingToWaitFor
from maillage.booking.models import OfferStatus, Party, Wait, WaitOffer, WaitStatus
from maillage.booking.selectors.seating import candidates_of, network_notices, read_places
from maillage.core.links import read_link, sign_link
from maillage.core.words import date_words, day_words, duration_words, local_moment, people_words
from maillage.points.models import Room
from maillage.points.selectors import catalogue

PURPOSE: Final = "wait"
LINK_LIVES: Final = timedelta(days=7)
"""After the time they waited for: the link then says that it is over."""
IN_LINE: Final = (WaitStatus.WAITING, WaitStatus.OFFERED)
NEAR: Final = 3
"""How many of the nearest points of a party are told that somebody waits."""
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class InLine:
    """Somebody who waits, their wish, and the slot offered to them if there is one."""

    wait: Wait
    wish: MeetingWish
    offer: WaitOffer | None = None

    @property
    def is_offered(self) -> bool:
        """Tell whether a slot is kept for them."""
        return self.offer is not None and self.wait.status == WaitStatus.OFFERED

    @property
    def who(self) -> str:
        """« Callac, 3 personnes · Rennes, 2 personnes »."""
        return wish_who(self.wish)

    @property
    def when(self) -> str:
        """« 1 h, entre lundi 23 novembre et vendredi 27 novembre »."""
        return wish_when(self.wish)


def wish_who(wish: MeetingWish) -> str:
    """Return who meets: each place and how many come there."""
    return "\N{NO-BREAK SPACE}· ".join(f"{party.name}, {people_words(party.head_count)}" for party in wish.parties)


def wish_when(wish: MeetingWish) -> str:
    """Return how long and on which days, on the wish's clocks."""
    first = local_moment(wish.first_quarter, wish.time_zone).date()
    last = local_moment(wish.end_quarter - 1, wish.time_zone).date()
    said = {"time": duration_words(wish.length), "first": date_words(first), "last": date_words(last)}
    return _("%(time)s, on %(first)s") % said if first == last else _("%(time)s, from %(first)s to %(last)s") % said


def wait_token(wait: Wait) -> str:
    """Return the token by which somebody sees their place in line, answers an offer, leaves."""
    return sign_link(PURPOSE, str(wait.pk), wait.until + LINK_LIVES)


def wait_address(wait: Wait) -> str:
    """Return the whole address of that page."""
    return f"{settings.BASE_URL}{reverse('booking:wait', args=[wait_token(wait)])}"


def wait_by_link(token: str, now: datetime) -> InLine:
    """Return the place in line that a link opens. Two queries.

    Raises LinkForged, LinkExpired, NothingToWaitFor once it was deleted.
    """
    wait = Wait.objects.filter(pk=int(read_link(PURPOSE, token, now))).first()
    if wait is None:
        raise NothingToWaitFor
    offer = wait.offers.filter(status__in=[OfferStatus.OPEN, OfferStatus.TAKEN]).select_related("booking").last()
    return InLine(wait, read_wish(wait.wish), offer)


def turn_of(wait: Wait) -> int:
    """Return how many people are served before somebody, plus one. One query."""
    before = Q(turn_at__lt=wait.turn_at) | Q(turn_at=wait.turn_at, pk__lt=wait.pk)
    return Wait.objects.filter(before, status__in=IN_LINE).count() + 1


def line_to_serve() -> list[Wait]:
    """Return who waits without an offer, the first first. One query."""
    return list(Wait.objects.filter(status=WaitStatus.WAITING).order_by("turn_at", "pk")[:MOST])


def slots_offered(wait: Wait) -> set[tuple[int, frozenset[int]]]:
    """Return the starts and rooms that were offered to somebody already. Two queries."""
    offered = WaitOffer.objects.filter(wait=wait).values_list("booking", "booking__first_quarter")
    rooms: dict[UUID, set[int]] = {booking: set() for booking, _first in offered}
    for booking, room in Party.objects.filter(booking__in=rooms, room__isnull=False).values_list("booking", "room"):
        rooms[booking].add(int(room))
    return {(first, frozenset(rooms[booking])) for booking, first in offered}


def points_hoped_for(wish: MeetingWish) -> set[int]:
    """Return the points where a wish may be met: those named, else the NEAR nearest of each party.

    Raises as `candidates_of`. No query for communes met lately, one for the catalogue.
    """
    rooms = catalogue()
    terms = wish.terms(network_notices())
    seated = [party for party in wish.parties if party.comes_to_a_room]
    candidates = {party.position: candidates_of(rooms, party, terms) for party in seated}
    table = read_places(wish.parties, candidates.values(), rooms)
    found: set[int] = set()
    for party in seated:
        by_way = sorted(candidates[party.position], key=lambda offer: table.minutes(party, table.row_of[offer.room_id]))
        found.update(list(dict.fromkeys(offer.point_id for offer in by_way))[:NEAR])
    return found


def who_waits(rooms: "QuerySet[Room]") -> list[InLine]:
    """Return who waits for the points of `rooms`, the first in line first. Two queries."""
    waits = Wait.objects.filter(status__in=IN_LINE, places__point__in=rooms.order_by().values("point"))
    ordered = list(waits.distinct().order_by("turn_at", "pk")[:200])
    offers = {
        offer.wait_id: offer
        for offer in WaitOffer.objects.filter(wait__in=ordered, status=OfferStatus.OPEN).select_related("booking")
    }
    return [InLine(wait, read_wish(wait.wish), offers.get(wait.pk)) for wait in ordered]


def day_of(wait: Wait, zone: str) -> str:
    """Return the day until which somebody waits, in words."""
    return day_words(wait.until, zone)
