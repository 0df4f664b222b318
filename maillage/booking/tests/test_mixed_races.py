"""Holds, moves, extensions, series, blocks, imports and receipts at the same instant, on PostgreSQL."""

import random
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from maillage.booking.domain.recurrence import Kind, Recurrence
from maillage.booking.domain.tariffs import Price, Tariff, Unit
from maillage.booking.errors import RoomClosed, SlotTaken
from maillage.booking.errors.rooms import NoExtension
from maillage.booking.errors.series import SeriesDateTaken
from maillage.booking.gateways.ics_reading import Busy
from maillage.booking.models import Booking, CalendarFeed, Receipt, Span, SpanKind
from maillage.booking.services import move_booking
from maillage.booking.services.blocks import block_room
from maillage.booking.services.calendars import follow_calendar, window_of
from maillage.booking.services.extensions import extend_booking
from maillage.booking.services.imports import lay_over
from maillage.booking.services.receipts import issue_receipts
from maillage.booking.services.series import DateChoice, SeriesRequest, book_series
from maillage.booking.services.tariffs import write_tariff
from maillage.booking.tests.factories import ANNE, HOUR, NOW, TOMORROW_10, make_booking, make_hold, parties_in
from maillage.booking.tests.test_races import Clients, rooms  # noqa: F401 a fixture
from maillage.booking.tests.worlds import check_spans, check_world
from maillage.core.quarters import PER_DAY, moment_of
from maillage.points.models import Room

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

CLIENTS = 8
PARIS = ZoneInfo("Europe/Paris")
UNDERSTOOD = {SlotTaken, SeriesDateTaken, NoExtension, RoomClosed}


def series_of(chosen: list[Room], key: str) -> object:
    rule = Recurrence(Kind.DAYS_IN_A_ROW, date(2026, 11, 24), time(10), PARIS, times=3)
    request = SeriesRequest(
        request_key=key,
        rule=rule,
        length=HOUR,
        parties=parties_in(chosen),
        choices=tuple(DateChoice(TOMORROW_10 + day * PER_DAY) for day in range(3)),
        time_zone="Europe/Paris",
        language="fr",
        contact=ANNE,
    )
    return book_series(request, all_or_nothing=True, now=NOW)


def test_everything_that_takes_rooms_at_once_takes_each_quarter_once(rooms: list[Room]) -> None:  # noqa: F811
    dice = random.Random(20261124)
    feeds: list[CalendarFeed] = [
        follow_calendar(room=room, name="x", address=f"https://example.org/{room.pk}.ics", now=NOW)
        for room in rooms[:6]
    ]
    standing = [make_booking([rooms[0], rooms[2]]), make_booking([rooms[4], rooms[6]])]
    during = moment_of(TOMORROW_10) + timedelta(minutes=20)
    first, end = window_of(NOW)
    clients = Clients(CLIENTS)
    waits: list[float] = []
    try:
        for turn in range(40):
            plans = [dice.randrange(6) for _ in range(CLIENTS)]
            seeds = [dice.randrange(1 << 30) for _ in range(CLIENTS)]

            def act(number: int, plans: list[int] = plans, seeds: list[int] = seeds, turn: int = turn) -> object:
                mine = random.Random(seeds[number])
                chosen = mine.sample(rooms, 3)
                at = TOMORROW_10 + mine.randrange(-4, 8)
                match plans[number]:
                    case 0:
                        return make_hold(chosen, first_quarter=at, request_key=f"hold-{turn}-{number}")
                    case 1:
                        return series_of(chosen[:2], f"series-{turn}-{number}")
                    case 2:
                        feed = mine.choice(feeds)
                        busy = [Busy(at + n * 7, at + n * 7 + mine.randrange(1, 9)) for n in range(12)]
                        lay_over(feed, busy, first_quarter=first, end_quarter=end, now=NOW)
                        return feed
                    case 3:
                        return block_room(room_id=chosen[0].pk, first_quarter=at, end_quarter=at + 6, now=NOW)
                    case 4:
                        return extend_booking(booking_id=mine.choice(standing).pk, now=during)
                    case _:
                        booking = mine.choice(standing)
                        return move_booking(booking_id=booking.pk, first_quarter=at, length=HOUR, now=NOW)

            outcome = clients.round(act)  # type: ignore[arg-type]
            assert outcome.faults == []
            assert {type(refusal) for refusal in outcome.refused} <= UNDERSTOOD
            waits += outcome.waits
            Booking.objects.filter(pk__in=Booking.objects.exclude(pk__in=[b.pk for b in standing])[:6]).delete()
            Span.objects.filter(kind=SpanKind.BLOCK).delete()
    finally:
        clients.stop()
    check_world()
    check_spans()
    assert sorted(waits)[int(len(waits) * 0.99)] < 2.0


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
