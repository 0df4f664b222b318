"""Series: each date beside what is free, settled one by one, confirmed in one act or each on its own."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from maillage.booking.domain.recurrence import Kind, Recurrence
from maillage.booking.errors import ContactIncomplete
from maillage.booking.errors.series import SeriesChoiceMissing, SeriesDateTaken, SeriesEmpty, UnknownSeries
from maillage.booking.models import Booking, BookingStatus, Occupancy, Series, SeriesDateState
from maillage.booking.selectors.series import preview_series, series_by_link, series_token
from maillage.booking.services import cancel_booking
from maillage.booking.services.series import DateChoice, SeriesRequest, book_series, cancel_rest
from maillage.booking.tests.factories import ANNE, HOUR, NOW, make_booking, make_hold, make_rooms, parties_in
from maillage.core.quarters import local_quarter
from maillage.points.models import Closure, Room
from maillage.points.selectors import catalogue
from maillage.points.tests.factories import make_point, make_room

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
TUESDAYS = Recurrence(Kind.WEEKLY, date(2026, 12, 1), time(10), PARIS, times=3)
DAYS = [date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 15)]


def at(day: date, hour: int = 10) -> int:
    return local_quarter(day, time(hour), PARIS)


def request(
    rooms: list[Room], *quarters: int | None, rule: Recurrence = TUESDAYS, key: str = "tuesdays"
) -> SeriesRequest:
    return SeriesRequest(
        request_key=key,
        rule=rule,
        length=HOUR,
        parties=parties_in(rooms),
        choices=tuple(DateChoice(quarter) for quarter in quarters or map(at, DAYS)),
        time_zone="Europe/Paris",
        language="fr",
        contact=ANNE,
    )


def states(series: Series) -> list[str]:
    return [row.state for row in series.dates.order_by("position")]


def test_each_date_says_whether_it_is_free_and_what_would_fit_instead() -> None:
    rooms = make_rooms()
    spare = make_room(make_point(commune="Lannion"))
    make_booking(rooms, first_quarter=at(DAYS[1]))
    free, taken, last = preview_series(TUESDAYS, length=HOUR, parties=parties_in(rooms), now=NOW)
    assert (free.state, last.state) == ("free", "free")
    assert (taken.state, taken.taken) == ("taken", ("Point de Callac", "Point de Rennes"))
    assert at(DAYS[1]) not in taken.other_hours
    assert taken.other_hours == tuple(sorted(taken.other_hours))
    assert {other.room.room_id for other in taken.other_rooms} == {spare.pk}
    assert {other.position for other in taken.other_rooms} == {0, 1}


def test_a_closure_a_holiday_and_an_hour_that_does_not_exist_are_shown_on_their_date() -> None:
    rooms = make_rooms()
    Closure.objects.create(
        point=rooms[0].point, first_quarter=at(DAYS[2], 8), end_quarter=at(DAYS[2], 18), reason="Conseil"
    )
    assert preview_series(TUESDAYS, length=HOUR, parties=parties_in(rooms), now=NOW)[2].state == "taken"
    christmas = replace(TUESDAYS, first_day=date(2026, 12, 25), times=1)
    [day] = preview_series(christmas, length=HOUR, parties=parties_in(rooms), now=NOW)
    assert (day.state, day.date.is_holiday) == ("taken", True)
    night = Recurrence(Kind.DAYS_IN_A_ROW, date(2027, 3, 28), time(2, 30), PARIS, times=1, working_days=False)
    [skipped] = preview_series(night, length=HOUR, parties=parties_in(rooms), now=NOW)
    assert skipped.state == "no-such-hour"


def test_dates_past_or_too_far_ahead_are_told() -> None:
    rooms = make_rooms()
    early = replace(TUESDAYS, first_day=date(2026, 11, 17), times=2)
    months = replace(TUESDAYS, kind=Kind.MONTHLY_BY_WEEKDAY, times=20)
    assert [d.state for d in preview_series(early, length=HOUR, parties=parties_in(rooms), now=NOW)] == ["past", "free"]
    assert preview_series(months, length=HOUR, parties=parties_in(rooms), now=NOW)[-1].state == "too-far"


def test_fifty_dates_take_as_many_queries_as_one(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    rooms = make_rooms("Callac", "Rennes", "Lannion", "Brest")
    catalogue()
    for times in (1, 50):
        with django_assert_max_num_queries(4):
            preview_series(replace(TUESDAYS, times=times), length=HOUR, parties=parties_in(rooms[:2]), now=NOW)


def test_a_series_is_booked_in_one_act_and_the_same_request_returns_it() -> None:
    rooms = make_rooms()
    series = book_series(request(rooms), all_or_nothing=True, now=NOW)
    assert states(series) == ["booked"] * 3
    assert [b.first_quarter for b in series.bookings.order_by("first_quarter")] == [at(day) for day in DAYS]
    assert {b.status for b in series.bookings.all()} == {BookingStatus.CONFIRMED}
    assert {b.organiser_email for b in series.bookings.all()} == {ANNE.email}
    assert book_series(request(rooms), all_or_nothing=True, now=NOW) == series
    assert Booking.objects.count() == 3


def test_one_date_taken_meanwhile_leaves_nothing_of_the_whole_series() -> None:
    rooms = make_rooms()
    other = make_booking(rooms, first_quarter=at(DAYS[1]))
    with pytest.raises(SeriesDateTaken) as refusal:
        book_series(request(rooms), all_or_nothing=True, now=NOW)
    assert refusal.value.details["days"] == "08/12/2026"
    assert not Series.objects.exists()
    assert list(Booking.objects.all()) == [other]
    assert not Occupancy.objects.exclude(span__booking=other).exists()


def test_a_hold_that_is_over_does_not_stand_in_the_way_of_a_series() -> None:
    rooms = make_rooms()
    make_hold(rooms, first_quarter=at(DAYS[1]), now=NOW - timedelta(hours=1))
    assert states(book_series(request(rooms), all_or_nothing=True, now=NOW)) == ["booked"] * 3


def test_a_date_where_a_room_closes_refuses_the_whole_act_by_its_day() -> None:
    rooms = make_rooms()
    Closure.objects.create(point=rooms[0].point, first_quarter=at(DAYS[2], 8), end_quarter=at(DAYS[2], 18))
    with pytest.raises(SeriesDateTaken) as refusal:
        book_series(request(rooms), all_or_nothing=True, now=NOW)
    assert refusal.value.details["positions"] == [2]


def test_each_date_on_its_own_books_the_others_and_notes_the_refusal() -> None:
    rooms = make_rooms()
    make_booking(rooms, first_quarter=at(DAYS[1]))
    series = book_series(request(rooms), all_or_nothing=False, now=NOW)
    assert states(series) == ["booked", "refused", "booked"]
    assert series.dates.get(position=1).refusal == "slot-taken"


def test_a_series_cut_short_is_finished_by_the_same_request() -> None:
    rooms = make_rooms()
    series = book_series(request(rooms), all_or_nothing=False, now=NOW)
    kept = {row.booking_id for row in series.dates.all()}
    series.dates.filter(position=2).update(state=SeriesDateState.PENDING, booking=None)  # as a kill -9 leaves it
    again = book_series(request(rooms), all_or_nothing=False, now=NOW)
    assert {row.booking_id for row in again.dates.all()} == kept
    assert Booking.objects.count() == 3


def test_when_no_date_can_be_booked_nothing_remains() -> None:
    rooms = make_rooms()
    for day in DAYS:
        make_booking(rooms, first_quarter=at(day))
    with pytest.raises(SeriesDateTaken):
        book_series(request(rooms), all_or_nothing=False, now=NOW)
    assert not Series.objects.exists()


def test_conflicts_settled_by_another_hour_another_room_or_leaving_out_are_booked_so() -> None:
    rooms = make_rooms()
    spare = make_room(make_point(commune="Lannion"))
    make_booking(rooms, first_quarter=at(DAYS[0]))
    wanted = replace(
        request(rooms),
        choices=(
            DateChoice(at(DAYS[0], 15)),
            DateChoice(at(DAYS[1]), rooms={1: spare.pk}),
            DateChoice(None),
        ),
    )
    series = book_series(wanted, all_or_nothing=True, now=NOW)
    assert states(series) == ["booked", "booked", "left-out"]
    first, second = series.bookings.order_by("first_quarter")
    assert first.first_quarter == at(DAYS[0], 15)
    assert list(second.parties.values_list("room_id", flat=True)) == [rooms[0].pk, spare.pk]


def test_a_series_needs_a_choice_for_each_date_a_date_and_a_person() -> None:
    rooms = make_rooms()
    for wrong, refusal in (
        (request(rooms, at(DAYS[0])), SeriesChoiceMissing),
        (request(rooms, None, None, None), SeriesEmpty),
        (replace(request(rooms), contact=replace(ANNE, email="nowhere")), ContactIncomplete),
    ):
        with pytest.raises(refusal):
            book_series(wrong, all_or_nothing=True, now=NOW)
    assert not Booking.objects.exists()


def test_one_date_is_cancelled_alone_and_the_rest_from_a_day_on() -> None:
    rooms = make_rooms()
    series = book_series(request(rooms), all_or_nothing=True, now=NOW)
    first = series.bookings.order_by("first_quarter")[0]
    cancel_booking(booking_id=first.pk, cause="organiser", through="link", now=NOW)
    assert cancel_rest(series_id=series.pk, from_quarter=at(DAYS[2]), cause="organiser", now=NOW) == 1
    assert cancel_rest(series_id=series.pk, from_quarter=at(DAYS[2]), cause="organiser", now=NOW) == 0
    left = series.bookings.get(status=BookingStatus.CONFIRMED)
    assert left.first_quarter == at(DAYS[1])
    assert set(Occupancy.objects.values_list("span__booking", flat=True)) == {left.pk}


def test_cancelling_the_rest_leaves_what_has_begun() -> None:
    rooms = make_rooms()
    series = book_series(request(rooms), all_or_nothing=True, now=NOW)
    during_second = datetime(2026, 12, 8, 10, 20, tzinfo=PARIS)
    assert cancel_rest(series_id=series.pk, from_quarter=0, cause="organiser", now=during_second) == 1


def test_the_organisers_link_opens_the_series() -> None:
    series = book_series(request(make_rooms()), all_or_nothing=True, now=NOW)
    token = series_token(series, NOW + timedelta(days=400))
    assert series_by_link(token, NOW) == series
    series.delete()
    with pytest.raises(UnknownSeries):
        series_by_link(token, NOW)
