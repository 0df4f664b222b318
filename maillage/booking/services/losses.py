"""A room that a booked meeting lost: noted, replaced by another, kept all the same. The first answer wins.

Answers are given under the booking's row, locked. The new room is taken before the old one is freed, in one
transaction, so that a refusal leaves the meeting as it was.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from maillage.booking.domain.openings import answer_deadline
from maillage.booking.domain.terms import may_use
from maillage.booking.errors import SlotTaken
from maillage.booking.errors.losses import LossSettled, LossTooLate, LossUnknown, RoomNotSuitable
from maillage.booking.events import BookingChanged, RoomLossEscalated, RoomLossSettled, RoomLost
from maillage.booking.models import Booking, BookingPrice, BookingStatus, LossStatus, Party, RoomLoss, Span
from maillage.booking.rights import can_move
from maillage.booking.selectors.losses import least_places, way_to
from maillage.booking.selectors.openings import check_given_by_themselves
from maillage.booking.selectors.rooms import check_rooms_open, offers_in, terms_of
from maillage.booking.selectors.tariffs import price_booking
from maillage.booking.services.endings import ATTEMPTS, locked_booking, make_way
from maillage.booking.services.house_rules import accept_house_rules
from maillage.booking.services.occupancies import shift_rooms
from maillage.booking.services.tariffs import freeze_price
from maillage.core.events import publish
from maillage.core.journal import Door, record
from maillage.points.domain.catalogue import RoomOffer
from maillage.points.models import Closure
from maillage.points.selectors import catalogue


def lose_rooms(
    parties: Sequence[Party],
    *,
    cause: str,
    note: str = "",
    closure: Closure | None = None,
    now: datetime,
    through: Door,
) -> list[RoomLoss]:
    """Note that these sides lost their rooms, and have their organisers told; those noted already are left alone."""
    found = []
    for party in parties:
        booking = party.booking
        until = answer_deadline(now, booking.first_quarter, booking.time_zone, days=settings.ANSWER_DAYS)
        loss = RoomLoss(
            booking=booking, party=party, room_id=party.room_id or 0, closure=closure, cause=cause,
            note=" ".join(note.split())[:200], opened_at=now, answer_before=until or now,
        )  # fmt: skip
        try:
            with transaction.atomic():
                loss.save()
                record("room.lost", f"booking:{booking.reference}", through=through, room=loss.room_id, cause=cause)
                publish(RoomLost(loss.pk))
        except IntegrityError:  # `loss_once_waiting`: somebody noted it at the same instant
            continue
        found.append(loss)
    return found


def accept_room(
    *,
    loss_id: int,
    room_id: int,
    first_quarter: int,
    now: datetime,
    through: Door = "link",
    agent_id: int | None = None,
) -> Booking:
    """Take another room for a side that lost its own, at the meeting's hour or at another; everybody is told.

    Refused, the meeting stays as it was. Raises LossUnknown, LossSettled, LossTooLate, RoomNotSuitable, SlotTaken,
    RoomClosed, TooSoon, KeptForOthers, AnsweredOneByOne, UnknownRoom.
    """
    loss = RoomLoss.objects.select_related("booking", "party", "room__point").filter(pk=loss_id).first()
    if loss is None:
        raise LossUnknown
    check_open(loss, loss.booking, now)
    offers = _offers(loss, room_id, first_quarter, now)
    for _attempt in range(ATTEMPTS):
        try:
            return _accept(loss_id, offers, first_quarter, now, through, agent_id)
        except SlotTaken as clash:
            make_way(offers, first_quarter, loss.booking.length, now=now, clash=clash, but=loss.booking_id)
    raise SlotTaken(rooms=offers[0].point_name)


def check_open(loss: RoomLoss, booking: Booking, now: datetime) -> None:
    """Raises LossSettled, LossTooLate if it may no longer be answered."""
    if loss.status != LossStatus.WAITING:
        raise LossSettled(answer=LossStatus(loss.status).label)
    if not can_move(booking, now=now):
        is_alive = booking.status == BookingStatus.CONFIRMED
        raise LossTooLate() if is_alive else LossSettled(answer=booking.get_status_display())


@transaction.atomic
def keep_room(*, loss_id: int, now: datetime, agent_id: int | None = None) -> RoomLoss:
    """Say that a meeting takes place in its room all the same. Raises LossUnknown, LossSettled, LossTooLate."""
    booking_id = RoomLoss.objects.filter(pk=loss_id).values_list("booking_id", flat=True).first()
    if booking_id is None:
        raise LossUnknown
    booking = locked_booking(booking_id)
    loss = RoomLoss.objects.select_related("room__point").get(pk=loss_id)
    check_open(loss, booking, now)
    settle(loss, LossStatus.KEPT, now, agent_id=agent_id)
    record("room.kept", f"booking:{booking.reference}", through="agent", agent_id=agent_id, room=loss.room_id)
    return loss


def settle(loss: RoomLoss, status: LossStatus, now: datetime, *, agent_id: int | None = None) -> bool:
    """Note an end; return whether it still waited. The update decides between two processes."""
    waiting = RoomLoss.objects.filter(pk=loss.pk, status=LossStatus.WAITING)
    if not waiting.update(status=status, settled_at=now, agent_id=agent_id):
        return False
    publish(RoomLossSettled(loss.pk, loss.booking_id, loss.party_id, status.value))
    return True


@transaction.atomic
def take_room(*, party_id: int, offer: RoomOffer, now: datetime, through: Door, agent_id: int | None) -> Booking:
    """Give a side of a confirmed meeting another room at the same hour, as a merge does.

    Raises SlotTaken, unnamed; LossSettled if it is no longer as it was.
    """
    booking_id = Party.objects.values_list("booking_id", flat=True).get(pk=party_id)
    booking = locked_booking(booking_id)
    if not can_move(booking, now=now):
        raise LossSettled(answer=booking.get_status_display())
    _change_room(booking, Party.objects.get(pk=party_id), [offer], booking.first_quarter)
    booking.sequence += 1
    booking.save(update_fields=["sequence"])
    _tell(booking, now, through, agent_id, is_place=True)
    return booking


@transaction.atomic
def _accept(
    loss_id: int, offers: Sequence[RoomOffer], first_quarter: int, now: datetime, through: Door, agent_id: int | None
) -> Booking:
    booking_id: UUID = RoomLoss.objects.values_list("booking_id", flat=True).get(pk=loss_id)
    booking = locked_booking(booking_id)
    loss = RoomLoss.objects.select_related("party").get(pk=loss_id)
    check_open(loss, booking, now)
    is_place = first_quarter == booking.first_quarter
    _change_room(booking, loss.party, offers, first_quarter)
    booking.first_quarter, booking.sequence = first_quarter, booking.sequence + 1
    booking.save(update_fields=["first_quarter", "sequence"])
    loss.status, loss.settled_at, loss.new_room_id = LossStatus.REHOUSED, now, offers[0].room_id
    loss.agent_id = agent_id
    loss.save(update_fields=["status", "settled_at", "new_room", "agent"])
    publish(RoomLossSettled(loss.pk, booking.pk, loss.party_id, LossStatus.REHOUSED.value))
    if not is_place:
        _settle_others(booking, now)
    _tell(booking, now, through, agent_id, is_place=is_place)
    return booking


def _settle_others(booking: Booking, now: datetime) -> None:
    """The other rooms of the meeting were checked at its new hour: none is lost any more."""
    for other in RoomLoss.objects.filter(booking=booking, status=LossStatus.WAITING):
        settle(other, LossStatus.MOVED, now)


def _tell(booking: Booking, now: datetime, through: Door, agent_id: int | None, *, is_place: bool) -> None:
    accept_house_rules(booking)
    _keep_the_lower_price(booking, now)
    record("booking.rehoused", f"booking:{booking.reference}", through=through, agent_id=agent_id, same_hour=is_place)
    publish(BookingChanged(booking_id=booking.pk, is_place=is_place))


def _change_room(booking: Booking, party: Party, offers: Sequence[RoomOffer], first_quarter: int) -> None:
    """Give a side the first of these rooms; the old one is freed last. Raises SlotTaken, unnamed."""
    chosen = offers[0]
    shift_rooms(booking, offers, first_quarter, booking.length)
    if chosen.room_id == party.room_id:
        return
    Span.objects.filter(booking=booking, room=party.room_id).delete()
    party.access_km, party.access_minutes = way_to(party, chosen, catalogue())
    party.room_id = chosen.room_id
    party.save(update_fields=["room", "access_km", "access_minutes"])


def _keep_the_lower_price(booking: Booking, now: datetime) -> None:
    """Nobody pays more because their room was lost: the price frozen stands unless the new one is lower."""
    frozen = BookingPrice.objects.filter(booking=booking).first()
    if frozen is None or not frozen.is_complete:
        return
    whole = Booking.objects.prefetch_related("parties").get(pk=booking.pk)
    quote = price_booking(whole).quote
    if quote.is_complete and quote.total_cents < frozen.total_cents:
        freeze_price(booking_id=booking.pk, now=now)


def _offers(loss: RoomLoss, room_id: int, first_quarter: int, now: datetime) -> list[RoomOffer]:
    """Return the chosen room first, then those that must follow it to another hour, each checked."""
    booking = loss.booking
    terms = terms_of(booking)
    found = offers_in([room_id])
    others = booking.parties.exclude(pk=loss.party_id).exclude(room=None).values_list("room_id", flat=True)
    is_same_hour = first_quarter == booking.first_quarter
    if not found or found[0].room_id in set(others) or (is_same_hour and room_id == loss.room_id):
        raise RoomNotSuitable(room=found[0].point_name if found else str(room_id))
    chosen = found[0]
    if chosen.capacity < least_places(loss.party) or not may_use(chosen, terms):
        raise RoomNotSuitable(room=chosen.point_name)
    offers = [chosen] if is_same_hour else [chosen, *_in_order(others)]
    check_rooms_open(offers, first_quarter, booking.length, terms=terms, now=now)
    check_given_by_themselves(offers, first_quarter, booking.length)
    return offers


def _in_order(room_ids: Collection[int | None]) -> list[RoomOffer]:
    """Return the rooms that stay. Raises RoomNotSuitable if one of them is no longer offered at any hour."""
    wanted = [room_id for room_id in room_ids if room_id]
    offers = offers_in(wanted)
    if len(offers) < len(wanted):
        raise RoomNotSuitable(room=str(len(wanted)))
    return offers


def escalate(loss: RoomLoss) -> None:
    """Have somebody call the organiser."""
    publish(RoomLossEscalated(loss.pk, loss.booking_id, loss.party_id))
