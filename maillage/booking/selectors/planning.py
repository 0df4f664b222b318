"""What is planned in the rooms of an agent: a day or a week, room by room. As many queries for 3 rooms as for 90."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.actors.models import Organisation
from maillage.booking.domain.planning import Block, LocalDay, hours_shown
from maillage.booking.models import BookingStatus, CalendarConflict, CalendarFeed, Span, SpanKind
from maillage.booking.models.calendars import STALE_AFTER
from maillage.booking.selectors.calendars import conflicts_of
from maillage.core.quarters import PER_DAY
from maillage.core.words import hour_words
from maillage.points.domain.hours import open_grid
from maillage.points.models import Closure, Room
from maillage.points.selectors import closures_between

MOST_ROOMS = 100
"""Rooms on one page: a network of 2,000 is read by host, or page after page."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of one room."""

    day: date
    blocks: tuple[Block, ...]

    @property
    def taken(self) -> list[Block]:
        """What stands there but for the hours at which the point is shut."""
        return [block for block in self.blocks if block.kind != "shut"]


@dataclass(frozen=True, slots=True)
class Row:
    """One room and its days."""

    room: Room
    cells: tuple[Cell, ...]
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Planning:
    """The rooms of a page, the days shown, and what deserves a look first."""

    days: tuple[date, ...]
    rows: tuple[Row, ...]
    hosts: tuple[Organisation, ...]
    conflicts: tuple[CalendarConflict, ...]
    page: int
    pages: int
    shown: range

    @property
    def hours(self) -> list[tuple[int, str]]:
        """The hours above the timeline: where each starts, in quarters, and its words."""
        language = get_language() or "fr"
        return [(quarter, _clock_in(quarter, language)) for quarter in range(self.shown.start, self.shown.stop, 4)]


@dataclass(frozen=True, slots=True)
class _Taken:
    """A span as the planning reads it."""

    pk: int
    kind: str
    first_quarter: int
    end_quarter: int
    note: str
    status: str
    title: str
    organiser: str
    phone: str
    reference: str
    meeting_first: int
    meeting_length: int
    wants_help: bool
    held_until: datetime | None


def planning_of(
    rooms: "QuerySet[Room]", days: Sequence[date], *, now: datetime, host_id: int | None = None, page: int = 1
) -> Planning:
    """Return what stands in `rooms` on `days`, those of one host if asked, MOST_ROOMS a page. Seven queries."""
    hosts = tuple(Organisation.objects.filter(points__rooms__in=rooms).distinct().order_by("name"))
    wanted = rooms.filter(point__host=host_id) if host_id else rooms
    count = wanted.count()
    pages = max(1, -(-count // MOST_ROOMS))
    page = min(max(page, 1), pages)
    ordered = wanted.select_related("point").order_by("point__name", "name")
    shown = list(ordered[(page - 1) * MOST_ROOMS : page * MOST_ROOMS])
    zones = {room.point.time_zone: ZoneInfo(room.point.time_zone) for room in shown}
    local = {name: [LocalDay.of(day, zone) for day in days] for name, zone in zones.items()}
    first = min((one[0].quarters.start for one in local.values()), default=0)
    end = max((one[-1].quarters.stop for one in local.values()), default=0)
    ids = [room.pk for room in shown]
    taken, closures = _taken(ids, first, end, now), _closures({room.point_id for room in shown}, first, end)
    stale, words = _stale(ids, now), _Words()
    rows = tuple(
        Row(
            room,
            tuple(
                Cell(one.day, tuple(_blocks(room, one, taken[room.pk], closures[room.point_id], words, len(days) == 1)))
                for one in local[room.point.time_zone]
            ),
            room.pk in stale,
        )
        for room in shown
    )
    everything = [block for row in rows for cell in row.cells for block in cell.blocks]
    return Planning(tuple(days), rows, hosts, tuple(conflicts_of(ids, now)), page, pages, hours_shown(everything))


def _taken(room_ids: Collection[int], first: int, end: int, now: datetime) -> dict[int, list[_Taken]]:
    rows = Span.objects.filter(room__in=room_ids, first_quarter__lt=end, end_quarter__gt=first)
    found: dict[int, list[_Taken]] = defaultdict(list)
    row: tuple[Any, ...]
    for row in rows.order_by("first_quarter").values_list(
        "room_id", "pk", "kind", "first_quarter", "end_quarter", "note", "booking__status", "booking__title",
        "booking__organiser_name", "booking__organiser_phone", "booking__reference", "booking__first_quarter",
        "booking__length", "booking__wants_help", "booking__held_until",
    ):  # fmt: skip
        span = _Taken(*row[1:])
        is_over = span.status == BookingStatus.HELD and span.held_until is not None and span.held_until <= now
        if not is_over:
            found[row[0]].append(span)
    return found


def _closures(point_ids: Collection[int], first: int, end: int) -> dict[int, list[Closure]]:
    found: dict[int, list[Closure]] = defaultdict(list)
    for closure in closures_between(point_ids, first, end):
        found[closure.point_id].append(closure)
    return found


def _stale(room_ids: Collection[int], now: datetime) -> set[int]:
    followed = CalendarFeed.objects.filter(room__in=room_ids, is_active=True)
    return {
        room_id
        for room_id, read_at in followed.values_list("room_id", "succeeded_at")
        if read_at is None or now - read_at > STALE_AFTER
    }


def _blocks(
    room: Room, day: LocalDay, taken: Sequence[_Taken], closures: Sequence[Closure], words: "_Words", with_shut: bool
) -> Iterator[Block]:
    if with_shut:
        yield from _shut(room, day)
    for closure in closures:
        is_here = closure.room_id in {None, room.pk}
        if is_here and (at := day.place(closure.first_quarter, closure.end_quarter)):
            yield Block("closure", *at, words.hours(at), closure.reason or words.closed)
    for span in taken:
        if at := day.place(span.first_quarter, span.end_quarter):
            yield words.block(span, at, day)


class _Words:
    """Says what stands in a room. What is the same for all the rooms of a page is translated once."""

    def __init__(self) -> None:
        self.language = get_language() or "fr"
        self.closed, self.busy, self.blocked = _("Closed"), _("Busy"), _("Blocked")
        self.asked, self.held, self.absent = _("Request to answer"), _("Being booked"), _("Nobody came")
        self.meeting, self.helped = _("Videoconference"), _("wants someone at the start")

    def hours(self, at: tuple[int, int]) -> str:
        """Return « 9 h 00 – 10 h 30 »."""
        return f"{_clock_in(at[0], self.language)} – {_clock_in(at[1], self.language)}"

    def block(self, span: _Taken, at: tuple[int, int], day: LocalDay) -> Block:
        """Return a span in words: a calendar says no more than busy, a meeting who to call."""
        if span.kind == SpanKind.CALENDAR:
            return Block("calendar", *at, self.hours(at), self.busy)
        if span.kind == SpanKind.BLOCK:
            return Block("block", *at, self.hours(at), span.note or self.blocked, span_id=span.pk)
        hours = self.hours(day.place(span.meeting_first, span.meeting_first + span.meeting_length) or at)
        if span.status == BookingStatus.ASKED:
            return Block("hold", *at, hours, self.asked, _joined(span.organiser, span.phone, span.reference))
        if span.status == BookingStatus.HELD:
            return Block("hold", *at, hours, self.held)
        if span.status == BookingStatus.CANCELLED:
            return Block("closure", *at, hours, self.absent, span.reference)
        helped = self.helped if span.wants_help else ""
        detail = _joined(span.organiser, span.phone, helped, span.reference)
        return Block("meeting", *at, hours, span.title or self.meeting, detail)


def _joined(*words: str) -> str:
    return " · ".join(filter(None, words))


def _shut(room: Room, day: LocalDay) -> Iterator[Block]:
    """Yield the hours at which the room does not open that day."""
    hours = room.hours or room.point.hours
    for start, end in _shut_runs(hours, room.point.time_zone, day.quarters.start, len(day.quarters)):
        if at := day.place(start, end):
            yield Block("shut", *at, "", "")


@lru_cache(maxsize=2048)
def _shut_runs(hours: str, zone: str, first: int, width: int) -> tuple[tuple[int, int], ...]:
    """Return the runs of quarters outside `hours`: many rooms share theirs."""
    edges = np.flatnonzero(np.diff(open_grid(hours, zone, first, width), prepend=True, append=True)) + first
    return tuple(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


@lru_cache(maxsize=512)
def _clock_in(quarter: int, language: str) -> str:
    """Return the time on the clock of a quarter of the day; the end of a day is midnight."""
    return hour_words(quarter % PER_DAY, "UTC", language)
