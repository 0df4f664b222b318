"""Close, join or move rooms that are booked: each meeting concerned is carried along, or its organiser is told.

The closure is written first: from then on nobody books there, and what a stopped process left undone is found again
by `find_lost_rooms`, which runs by itself.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from maillage.booking.domain.terms import may_use
from maillage.booking.errors import SlotTaken
from maillage.booking.errors.losses import LossSettled, MergeImpossible, TouchedChanged
from maillage.booking.events import BookingChanged
from maillage.booking.models import Booking, BookingStatus, LossCause, LossStatus, Party, RoomLoss
from maillage.booking.selectors.losses import (
    closes_room,
    digest_of,
    free_at,
    least_places,
    rooms_of_closure,
    touched_parties,
    way_to,
)
from maillage.booking.selectors.rooms import offers_in, terms_of
from maillage.booking.services.endings import locked_booking
from maillage.booking.services.losses import lose_rooms, settle, take_room
from maillage.core.events import publish
from maillage.core.journal import record
from maillage.core.quarters import quarter_of
from maillage.points.domain.catalogue import RoomOffer
from maillage.points.models import FOREVER, Closure, ClosureCause, PointStatus
from maillage.points.selectors import catalogue
from maillage.points.services import NewAddress, close_point, move_point

_GONE: Final = (
    PointStatus.OUT_OF_ORDER,
    PointStatus.MOVED,
    PointStatus.STORED,
    PointStatus.CLOSED,
    PointStatus.NOT_EQUIPPED,
)


@dataclass(frozen=True, slots=True)
class Closing:
    """A closure as a facilitator asks for it: of a whole point, or of one room. `end_quarter` may be FOREVER."""

    point_id: int
    first_quarter: int
    end_quarter: int
    room_id: int | None = None
    cause: ClosureCause = ClosureCause.CLOSED
    reason: str = ""

    @property
    def room_ids(self) -> list[int]:
        """The rooms it shuts."""
        return rooms_of_closure(Closure(point_id=self.point_id, room_id=self.room_id))


def touched_by(asked: Closing, *, now: datetime) -> list[Party]:
    """Return the sides of the meetings that a closure would touch. Two queries."""
    return touched_parties(asked.room_ids, asked.first_quarter, asked.end_quarter, now=now)


@transaction.atomic
def close_rooms(asked: Closing, *, seen: str, now: datetime, agent_id: int | None = None) -> list[RoomLoss]:
    """Close, and have the organisers of the meetings concerned told; the same again changes nothing.

    seen: the digest of the sides that were shown before. Raises TouchedChanged, ClosureInvalid.
    """
    touched = touched_by(asked, now=now)
    _check_seen(touched, seen)
    closure = _close(asked, agent_id)
    return lose_rooms(
        _without_loss(touched), cause=closure.cause, note=closure.reason, closure=closure, now=now, through="agent"
    )


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the meetings of rooms that were joined to others."""

    carried: tuple[Booking, ...]
    lost: tuple[RoomLoss, ...]


def merge_rooms(
    asked: Closing, into: Collection[int], *, seen: str, now: datetime, agent_id: int | None = None
) -> Merged:
    """Close rooms for good and carry their meetings to the smallest free room of `into`; the others are told.

    Raises MergeImpossible, TouchedChanged, ClosureInvalid.
    """
    targets = merge_targets(asked, into)
    touched = touched_by(asked, now=now)
    with transaction.atomic():
        _check_seen(touched, seen)
        closure = _close(asked, agent_id)
    carried, stranded = [], []
    for party in _without_loss(touched):
        booking = _carry(party, targets, now, agent_id)
        if booking:
            carried.append(booking)
        else:
            stranded.append(party)
    lost = lose_rooms(stranded, cause=LossCause.MERGED, note=closure.reason, closure=closure, now=now, through="agent")
    return Merged(tuple(carried), tuple(lost))


def merge_targets(asked: Closing, into: Collection[int]) -> list[RoomOffer]:
    """Return the rooms that take over, the smallest first. Raises MergeImpossible."""
    closing = set(asked.room_ids)
    targets = sorted(offers_in(into), key=lambda offer: (offer.capacity, offer.room_id))
    if not closing or not targets or closing & {offer.room_id for offer in targets}:
        raise MergeImpossible
    return targets


def carrying_room(party: Party, targets: Sequence[RoomOffer], *, now: datetime) -> Iterator[RoomOffer]:
    """Yield the rooms among `targets` that a side could have at its own hour, the smallest first."""
    mine = set(party.booking.parties.values_list("room_id", flat=True))
    places, terms = least_places(party), terms_of(party.booking)
    fit = [
        offer for offer in targets if offer.room_id not in mine and offer.capacity >= places and may_use(offer, terms)
    ]
    yield from free_at(fit, party.booking, now=now)


def relocate_point(
    *, point_id: int, to: NewAddress, room_ids: Collection[int], seen: str, now: datetime, agent_id: int
) -> list[UUID]:
    """Give a point another address and tell everybody who has a meeting there; return the meetings.

    Raises AddressIncomplete, TouchedChanged.
    """
    with transaction.atomic():
        touched = touched_parties(room_ids, quarter_of(now), FOREVER, now=now)
        _check_seen(touched, seen)
        move_point(point_id=point_id, to=to, through="agent", agent_id=agent_id)
        told = sorted({party.booking_id for party in touched})
        for booking_id in told:
            _follow_move(booking_id, room_ids, agent_id)
    return told


def find_lost_rooms(now: datetime) -> int:
    """Note the rooms lost that nobody noted, and those that are open after all. Harmless to run twice.

    A meeting confirmed while its room was being closed, a closure or a status entered in the administration.
    """
    count = 0
    to_come = Party.objects.filter(
        booking__status=BookingStatus.CONFIRMED, booking__first_quarter__gt=quarter_of(now), room__isnull=False
    ).select_related("booking", "room__point")
    waiting = Exists(RoomLoss.objects.filter(party=OuterRef("pk"), status=LossStatus.WAITING))
    kept = RoomLoss.objects.filter(party=OuterRef("pk"), room=OuterRef("room"), status=LossStatus.KEPT)
    for party in to_come.filter(closes_room(), ~waiting, ~Exists(kept))[:500]:
        closure = _closure_of(party)
        cause = closure.cause if closure else LossCause.CLOSED
        note = closure.reason if closure else ""
        count += len(lose_rooms([party], cause=cause, note=note, closure=closure, now=now, through="task"))
    gone = Q(room__point__status__in=_GONE) | Q(room__is_active=False)
    for party in to_come.filter(gone, ~closes_room(), ~waiting, ~Exists(kept))[:500]:
        is_broken = party.room is not None and party.room.point.status == PointStatus.OUT_OF_ORDER
        cause = LossCause.OUT_OF_ORDER if is_broken else LossCause.FOR_GOOD
        count += len(lose_rooms([party], cause=cause, now=now, through="task"))
    back = RoomLoss.objects.filter(status=LossStatus.WAITING, booking__status=BookingStatus.CONFIRMED)
    still = Party.objects.filter(Q(closes_room()) | gone)
    for loss in back.exclude(party__in=still):
        count += settle(loss, LossStatus.LIFTED, now)
    return count


def _closure_of(party: Party) -> Closure | None:
    booking = party.booking
    shut = Closure.objects.filter(
        Q(room=party.room_id) | Q(room=None, point__rooms=party.room_id),
        first_quarter__lt=booking.end_quarter,
        end_quarter__gt=booking.first_quarter,
    )
    return shut.order_by("pk").first()


def _close(asked: Closing, agent_id: int | None) -> Closure:
    return close_point(
        point_id=asked.point_id,
        room_id=asked.room_id,
        first_quarter=asked.first_quarter,
        end_quarter=asked.end_quarter,
        cause=asked.cause,
        reason=asked.reason,
        through="agent",
        agent_id=agent_id,
    )


def _check_seen(touched: Sequence[Party], seen: str) -> None:
    if digest_of(touched) != seen:
        raise TouchedChanged


def _without_loss(parties: Sequence[Party]) -> list[Party]:
    waiting = set(
        RoomLoss.objects.filter(party__in=parties, status=LossStatus.WAITING).values_list("party_id", flat=True)
    )
    return [party for party in parties if party.pk not in waiting]


def _carry(party: Party, targets: Sequence[RoomOffer], now: datetime, agent_id: int | None) -> Booking | None:
    """Give a side the smallest free room; None when all are taken, or were taken just before."""
    for offer in carrying_room(party, targets, now=now):
        try:
            return take_room(party_id=party.pk, offer=offer, now=now, through="agent", agent_id=agent_id)
        except SlotTaken:
            continue
        except LossSettled:  # cancelled or begun meanwhile: nothing to carry
            return party.booking
    return None


def _follow_move(booking_id: UUID, room_ids: Collection[int], agent_id: int) -> None:
    booking = locked_booking(booking_id)
    if booking.status != BookingStatus.CONFIRMED:
        return
    rooms = catalogue()
    for party in booking.parties.filter(room__in=room_ids):
        offer = rooms.find(party.room_id or 0)
        if offer is not None:
            party.access_km, party.access_minutes = way_to(party, offer, rooms)
            party.save(update_fields=["access_km", "access_minutes"])
    booking.sequence += 1
    booking.save(update_fields=["sequence"])
    record("booking.place-moved", f"booking:{booking.reference}", through="agent", agent_id=agent_id)
    publish(BookingChanged(booking_id=booking.pk, is_place=True))
