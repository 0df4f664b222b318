"""Ask a point to open, or to say yes; accept, refuse, propose another time, choose it. The first answer wins.

Each answer is given under the booking's row, locked: two people of one point who press at once are told which of them
was first. The rooms stay taken from the request to its end.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.booking.domain.openings import MOST_OTHER_TIMES, answer_deadline
from maillage.booking.domain.wishes import MOST_DAYS_AHEAD
from maillage.booking.errors import BookingIsCancelled, SlotTaken
from maillage.booking.errors.openings import (
    OpeningAnswered,
    OpeningTooLate,
    OpeningWithdrawn,
    OtherTimeGone,
    OtherTimesWrong,
)
from maillage.booking.events import BookingAsked, BookingCancelled, BookingConfirmed, OtherTimesProposed
from maillage.booking.models import (
    Booking,
    BookingStatus,
    CancelCause,
    OpeningRequest,
    OpeningStatus,
    OtherTime,
    RefusalCause,
)
from maillage.booking.selectors.openings import Answerer, NeededOpening, asked_with, openings_needed
from maillage.booking.selectors.rooms import check_rooms_open, offers_of, terms_of
from maillage.booking.services.endings import end_booking, locked_booking, make_way, withdraw_openings
from maillage.booking.services.occupancies import free_rooms, shift_rooms
from maillage.booking.services.tariffs import keep_price
from maillage.core.events import publish
from maillage.core.journal import Door, record
from maillage.core.quarters import PER_DAY, quarter_of
from maillage.core.words import day_words, hour_words
from maillage.points.domain.catalogue import RoomOffer

_ANSWERS: Final = {
    OpeningStatus.ACCEPTED: _("accepted"),
    OpeningStatus.REFUSED: _("refused"),
    OpeningStatus.PROPOSED: _("another time was proposed"),
}


def ask_openings(booking: Booking, needed: Sequence[NeededOpening], *, now: datetime, through: Door) -> None:
    """Ask the points that a booking needs, which the caller has just written as asked. In the caller's transaction."""
    for one in needed:
        opening, is_new = OpeningRequest.objects.get_or_create(
            booking=booking,
            point_id=one.point_id,
            defaults={"reason": one.reason, "asked_at": now, "deadline": one.deadline},
        )
        if not is_new:
            _ask_anew(opening, one, now)
    points = [one.point_id for one in needed]
    record("opening.asked", f"booking:{booking.reference}", through=through, points=points)
    publish(BookingAsked(booking_id=booking.pk))


@transaction.atomic
def accept_opening(*, opening_id: int, round_: int, by: Answerer, now: datetime, for_series: bool = False) -> Booking:
    """Say yes for a point; when it was the last one asked, the booking is confirmed.

    for_series: the same yes for the other dates of its series that wait for this point.
    Raises OpeningAnswered, OpeningTooLate, OpeningWithdrawn.
    """
    if for_series:
        return _for_each_date(opening_id, round_, now, partial(accept_opening, by=by, now=now))
    opening, booking = _to_answer(opening_id, round_, now)
    _answer(opening, OpeningStatus.ACCEPTED, by, now)
    record("opening.accepted", _subject(booking), through=_door(by), agent_id=by.agent_id, by=by.level)
    _confirm_if_all_said_yes(booking, now, _door(by))
    return booking


@transaction.atomic
def refuse_opening(
    *, opening_id: int, round_: int, by: Answerer, cause: str, note: str = "", now: datetime, for_series: bool = False
) -> Booking:
    """Say no for a point, with its cause: the booking ends, its rooms are free, the organiser is told what else fits.

    for_series: the same no for the other dates of its series that wait for this point.
    Raises OpeningAnswered, OpeningTooLate, OpeningWithdrawn, ValueError for a cause that is not a RefusalCause.
    """
    reason = RefusalCause(cause)
    if for_series:
        return _for_each_date(opening_id, round_, now, partial(refuse_opening, by=by, cause=cause, note=note, now=now))
    opening, booking = _to_answer(opening_id, round_, now)
    opening.refusal_cause, opening.note = reason, note
    _answer(opening, OpeningStatus.REFUSED, by, now)
    details = {"by": by.level, "cause": reason.value}
    record("opening.refused", _subject(booking), through=_door(by), agent_id=by.agent_id, **details)
    _end(booking, CancelCause.DECLINED, now, _door(by))
    return booking


@transaction.atomic
def propose_other_times(
    *, opening_id: int, round_: int, by: Answerer, times: Sequence[int], note: str = "", now: datetime
) -> OpeningRequest:
    """Propose up to three other times, given by their first quarter; the organiser chooses until a new deadline.

    The time that was asked stays kept meanwhile. Raises OtherTimesWrong, OpeningAnswered, OpeningTooLate,
    OpeningWithdrawn.
    """
    opening, booking = _to_answer(opening_id, round_, now)
    wanted = sorted(set(times))
    today = quarter_of(now)
    is_possible = all(today < time <= today + MOST_DAYS_AHEAD * PER_DAY for time in wanted)
    if not (1 <= len(wanted) <= MOST_OTHER_TIMES and is_possible) or booking.first_quarter in wanted:
        raise OtherTimesWrong(most=MOST_OTHER_TIMES)
    first = min([*wanted, booking.first_quarter])
    until = answer_deadline(now, first, booking.time_zone, days=settings.ANSWER_DAYS)
    if until is None:
        raise OtherTimesWrong(most=MOST_OTHER_TIMES)
    OtherTime.objects.filter(opening=opening).delete()
    OtherTime.objects.bulk_create(OtherTime(opening=opening, first_quarter=time) for time in wanted)
    opening.note, opening.deadline = note, until
    _answer(opening, OpeningStatus.PROPOSED, by, now)
    details = {"by": by.level, "times": wanted}
    record("opening.other-times", _subject(booking), through=_door(by), agent_id=by.agent_id, **details)
    publish(OtherTimesProposed(booking_id=booking.pk, opening_id=opening.pk))
    return opening


def choose_other_time(*, opening_id: int, first_quarter: int, now: datetime) -> Booking:
    """Take one of the times a point proposed, for the organiser; the other points are asked anew if they must be.

    Refused, the proposals stand as they were. Raises OtherTimeGone, OpeningTooLate, OpeningWithdrawn, SlotTaken,
    RoomClosed, OpeningTooSoon.
    """
    asked = OpeningRequest.objects.select_related("booking").filter(pk=opening_id).first()
    if asked is None or not asked.other_times.filter(first_quarter=first_quarter).exists():
        raise OtherTimeGone
    offers = offers_of(asked.booking)
    others = [offer for offer in offers if offer.point_id != asked.point_id]
    length = asked.booking.length
    check_rooms_open(others, first_quarter, length, terms=terms_of(asked.booking), now=now, may_ask=True)
    try:
        return _choose(opening_id, offers, others, first_quarter, now)
    except SlotTaken as clash:
        make_way(offers, first_quarter, length, now=now, clash=clash, but=asked.booking_id)
    return _choose(opening_id, offers, others, first_quarter, now)


@transaction.atomic
def close_opening(*, opening_id: int, now: datetime) -> bool:
    """End a booking whose point, or organiser, did not answer in time; tell whether it did. Harmless to run twice."""
    booking_id = OpeningRequest.objects.values_list("booking_id", flat=True).get(pk=opening_id)
    booking = locked_booking(booking_id)
    opening = OpeningRequest.objects.get(pk=opening_id)
    waits = {OpeningStatus.ASKED: CancelCause.UNANSWERED, OpeningStatus.PROPOSED: CancelCause.NOT_CHOSEN}
    cause = waits.get(OpeningStatus(opening.status))
    if booking.status != BookingStatus.ASKED or cause is None or now < opening.deadline:
        return False
    OpeningRequest.objects.filter(pk=opening.pk).update(status=OpeningStatus.EXPIRED)
    record("opening.expired", _subject(booking), through="task", cause=cause.value)
    _end(booking, cause, now, "task")
    return True


@transaction.atomic
def _choose(
    opening_id: int, offers: Sequence[RoomOffer], others: Sequence[RoomOffer], first_quarter: int, now: datetime
) -> Booking:
    booking_id = OpeningRequest.objects.values_list("booking_id", flat=True).get(pk=opening_id)
    booking = locked_booking(booking_id)
    opening = OpeningRequest.objects.get(pk=opening_id)
    if booking.status != BookingStatus.ASKED:
        raise OpeningWithdrawn
    if opening.status != OpeningStatus.PROPOSED or not opening.other_times.filter(first_quarter=first_quarter).exists():
        raise OtherTimeGone
    if now >= opening.deadline:
        raise _too_late(opening, booking)
    needed = openings_needed(others, first_quarter, booking.length, now=now)
    shift_rooms(booking, offers, first_quarter, booking.length)
    before = booking.first_quarter
    booking.first_quarter, booking.sequence = first_quarter, booking.sequence + 1
    booking.save(update_fields=["first_quarter", "sequence"])
    OpeningRequest.objects.filter(pk=opening.pk).update(status=OpeningStatus.ACCEPTED)
    kept = {opening.point_id, *(one.point_id for one in needed)}
    OpeningRequest.objects.filter(booking=booking).exclude(point__in=kept).delete()
    keep_price(booking, now=now)
    record("opening.time-chosen", _subject(booking), through="link", before=before, after=first_quarter)
    if needed:
        ask_openings(booking, needed, now=now, through="link")
    _confirm_if_all_said_yes(booking, now, "link")
    return booking


def _for_each_date(opening_id: int, round_: int, now: datetime, answer: Callable[..., Booking]) -> Booking:
    """Answer a request and those of the other dates of its series that wait for the same point.

    Bookings are locked in the order of their keys: two people who press at once do not wait for each other in a ring.
    Raises why this one may no longer be answered; the others are then left as they are.
    """
    opening = OpeningRequest.objects.select_related("booking").get(pk=opening_id)
    dates = sorted([opening, *asked_with(opening)], key=lambda one: one.booking_id)
    list(Booking.objects.select_for_update(no_key=True).filter(pk__in=[one.booking_id for one in dates]).order_by("pk"))
    answered = answer(opening_id=opening_id, round_=round_)
    for one in dates:
        if one.pk != opening_id and _still_waits(one, now):
            answer(opening_id=one.pk, round_=one.round)
    return answered


def _still_waits(opening: OpeningRequest, now: datetime) -> bool:
    """Tell whether a request may still be answered, its booking locked."""
    fresh = OpeningRequest.objects.get(pk=opening.pk)
    return fresh.status == OpeningStatus.ASKED and fresh.round == opening.round and now < fresh.deadline


def _to_answer(opening_id: int, round_: int, now: datetime) -> tuple[OpeningRequest, Booking]:
    """Return a request that may still be answered, and its booking, locked. Raises why it may not."""
    booking_id = OpeningRequest.objects.values_list("booking_id", flat=True).get(pk=opening_id)
    booking = locked_booking(booking_id)
    opening = OpeningRequest.objects.select_related("point").get(pk=opening_id)
    check_answerable(opening, booking, round_, now)
    return opening, booking


def check_answerable(opening: OpeningRequest, booking: Booking, round_: int, now: datetime) -> None:
    """Refuse an answer that comes too late or twice. Raises OpeningWithdrawn, OpeningAnswered, OpeningTooLate."""
    status = OpeningStatus(opening.status)
    if opening.round != round_ or status is OpeningStatus.WITHDRAWN:
        raise OpeningWithdrawn
    if status in _ANSWERS:
        raise OpeningAnswered(answer=_ANSWERS[status])
    if status is OpeningStatus.EXPIRED or now >= opening.deadline:
        raise _too_late(opening, booking)
    if booking.status != BookingStatus.ASKED:
        raise OpeningWithdrawn


def _too_late(opening: OpeningRequest, booking: Booking) -> OpeningTooLate:
    zone = booking.time_zone
    return OpeningTooLate(until=f"{day_words(opening.deadline, zone)}, {hour_words(opening.deadline, zone)}")


def _answer(opening: OpeningRequest, status: OpeningStatus, by: Answerer, now: datetime) -> None:
    opening.status, opening.answered_at = status, now
    opening.answered_by, opening.agent_id = by.level, by.agent_id
    opening.save()


def _ask_anew(opening: OpeningRequest, needed: NeededOpening, now: datetime) -> None:
    opening.status, opening.reason, opening.round = OpeningStatus.ASKED, needed.reason, opening.round + 1
    opening.asked_at, opening.deadline = now, needed.deadline
    opening.reminded_at = opening.escalated_at = opening.answered_at = None
    opening.answered_by, opening.agent_id, opening.note = "", None, ""
    opening.save()


def _confirm_if_all_said_yes(booking: Booking, now: datetime, through: Door) -> None:
    if OpeningRequest.objects.filter(booking=booking).exclude(status=OpeningStatus.ACCEPTED).exists():
        return
    booking.status, booking.confirmed_at = BookingStatus.CONFIRMED, now
    booking.save(update_fields=["status", "confirmed_at"])
    record("booking.confirmed", _subject(booking), through=through)
    publish(BookingConfirmed(booking_id=booking.pk))


def _end(booking: Booking, cause: CancelCause, now: datetime, through: Door) -> None:
    """End an asked booking for `cause` and free its rooms. Raises BookingIsCancelled if it ended otherwise."""
    if booking.status == BookingStatus.CANCELLED:
        raise BookingIsCancelled
    free_rooms(booking)
    withdraw_openings(booking)
    end_booking(booking, BookingStatus.CANCELLED, now, cause=cause)
    record("booking.cancelled", _subject(booking), through=through, cause=cause.value)
    publish(BookingCancelled(booking_id=booking.pk, cause=cause.value))


def _subject(booking: Booking) -> str:
    return f"booking:{booking.reference}"


def _door(by: Answerer) -> Door:
    return "link" if by.agent_id is None else "agent"
