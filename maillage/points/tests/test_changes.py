"""Changing a point: one act, one line of journal, one event, a new catalogue."""

from datetime import date

import pytest

from maillage.core.models import JournalEntry
from maillage.points.errors import ClosureInvalid, HoursUnreadable, StatusOutOfOrder
from maillage.points.events import ClosureAdded, PointHoursChanged, PointOpened, PointStatusChanged
from maillage.points.models import CatalogueEdition, Closure, Point, PointStatus
from maillage.points.selectors import closures_between, nearest_rooms
from maillage.points.services import change_hours, change_status, close_point, lift_closure, open_point
from maillage.points.tests.factories import make_point, make_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The events published during the test."""
    events: list[object] = []
    for module in ("changes", "closures"):
        monkeypatch.setattr(f"maillage.points.services.{module}.publish", events.append)
    return events


def test_a_point_out_of_order_is_no_longer_offered(told: list[object]) -> None:
    room = make_room()
    change_status(point_id=room.point_id, status="out-of-order", since=date(2026, 11, 21), through="agent")
    assert nearest_rooms(48.4, -3.4, head_count=1) == []
    assert told == [PointStatusChanged(room.point_id, "out-of-order", date(2026, 11, 21))]
    assert JournalEntry.objects.get(verb="point.status-changed").subject == "point:point-de-callac"


def test_a_status_never_goes_back_in_time(told: list[object]) -> None:
    point = make_point()
    change_status(point_id=point.pk, status="moved", since=date(2026, 5, 1), through="agent")
    with pytest.raises(StatusOutOfOrder):
        change_status(point_id=point.pk, status="open", since=date(2026, 4, 30), through="agent")
    point.refresh_from_db()
    assert point.status == PointStatus.MOVED
    assert len(told) == 1


def test_two_statuses_of_one_day_leave_the_last() -> None:
    point = make_point()
    for status in ("moved", "open"):
        change_status(point_id=point.pk, status=status, since=date(2026, 5, 1), through="agent")
    assert point.status_changes.get().status == "open"


def test_other_hours_are_searched_at_once_and_are_no_assumption(told: list[object]) -> None:
    room = make_room(make_point(hours_are_assumed=True))
    change_hours(point_id=room.point_id, hours="24/7", through="link")
    assert nearest_rooms(48.4, -3.4, head_count=1)[0].hours == "24/7"
    room.point.refresh_from_db()
    assert not room.point.hours_are_assumed
    change_hours(point_id=room.point_id, room_id=room.pk, hours="Mo 09:00-10:00", through="link")
    assert nearest_rooms(48.4, -3.4, head_count=1)[0].hours == "Mo 09:00-10:00"
    assert told == [PointHoursChanged(room.point_id)] * 2


def test_hours_that_cannot_be_read_change_nothing(told: list[object]) -> None:
    point = make_point()
    edition = CatalogueEdition.objects.get().token
    with pytest.raises(HoursUnreadable):
        change_hours(point_id=point.pk, hours="lundi 9h", through="link")
    point.refresh_from_db()
    assert point.hours.startswith("Mo-Fr")
    assert CatalogueEdition.objects.get().token == edition
    assert told == []


def test_the_same_closure_twice_is_one(told: list[object]) -> None:
    point = make_point()
    first = close_point(point_id=point.pk, first_quarter=100, end_quarter=120, reason="travaux", through="agent")
    again = close_point(point_id=point.pk, first_quarter=100, end_quarter=120, reason="travaux", through="agent")
    assert first == again
    assert told == [ClosureAdded(first.pk, point.pk, 100, 120)]
    lift_closure(closure_id=first.pk, through="agent")
    lift_closure(closure_id=first.pk, through="agent")
    assert not Closure.objects.exists()


@pytest.mark.parametrize(("first", "end"), [(120, 120), (120, 100), (-1, 5)])
def test_a_closure_ends_after_it_starts(first: int, end: int) -> None:
    with pytest.raises(ClosureInvalid):
        close_point(point_id=make_point().pk, first_quarter=first, end_quarter=end, through="agent")


@pytest.mark.parametrize(
    ("first", "end", "touches"),
    [(90, 100, False), (90, 101, True), (119, 130, True), (120, 130, False), (105, 106, True)],
)
def test_closures_are_those_that_touch_the_time_asked(first: int, end: int, touches: bool) -> None:
    point = make_point()
    close_point(point_id=point.pk, first_quarter=100, end_quarter=120, through="agent")
    assert bool(closures_between([point.pk], first, end)) is touches
    assert closures_between([point.pk + 1], first, end) == []


def test_a_new_point_enters_the_directory_with_a_dated_status(told: list[object]) -> None:
    model = make_point()
    fresh = Point(
        slug="nouveau", name="Médiathèque", host=model.host, commune=model.commune, latitude=48.4, longitude=-3.4,
        hours="24/7", status=PointStatus.PLANNED,
    )  # fmt: skip
    point = open_point(point=fresh, since=date(2026, 11, 21), through="agent")
    assert point.folded == "mediatheque"
    assert point.status_changes.get().status == PointStatus.PLANNED
    assert told == [PointOpened(point.pk)]
