"""Receipts asked at the same instant, on PostgreSQL."""

from datetime import date

import pytest

from maillage.booking.domain.tariffs import Price, Tariff, Unit
from maillage.booking.models import Receipt
from maillage.booking.services.receipts import issue_receipts
from maillage.booking.services.tariffs import write_tariff
from maillage.booking.tests.factories import HOUR, NOW, TOMORROW_10, make_booking
from maillage.booking.tests.test_races import Clients, rooms  # noqa: F401 a fixture
from maillage.points.models import Room

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

CLIENTS = 8


def test_receipts_asked_at_once_are_numbered_without_a_gap_or_a_double(rooms: list[Room]) -> None:  # noqa: F811
    host = rooms[0].point.host
    write_tariff(point=rooms[0].point, tariff=Tariff((Price(Unit.TWO_HOURS, 3_000),)), valid_from=date(2026, 1, 1))
    bookings = [
        make_booking([rooms[0], rooms[2]], first_quarter=TOMORROW_10 + n * 8, length=HOUR) for n in range(CLIENTS)
    ]
    clients = Clients(CLIENTS)
    try:
        outcome = clients.round(lambda number: issue_receipts(booking_id=bookings[number].pk, now=NOW))  # type: ignore[arg-type, return-value]
        again = clients.round(lambda number: issue_receipts(booking_id=bookings[0].pk, now=NOW))  # type: ignore[arg-type, return-value]
    finally:
        clients.stop()
    assert (outcome.faults, outcome.refused, again.faults, again.refused) == ([], [], [], [])
    numbers = Receipt.objects.filter(host=host).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, CLIENTS + 1))
