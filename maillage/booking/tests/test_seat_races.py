"""Many people take the last seats at the same instant, on PostgreSQL: none too many, none lost."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from maillage.booking.models import Seat
from maillage.booking.services.broadcasts import cancel_seat, publish_session, reserve_seat
from maillage.booking.tests.factories import NOW, make_booking, make_rooms

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
CLIENTS, SEATS, ROUNDS = 12, 5, 6


def test_seats_are_never_oversold_and_those_given_back_are_given_again() -> None:
    booking = make_booking(make_rooms())
    session = publish_session(booking_id=booking.pk, title="Cité", description="x", seats={1: SEATS}, now=NOW)
    place = session.places.get()
    faults: list[BaseException] = []
    gate = threading.Barrier(CLIENTS)

    def live(number: int) -> None:
        try:
            for turn in range(ROUNDS):
                gate.wait()
                at = NOW + timedelta(seconds=turn)
                seat = reserve_seat(place_id=place.pk, name="x", reach=f"{number}@example.org", language="fr", now=at)
                if (number + turn) % 3 == 0:
                    cancel_seat(seat_id=seat.pk, through="link", now=at)
        except BaseException as fault:
            faults.append(fault)
            gate.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=live, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    alive = Seat.objects.filter(cancelled_at=None)
    seated = alive.filter(number__isnull=False)
    assert list(seated.order_by("number").values_list("number", flat=True)) == list(range(1, SEATS + 1))
    assert alive.values("reach").distinct().count() == alive.count()
    assert booking.parties.get(position=1).head_count == SEATS
