"""Several people of one point who answer at the same instant, on PostgreSQL: one answer counts, the others are told."""

import pytest

from maillage.booking.errors.openings import OpeningAnswered, OpeningTooLate, OpeningWithdrawn
from maillage.booking.models import Booking, BookingStatus, HostLevel, Occupancy, OpeningRequest
from maillage.booking.selectors.openings import Answerer
from maillage.booking.services import accept_opening, cancel_booking, refuse_opening
from maillage.booking.services.openings import close_opening
from maillage.booking.tests.factories import NOW, make_booking
from maillage.booking.tests.test_openings import EVENING, POINT, evening_rooms
from maillage.booking.tests.test_races import PATIENCE, Clients

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def answer(opening: OpeningRequest, number: int) -> Booking:
    """Say yes, no, withdraw or close, by turns."""
    who = POINT if number % 2 else Answerer(HostLevel.DESK)
    match number % 4:
        case 0 | 1:
            return accept_opening(opening_id=opening.pk, round_=1, by=who, now=NOW)
        case 2:
            return refuse_opening(opening_id=opening.pk, round_=1, by=who, cause="nobody", now=NOW)
    if close_opening(opening_id=opening.pk, now=opening.deadline):
        return opening.booking
    raise OpeningTooLate(until="")


def test_eight_answers_at_once_leave_one_and_tell_the_others() -> None:
    rooms = evening_rooms()
    crowd = Clients(8)
    try:
        for _turn in range(20):
            opening = make_booking(rooms, first_quarter=EVENING).openings.get()
            outcome = crowd.round(lambda number, opening=opening: answer(opening, number))  # type: ignore[misc]
            assert outcome.faults == []
            assert len(outcome.won) == 1
            assert {type(one) for one in outcome.refused} <= {OpeningAnswered, OpeningTooLate, OpeningWithdrawn}
            assert max(outcome.waits) < PATIENCE
            booking = Booking.objects.get(pk=opening.booking_id)
            assert booking.status in {BookingStatus.CONFIRMED, BookingStatus.CANCELLED}
            assert Occupancy.objects.exists() == (booking.status == BookingStatus.CONFIRMED)
            cancel_booking(booking_id=booking.pk, cause="other", through="link", now=NOW)
            Booking.objects.filter(pk=booking.pk).update(request_key=f"over-{booking.pk.hex}")
    finally:
        crowd.stop()
