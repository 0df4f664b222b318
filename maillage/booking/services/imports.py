"""Lay what another calendar says over a room: it takes what is free, never what is booked.

The diff is made on quarters. New ones are inserted first, in one sorted statement, then what is over is freed: the same
order as everywhere, so that an import neither deadlocks with bookings nor opens a gap. A quarter that a booking takes
meanwhile makes the insertion fail: it is worked out again. Freeing is a transaction of its own, so that who waits for
what was inserted waits for two statements; cut between the two, the next import frees what this one left. Each of the
two locks the feed first, and the second looks again at what the feed has: another import of it may have come between.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from maillage.booking.errors import SlotTaken
from maillage.booking.errors.calendars import UnknownFeed
from maillage.booking.gateways.ics_reading import Busy
from maillage.booking.models import (
    Booking,
    BookingStatus,
    CalendarConflict,
    CalendarFeed,
    Occupancy,
    Span,
    SpanKind,
)
from maillage.booking.services.occupancies import fill, quarters_of
from maillage.booking.services.waits import note_freed

_ATTEMPTS = 4


def lay_over(feed: CalendarFeed, busy: Sequence[Busy], *, first_quarter: int, end_quarter: int, now: datetime) -> None:
    """Make the room's calendar spans what `busy` says between two quarters; note the meetings that it contradicts.

    Spans of the feed outside that window are left alone. Raises SlotTaken only if bookings kept coming in the way, and
    UnknownFeed if the calendar is followed no more.
    """
    notes = {taken.first_quarter: taken.summary for taken in busy}
    wanted = {quarter for taken in busy for quarter in range(taken.first_quarter, taken.end_quarter)}
    for attempt in range(_ATTEMPTS):
        try:
            with _only_import(feed):
                _take(feed, wanted, first_quarter, end_quarter, notes)
            break
        except SlotTaken:
            if attempt == _ATTEMPTS - 1:
                raise
    with _only_import(feed):
        _tidy(feed, wanted, first_quarter, end_quarter, notes)
    # apart: a transaction that holds quarters must not wait for a booking that another act has locked
    with transaction.atomic():
        _note_conflicts(feed, busy, first_quarter, now)


@contextmanager
def _only_import(feed: CalendarFeed) -> Iterator[None]:
    """Run a transaction that no other import of `feed` runs beside. Raises UnknownFeed if it is followed no more."""
    with transaction.atomic():
        if not CalendarFeed.objects.select_for_update(no_key=True).filter(pk=feed.pk).values_list("pk").first():
            raise UnknownFeed
        yield


def _take(feed: CalendarFeed, wanted: Collection[int], first: int, end: int, notes: Mapping[int, str]) -> None:
    """Take the quarters that are free."""
    rows = Occupancy.objects.filter(room=feed.room_id, quarter__gte=first, quarter__lt=end)
    taken = set(rows.values_list("quarter", flat=True))
    free = {quarter for quarter in wanted if quarter not in taken}
    if free:
        added = [_span(feed, run, notes) for run in runs(free)]
        Span.objects.bulk_create(added)
        fill(quarters_of(added))


def _tidy(feed: CalendarFeed, wanted: Collection[int], first: int, end: int, notes: Mapping[int, str]) -> None:
    """Make one span of each run of quarters, and free what is no longer wanted. Inserts nothing that others want."""
    rows = Occupancy.objects.filter(span__feed=feed, quarter__gte=first, quarter__lt=end)
    mine = set(rows.values_list("quarter", flat=True))
    if not mine:
        return
    old = Span.objects.filter(feed=feed, end_quarter__gt=first, first_quarter__lt=end)
    former = {(span.first_quarter, span.end_quarter): span.pk for span in old}
    if not mine.issubset(wanted):
        transaction.on_commit(note_freed)
    now_wanted = runs(mine.intersection(wanted))
    added = [_span(feed, run, notes) for run in now_wanted if run not in former]
    if added:
        Span.objects.bulk_create(added)
        _hand_over(feed, added)
    standing = {former[run] for run in now_wanted if run in former} | {span.pk for span in added}
    old.exclude(pk__in=standing).delete()


def _hand_over(feed: CalendarFeed, added: Sequence[Span]) -> None:
    """Give the quarters of the feed to the spans that now hold them. One statement, on both databases."""
    ids = ", ".join(f"{span.pk:d}" for span in added)
    sql = f"""UPDATE {Occupancy._meta.db_table} SET span_id = span.id FROM {Span._meta.db_table} span
        WHERE span.id IN ({ids}) AND {Occupancy._meta.db_table}.room_id = span.room_id
            AND quarter >= span.first_quarter AND quarter < span.end_quarter
            AND span_id IN (SELECT id FROM {Span._meta.db_table} WHERE feed_id = {feed.pk:d})"""  # noqa: S608 numbers only
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _span(feed: CalendarFeed, run: tuple[int, int], notes: Mapping[int, str]) -> Span:
    note = notes.get(run[0], "")
    return Span(
        room_id=feed.room_id, feed=feed, kind=SpanKind.CALENDAR, first_quarter=run[0], end_quarter=run[1], note=note
    )


def runs(quarters: Iterable[int]) -> list[tuple[int, int]]:
    """Return the runs of consecutive quarters, in order, each from its first to its end, not included."""
    found: list[tuple[int, int]] = []
    for quarter in sorted(quarters):
        if found and found[-1][1] == quarter:
            found[-1] = (found[-1][0], quarter + 1)
        else:
            found.append((quarter, quarter + 1))
    return found


def _note_conflicts(feed: CalendarFeed, busy: Sequence[Busy], first: int, now: datetime) -> None:
    """Write the meetings of the room that `busy` contradicts, buffers apart; close the conflicts that are over."""
    meetings = Booking.objects.filter(
        spans__room=feed.room_id,
        status__in=[BookingStatus.HELD, BookingStatus.CONFIRMED],
        spans__end_quarter__gt=first,
    ).distinct()
    clashing: dict[object, tuple[Booking, Busy]] = {}
    in_order = sorted(busy, key=lambda taken: taken.first_quarter)
    for meeting in meetings:
        for taken in in_order:
            if taken.first_quarter < meeting.end_quarter and taken.end_quarter > meeting.first_quarter:
                clashing[meeting.pk] = (meeting, taken)
                break
    known = CalendarConflict.objects.filter(feed=feed)
    known.filter(over_at=None).exclude(booking__in=list(clashing)).update(over_at=now)
    for meeting, taken in clashing.values():
        CalendarConflict.objects.update_or_create(
            feed=feed,
            booking=meeting,
            defaults={
                "summary": taken.summary,
                "first_quarter": taken.first_quarter,
                "end_quarter": taken.end_quarter,
                "over_at": None,
            },
            create_defaults={
                "summary": taken.summary,
                "first_quarter": taken.first_quarter,
                "end_quarter": taken.end_quarter,
                "seen_at": now,
            },
        )
