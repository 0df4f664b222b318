"""The dates of a series beside what is free: which fit, and what would fit instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import numpy as np
from django.urls import reverse

from maillage.booking.domain.recurrence import Recurrence, SeriesDay, series_days
from maillage.booking.domain.starts import BoolGrid
from maillage.booking.domain.terms import Pass, Terms
from maillage.booking.domain.wishes import (
    MOST_DAYS_AHEAD,
    PartyWish,
    check_length,
    check_parties,
    check_rooms_chosen,
)
from maillage.booking.errors.series import UnknownSeries
from maillage.booking.models import Series
from maillage.booking.selectors.bookings import LINK_LIVES
from maillage.booking.selectors.rooms import offers_for
from maillage.booking.selectors.seating import network_notices
from maillage.booking.selectors.slots import room_starts
from maillage.core.links import read_link, sign_link
from maillage.core.quarters import PER_DAY, day_quarters, moment_of, next_quarter
from maillage.points.domain.catalogue import RoomOffer, need_bits
from maillage.points.selectors import catalogue

_OTHER_HOURS = 4
_OTHER_ROOMS = 3
_LOOKED_AT = 12
_MORNING, _EVENING = 28, 88  # other hours are proposed between 7:00 and 22:00, local

DateState = Literal["free", "taken", "no-such-hour", "past", "too-far"]


@dataclass(frozen=True, slots=True)
class OtherRoom:
    """A room that is free at the date's own hour, for one party."""

    position: int
    room: RoomOffer


@dataclass(frozen=True, slots=True)
class DatePreview:
    """One date: whether all rooms are free, which are not, and what would fit instead.

    other_hours: quarters of the same day at which the same rooms are free, nearest hour first.
    """

    position: int
    date: SeriesDay
    state: DateState
    taken: tuple[str, ...] = ()
    other_hours: tuple[int, ...] = ()
    other_rooms: tuple[OtherRoom, ...] = ()


def preview_series(
    rule: Recurrence,
    *,
    length: int,
    parties: Sequence[PartyWish],
    now: datetime,
    passes: frozenset[Pass] = frozenset(),
) -> list[DatePreview]:
    """Return each date of a series with what is free that day. As many queries for sixty dates as for one.

    Raises what `series_days`, `check_parties` and `offers_for` refuse.
    """
    check_length(length)
    check_parties(parties)
    check_rooms_chosen(parties)
    days = series_days(rule)
    terms = Terms(len(parties), passes=passes, notices=network_notices())
    chosen = offers_for(parties, terms=terms)
    others = _other_rooms(parties, chosen)
    first, end = _window(rule, days)
    earliest, latest = next_quarter(now), next_quarter(now) + MOST_DAYS_AHEAD * PER_DAY
    first, end = max(first, earliest), min(end, latest + length)
    offers = [*chosen.values(), *{o.room.room_id: o.room for o in others if o.room not in chosen.values()}.values()]
    width = max(end - first, length)
    starts = room_starts(offers, first, first + width, length, terms=terms, now=now)
    view = _View(rule, chosen, others, {o.room_id: row for row, o in enumerate(offers)}, starts, first)
    return [view.preview(position, day, earliest, latest) for position, day in enumerate(days)]


@dataclass(frozen=True, slots=True)
class _View:
    """Where meetings may start: `starts` has a row per room (`row_of`), a column per quarter from `first`."""

    rule: Recurrence
    chosen: Mapping[int, RoomOffer]
    others: Sequence[OtherRoom]
    row_of: Mapping[int, int]
    starts: BoolGrid
    first: int

    def preview(self, position: int, date: SeriesDay, earliest: int, latest: int) -> DatePreview:
        """Return what one date looks like."""
        if date.quarter is None:
            return DatePreview(position, date, "no-such-hour", other_hours=self._hours(date, None))
        if date.quarter < earliest:
            return DatePreview(position, date, "past")
        if date.quarter > latest:
            return DatePreview(position, date, "too-far")
        taken = [at for at, offer in self.chosen.items() if not self._is_free(offer, date.quarter)]
        if not taken:
            return DatePreview(position, date, "free")
        free = [other for other in self.others if other.position in taken and self._is_free(other.room, date.quarter)]
        kept = [other for at in taken for other in [o for o in free if o.position == at][:_OTHER_ROOMS]]
        names = tuple(self.chosen[at].point_name for at in taken)
        return DatePreview(position, date, "taken", names, self._hours(date, date.quarter), tuple(kept))

    def _is_free(self, offer: RoomOffer, quarter: int) -> bool:
        column = quarter - self.first
        return 0 <= column < self.starts.shape[1] and bool(self.starts[self.row_of[offer.room_id], column])

    def _hours(self, date: SeriesDay, near: int | None) -> tuple[int, ...]:
        day = day_quarters(date.day, self.rule.zone)
        low, high = max(day.start - self.first, 0), min(day.stop - self.first, self.starts.shape[1])
        if low >= high:
            return ()
        rows = [self.row_of[offer.room_id] for offer in self.chosen.values()]
        free = np.flatnonzero(self.starts[rows, low:high].all(axis=0)) + low + self.first
        wanted = day.start + 40 if near is None else near
        decent = [int(quarter) for quarter in free if self._is_decent(int(quarter))]
        return tuple(sorted(sorted(decent, key=lambda quarter: (abs(quarter - wanted), quarter))[:_OTHER_HOURS]))

    def _is_decent(self, quarter: int) -> bool:
        local = moment_of(quarter).astimezone(self.rule.zone)
        return _MORNING <= local.hour * 4 + local.minute // 15 < _EVENING


def _window(rule: Recurrence, days: Sequence[SeriesDay]) -> tuple[int, int]:
    """Return the quarters from the start of the first day to the end of the last."""
    return day_quarters(days[0].day, rule.zone).start, day_quarters(days[-1].day, rule.zone).stop


def _other_rooms(parties: Sequence[PartyWish], chosen: Mapping[int, RoomOffer]) -> list[OtherRoom]:
    """Return the nearest rooms that would do for each party, but for those already chosen. No query."""
    rooms = catalogue()
    mine = {offer.room_id for offer in chosen.values()}
    found = []
    for party in parties:
        if party.position not in chosen:
            continue
        here = chosen[party.position]
        latitude = here.latitude if party.latitude is None else party.latitude
        longitude = here.longitude if party.longitude is None else party.longitude
        near = rooms.nearest(
            latitude, longitude, head_count=party.head_count, needs=need_bits(party.needs), limit=_LOOKED_AT
        )
        found += [OtherRoom(party.position, room) for room in near if room.room_id not in mine]
    return found


def with_rooms(parties: Sequence[PartyWish], rooms: Mapping[int, int]) -> tuple[PartyWish, ...]:
    """Return the parties, some of them in another room: `rooms` gives a room by position."""
    return tuple(replace(party, room_id=rooms.get(party.position, party.room_id)) for party in parties)


def series_by_link(token: str, now: datetime) -> Series:
    """Return the series that its organiser's link opens. Raises LinkForged, LinkExpired, UnknownSeries."""
    subject = read_link("series", token, now)
    series = Series.objects.filter(pk=UUID(subject)).prefetch_related("dates__booking").first()
    if series is None:
        raise UnknownSeries
    return series


def series_token(series: Series, until: datetime) -> str:
    """Return the token by which the organiser sees the series and cancels what is left of it."""
    return sign_link("series", str(series.pk), until)


def series_address(series_id: UUID) -> str:
    """Return the address of a series' page, valid as long as the links of its last meeting. One query."""
    series = Series(pk=series_id)
    last = series.bookings.order_by("-first_quarter").values_list("first_quarter", "length").first()
    end = moment_of(sum(last)) if last else datetime.now(UTC)
    return reverse("booking:series", args=[series_token(series, end + LINK_LIVES)])
