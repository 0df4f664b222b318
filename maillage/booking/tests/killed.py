"""Run by test_killed.py in a process and on a database of its own: acts of booking killed between any two statements.

Each act is run in a forked child that kills itself (SIGKILL, so nothing is tidied up) before its first statement,
before its second, and so on until it ends alive; a commit counts as a statement. After each death the database is
looked at whole, then the same request is sent again: it must go through. Prints, as JSON, how often each was killed.
With two numbers, FIRST and STEP, it dies before the statement FIRST, then STEP further, and so on.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import django

django.setup()

from django.db import connections  # noqa: E402  (models need the set-up above)

from maillage.booking.domain.recurrence import Kind, Recurrence  # noqa: E402
from maillage.booking.domain.tariffs import Price, Tariff, Unit  # noqa: E402
from maillage.booking.models import (  # noqa: E402
    Booking,
    BookingPrice,
    BookingStatus,
    LetterRecord,
    Occupancy,
    Party,
    Series,
    SeriesDate,
    Span,
    TariffSheet,
)
from maillage.booking.services import book_slot, confirm_booking, move_booking  # noqa: E402
from maillage.booking.services.blocks import block_room  # noqa: E402
from maillage.booking.services.extensions import extend_booking  # noqa: E402
from maillage.booking.services.letters import write_missing_letters  # noqa: E402
from maillage.booking.services.series import DateChoice, SeriesRequest, book_series  # noqa: E402
from maillage.booking.services.tariffs import write_tariff  # noqa: E402
from maillage.booking.tests.factories import (  # noqa: E402
    ANNE,
    HOUR,
    NOW,
    TOMORROW_10,
    make_booking,
    make_hold,
    make_rooms,
    parties_in,
)
from maillage.booking.tests.worlds import check_spans, check_world  # noqa: E402
from maillage.core.models import JournalEntry  # noqa: E402
from maillage.core.quarters import PER_DAY, moment_of  # noqa: E402
from maillage.points.models import Room  # noqa: E402

PRICE = Tariff((Price(Unit.TWO_HOURS, 3_000),))
Act = Callable[[list[Room]], object]


@dataclass(frozen=True)
class Case:
    """An act, what it needs beforehand, whether it freezes a price, whether the same request may be sent again."""

    act: Act
    before: Act = lambda rooms: None
    priced: bool = False
    again: bool = True


def book(rooms: list[Room]) -> object:
    """Book at once, as the API does."""
    return book_slot(
        request_key="killed-booking",
        first_quarter=TOMORROW_10,
        length=HOUR,
        parties=parties_in(rooms),
        time_zone="Europe/Paris",
        language="fr",
        contact=ANNE,
        now=NOW,
    )


def series(rooms: list[Room]) -> object:
    """Book three days in one act."""
    request = SeriesRequest(
        request_key="killed-series",
        rule=Recurrence(Kind.DAYS_IN_A_ROW, date(2026, 11, 24), time(10), ZoneInfo("Europe/Paris"), times=3),
        length=HOUR,
        parties=parties_in(rooms),
        choices=tuple(DateChoice(TOMORROW_10 + day * PER_DAY) for day in range(3)),
        time_zone="Europe/Paris",
        language="fr",
        contact=ANNE,
    )
    return book_series(request, all_or_nothing=True, now=NOW)


def the_booking() -> Booking:
    """Return the only booking there is."""
    return Booking.objects.get()


CASES = {
    "hold": Case(make_hold),
    "book": Case(book, priced=True),
    "confirm": Case(
        lambda rooms: confirm_booking(booking_id=the_booking().pk, contact=ANNE, now=NOW),
        before=make_hold,
        priced=True,
    ),
    "move": Case(
        lambda rooms: move_booking(
            booking_id=the_booking().pk, first_quarter=TOMORROW_10 + 2, length=HOUR, now=NOW + timedelta(minutes=2)
        ),
        before=make_booking,
    ),
    "extend": Case(
        lambda rooms: extend_booking(booking_id=the_booking().pk, now=moment_of(TOMORROW_10) + timedelta(minutes=20)),
        before=make_booking,
        again=False,  # it would rightly add another quarter
    ),
    "series": Case(series),
    "block": Case(
        lambda rooms: block_room(room_id=rooms[0].pk, first_quarter=TOMORROW_10, end_quarter=TOMORROW_10 + 9, now=NOW)
    ),
}


@contextmanager
def killed_before(statement: int) -> Iterator[None]:
    """Die before the statement of that number, counted from 0."""
    connection, passed = connections["default"], count()
    commit = connection.commit

    def pass_or_die() -> None:
        if next(passed) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    def execute(run: Callable[..., Any], *arguments: Any) -> Any:
        pass_or_die()
        return run(*arguments)

    def commit_or_die() -> None:
        pass_or_die()
        commit()

    connection.commit = commit_or_die  # type: ignore[method-assign]
    with connection.execute_wrapper(execute):
        yield


def run_killed(case: Case, rooms: list[Room], statement: int) -> bool:
    """Run the act in a child that dies before that statement; return whether it lived to its end."""
    leave_database()
    child = os.fork()
    if child == 0:
        with killed_before(statement):
            case.act(rooms)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("the act failed instead of dying")
    return not os.WIFSIGNALED(status)


def leave_database() -> None:
    """Close every connection: none may be shared with a child."""
    connection = connections["default"]
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]


def check_nothing_is_half_done(case: Case) -> None:
    """Look at all that booking writes."""
    check_world()
    check_spans()
    for booking in Booking.objects.all():
        signed = bool(booking.organiser_email)
        assert signed == (booking.status == BookingStatus.CONFIRMED), "confirmed with its answers, or held without"
        assert {bool(party.travel_mode) for party in booking.parties.all()} == {signed}
        assert JournalEntry.objects.filter(subject=f"booking:{booking.reference}").exists()
        price = BookingPrice.objects.filter(booking=booking).first()
        assert bool(price) == (signed and case.priced), "a confirmed booking has its price"
        assert price is None or price.lines.count() == booking.parties.count()
    kept = Series.objects.count()
    assert (kept, SeriesDate.objects.count()) in {(0, 0), (1, 3)}
    assert Booking.objects.filter(series__isnull=False).count() == 3 * kept


def check_letters_are_written_in_the_end() -> None:
    """What a death left unwritten is written by the next timed job."""
    write_missing_letters(NOW + timedelta(hours=1))
    for booking in Booking.objects.filter(status=BookingStatus.CONFIRMED, series=None):
        assert LetterRecord.objects.filter(booking=booking, sequence=booking.sequence).exists()


def start_again() -> None:
    """Forget all bookings."""
    for model in (LetterRecord, SeriesDate, BookingPrice, Occupancy, Span, Party, Booking, Series, JournalEntry):
        model.objects.all().delete()


def deaths_of(case: Case, rooms: list[Room], first: int, step: int) -> int:
    """Kill the act before its statements; return how often. Raises AssertionError if anything is half done."""
    TariffSheet.objects.all().delete()
    for room in rooms if case.priced else ():
        write_tariff(point=room.point, tariff=PRICE, valid_from=date(2026, 1, 1))
    for deaths in count():
        start_again()
        case.before(rooms)
        lived = run_killed(case, rooms, first + deaths * step)
        check_nothing_is_half_done(case)
        if case.priced:
            check_letters_are_written_in_the_end()
        if lived:
            return deaths
        if case.again:
            case.act(rooms)
            check_nothing_is_half_done(case)
    raise AssertionError("endless")


def main(first: int = 0, step: int = 1) -> None:
    """Kill every act."""
    rooms = make_rooms()
    print(json.dumps({name: deaths_of(case, rooms, first, step) for name, case in CASES.items()}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
