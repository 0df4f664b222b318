"""A room lost, several answers at the same instant on PostgreSQL: one counts, nobody is left nowhere."""

import pytest

from maillage.booking.errors import SlotTaken
from maillage.booking.errors.losses import LossSettled, RoomNotSuitable
from maillage.booking.models import Booking, BookingStatus, LossStatus, RoomLoss
from maillage.booking.services import cancel_booking
from maillage.booking.services.closing import find_lost_rooms
from maillage.booking.services.losses import accept_room, keep_room
from maillage.booking.tests.factories import NOW, TOMORROW_10, make_booking
from maillage.booking.tests.test_losses import lose
from maillage.booking.tests.test_races import PATIENCE, Clients
from maillage.booking.tests.worlds import check_spans
from maillage.points.models import Closure
from maillage.points.tests.factories import make_point, make_room

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_two_answers_and_a_cancellation_at_once_leave_one() -> None:
    point = make_point(commune="Callac")
    lost, red, green = make_room(point, "Bleue"), make_room(point, "Rouge"), make_room(point, "Verte")
    rennes = make_room(make_point(commune="Rennes"))
    crowd = Clients(8)
    try:
        for turn in range(15):
            booking = make_booking([lost, rennes])
            (loss,) = lose(lost)

            def answer(number: int, loss: RoomLoss = loss) -> Booking:
                if number == 7:
                    return keep_room(loss_id=loss.pk, now=NOW).booking
                room = (red, green)[number % 2]
                return accept_room(loss_id=loss.pk, room_id=room.pk, first_quarter=TOMORROW_10, now=NOW)

            outcome = crowd.round(answer)
            assert outcome.faults == [], turn
            assert len(outcome.won) == 1
            assert {type(one) for one in outcome.refused} <= {LossSettled, SlotTaken, RoomNotSuitable}
            assert max(outcome.waits) < PATIENCE
            check_spans()
            cancel_booking(booking_id=booking.pk, cause="other", through="link", now=NOW)
            Booking.objects.filter(pk=booking.pk).update(request_key=f"over-{booking.pk.hex}")
            Closure.objects.all().delete()
    finally:
        crowd.stop()


def test_one_free_room_wanted_by_eight_meetings_that_lost_theirs_goes_to_one() -> None:
    point = make_point(commune="Callac")
    rooms = [make_room(point, f"Salle {number}") for number in range(8)]
    others = [make_room(make_point(f"Point {number}", commune="Rennes")) for number in range(8)]
    only = make_room(make_point(commune="Carhaix-Plouguer"))
    for room, other in zip(rooms, others, strict=True):
        make_booking([room, other])
    losses = [loss for room in rooms for loss in lose(room)]
    crowd = Clients(8)
    try:
        outcome = crowd.round(
            lambda number: accept_room(loss_id=losses[number].pk, room_id=only.pk, first_quarter=TOMORROW_10, now=NOW)
        )
    finally:
        crowd.stop()
    assert (outcome.faults, len(outcome.won)) == ([], 1)
    assert {type(one) for one in outcome.refused} == {SlotTaken}
    assert RoomLoss.objects.filter(status=LossStatus.WAITING).count() == 7
    assert Booking.objects.filter(status=BookingStatus.CONFIRMED).count() == 8
    check_spans()


def test_eight_sweeps_at_once_note_each_loss_once() -> None:
    callac = make_room(make_point(commune="Callac"))
    booking = make_booking([callac, make_room(make_point(commune="Rennes"))])
    lose(callac)
    RoomLoss.objects.all().delete()
    crowd = Clients(8)
    try:
        outcome = crowd.round(lambda _number: (find_lost_rooms(NOW), booking)[1])
    finally:
        crowd.stop()
    assert outcome.faults == []
    assert RoomLoss.objects.count() == 1
