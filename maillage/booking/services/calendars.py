"""Follow the other calendars of rooms, and write our bookings into those that allow it. Run by a job, never in a page.

Reading goes over the network without any transaction, several calendars at once; what was read is then laid over the
rooms one calendar at a time. A calendar that fails is tried again later and later; what it said before stays.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from maillage.booking.domain.wishes import MOST_DAYS_AHEAD
from maillage.booking.errors import SlotTaken
from maillage.booking.errors.calendars import UnknownFeed
from maillage.booking.gateways.caldav import CalDavCalendar
from maillage.booking.gateways.fetching import Reader, checked_address, house_reader, read_calendar
from maillage.booking.gateways.ics_reading import Busy, Reading, read_busy
from maillage.booking.gateways.secrecy import seal, unseal
from maillage.booking.models import CalendarFeed, FeedKind, Span
from maillage.booking.selectors.calendars import any_writes_back, is_ours
from maillage.booking.services.copies import write_copies
from maillage.booking.services.imports import lay_over
from maillage.core.errors import DomainError
from maillage.core.journal import Door, record
from maillage.core.quarters import PER_DAY, moment_of, quarter_of
from maillage.points.models import Room

logger = logging.getLogger(__name__)

EVERY: Final = timedelta(minutes=15)
LONGEST_WAIT: Final = timedelta(hours=6)
CLAIM: Final = timedelta(minutes=5)
AT_ONCE: Final = 8
MOST_A_RUN: Final = 24


@transaction.atomic
def follow_calendar(
    *,
    room: Room,
    name: str,
    address: str,
    now: datetime,
    kind: FeedKind = FeedKind.ICS,
    username: str = "",
    password: str = "",
    writes_back: bool = False,
    through: Door = "agent",
    agent_id: int | None = None,
) -> CalendarFeed:
    """Follow another calendar of a room from now on; the same address again brings it up to date and tries at once.

    Nothing is read here. Raises CalendarAddressRefused.
    """
    feed, _ = CalendarFeed.objects.update_or_create(
        room=room,
        address=checked_address(address),
        defaults={
            "name": name[:80],
            "kind": kind,
            "username": username,
            "sealed_password": seal(password),
            "writes_back": writes_back and kind == FeedKind.CALDAV,
            "is_active": True,
            "next_try_at": now,
            "failures": 0,
            "etag": "",
        },
    )
    record("calendar.followed", f"room:{room.pk}", through=through, agent_id=agent_id, name=feed.name)
    return feed


@transaction.atomic
def stop_following(*, feed_id: int, through: Door = "agent", agent_id: int | None = None) -> None:
    """Forget another calendar: what it took is free again. Our entries stay in it. Raises UnknownFeed."""
    feed = CalendarFeed.objects.select_for_update().filter(pk=feed_id).first()  # before its quarters, as imports do
    if feed is None:
        raise UnknownFeed
    Span.objects.filter(feed=feed).delete()
    feed.delete()
    record("calendar.left", f"room:{feed.room_id}", through=through, agent_id=agent_id, name=feed.name)


def sync_due_feeds(now: datetime, *, reader: Reader | None = None) -> int:
    """Read the calendars whose time has come, write back where asked; return how many went well.

    Two runs at once share the work: each calendar is claimed before it is read.
    """
    due = CalendarFeed.objects.filter(is_active=True, next_try_at__lte=now).select_related("room__point")
    claimed = [feed for feed in due.order_by("next_try_at")[:MOST_A_RUN] if _claim(feed, now)]
    if not claimed:
        return 0
    used = reader or house_reader()
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:  # the network alone: no query in these threads
        fetched = list(pool.map(lambda feed: _fetch(feed, used, now), claimed))
    return sum(_settle(feed, what, used, now) for feed, what in zip(claimed, fetched, strict=True))


@dataclass(frozen=True, slots=True)
class _Fetched:
    """What was read of a calendar. `reading` is None if it has not changed, or if it failed with `error`."""

    reading: Reading | None = None
    etag: str = ""
    error: str = ""


def _claim(feed: CalendarFeed, now: datetime) -> bool:
    mine = CalendarFeed.objects.filter(pk=feed.pk, next_try_at=feed.next_try_at)
    return bool(mine.update(next_try_at=now + CLAIM, tried_at=now))


def window_of(now: datetime) -> tuple[int, int]:
    """Return the quarters that are imported: from now to the last day that can be booked."""
    first = quarter_of(now)
    return first, first + (MOST_DAYS_AHEAD + 1) * PER_DAY


def _fetch(feed: CalendarFeed, reader: Reader, now: datetime) -> _Fetched:
    try:
        if feed.kind == FeedKind.CALDAV:
            return _Fetched(_read_caldav(feed, reader, now))
        # a whole reading once a day, since the window moves on even where nothing changes
        fresh = feed.succeeded_at is not None and now.date() == feed.succeeded_at.date()
        answer = read_calendar(reader, feed.address, etag=feed.etag if fresh else "")
        if answer is None:
            return _Fetched(etag=feed.etag)
        return _Fetched(_read(feed, [answer.body], now), etag=answer.headers.get("etag", "")[:200])
    except DomainError as refusal:
        return _Fetched(error=refusal.code)
    except Exception:  # one calendar must not stop the others
        logger.exception("calendar %s", feed.pk)
        return _Fetched(error="calendar-unreadable")


def calendar_of(feed: CalendarFeed, reader: Reader) -> CalDavCalendar:
    """Return a feed as a CalDAV calendar. Raises CalendarForbidden if its password can no longer be unsealed."""
    return CalDavCalendar(reader, feed.address, feed.username, unseal(feed.sealed_password))


def _read_caldav(feed: CalendarFeed, reader: Reader, now: datetime) -> Reading:
    first, end = window_of(now)
    entries = calendar_of(feed, reader).entries(moment_of(first), moment_of(end))
    return _read(feed, [entry.content for entry in entries], now)


def _read(feed: CalendarFeed, contents: Sequence[bytes], now: datetime) -> Reading:
    first, end = window_of(now)
    zone = ZoneInfo(feed.room.point.time_zone)
    busy: list[Busy] = []
    left_out = 0
    for content in contents:
        found = read_busy(content, first_quarter=first, end_quarter=end, zone=zone, is_ours=is_ours)
        busy += found.busy
        left_out += found.left_out
    return Reading(tuple(busy), left_out)


def _settle(feed: CalendarFeed, fetched: _Fetched, reader: Reader, now: datetime) -> bool:
    """Lay what was read over the room, write our bookings back, and note how it went."""
    error = fetched.error
    if not error:
        try:
            first, end = window_of(now)
            if fetched.reading is not None:
                lay_over(feed, fetched.reading.busy, first_quarter=first, end_quarter=end, now=now)
            if feed.writes_back:
                write_copies(feed, calendar_of(feed, reader), now=now)
        except SlotTaken:
            error = SlotTaken.code
        except DomainError as refusal:
            error = refusal.code
    _note(feed, fetched, error, now)
    return not error


def _note(feed: CalendarFeed, fetched: _Fetched, error: str, now: datetime) -> None:
    changes: dict[str, object] = {"error_code": error}
    if error:
        wait = min(EVERY * 2 ** min(feed.failures, 6), LONGEST_WAIT)
        changes |= {"failures": min(feed.failures + 1, 1000), "next_try_at": now + wait}
    else:
        changes |= {"failures": 0, "next_try_at": now + EVERY, "succeeded_at": now, "etag": fetched.etag}
    if fetched.reading is not None:
        changes["left_out"] = fetched.reading.left_out
    CalendarFeed.objects.filter(pk=feed.pk).update(**changes)


def try_soon(booking_id: UUID, now: datetime) -> int:
    """Have the calendars to which a booking is written read at the next run. Called when it changes."""
    if not any_writes_back():  # most networks: nothing more is asked
        return 0
    feeds = CalendarFeed.objects.filter(is_active=True, writes_back=True, next_try_at__gt=now)
    mine = feeds.filter(room__parties__booking=booking_id) | feeds.filter(copies__booking=booking_id)
    return CalendarFeed.objects.filter(pk__in=mine.values("pk"), failures=0).update(next_try_at=now)
