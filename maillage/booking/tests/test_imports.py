"""Two imports of one calendar at once: whichever comes between the other's two steps, each span has its quarters."""

from collections.abc import Callable
from typing import Any

import pytest

from maillage.booking.errors.calendars import UnknownFeed
from maillage.booking.gateways.ics_reading import Busy
from maillage.booking.models import CalendarFeed, Span
from maillage.booking.services import imports
from maillage.booking.services.calendars import follow_calendar, stop_following, window_of
from maillage.booking.services.imports import lay_over
from maillage.booking.tests.factories import NOW, TOMORROW_10, make_rooms
from maillage.booking.tests.worlds import check_spans

pytestmark = pytest.mark.django_db
FIRST, END = window_of(NOW)


@pytest.fixture
def feed() -> CalendarFeed:
    return follow_calendar(room=make_rooms("Callac")[0], name="x", address="https://example.org/x.ics", now=NOW)


def between_the_steps(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do `act` once, after the next import took what is free and before it frees what is over."""
    tidy, waiting = imports._tidy, [act]

    def interrupted(*given: Any) -> None:
        while waiting:
            waiting.pop()()
        tidy(*given)

    monkeypatch.setattr(imports, "_tidy", interrupted)


@pytest.mark.parametrize("other", [[], [Busy(TOMORROW_10 + 2, TOMORROW_10 + 6)], [Busy(TOMORROW_10, TOMORROW_10 + 8)]])
def test_another_import_between_the_two_steps_leaves_no_span_without_its_quarters(
    feed: CalendarFeed, monkeypatch: pytest.MonkeyPatch, other: list[Busy]
) -> None:
    busy = [Busy(TOMORROW_10, TOMORROW_10 + 4), Busy(TOMORROW_10 + 12, TOMORROW_10 + 16)]
    between_the_steps(monkeypatch, lambda: lay_over(feed, other, first_quarter=FIRST, end_quarter=END, now=NOW))
    lay_over(feed, busy, first_quarter=FIRST, end_quarter=END, now=NOW)
    check_spans()
    lay_over(feed, busy, first_quarter=FIRST, end_quarter=END, now=NOW)
    check_spans()
    found = Span.objects.filter(feed=feed).order_by("first_quarter").values_list("first_quarter", "end_quarter")
    assert list(found) == [(one.first_quarter, one.end_quarter) for one in busy]


def test_a_calendar_left_while_it_is_read_takes_nothing(feed: CalendarFeed) -> None:
    stop_following(feed_id=feed.pk)
    with pytest.raises(UnknownFeed):
        lay_over(feed, [Busy(TOMORROW_10, TOMORROW_10 + 4)], first_quarter=FIRST, end_quarter=END, now=NOW)
    assert not Span.objects.exists()
