"""Other calendars of a room: imported around bookings, tried again later, written back to a real CalDAV server."""

import ipaddress
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from icalendar import Calendar

from maillage.booking.errors import SlotTaken
from maillage.booking.errors.calendars import (
    CalendarAddressRefused,
    CalendarEntryChanged,
    CalendarForbidden,
    CalendarMissing,
    CalendarUnreadable,
    UnknownFeed,
)
from maillage.booking.gateways.caldav import CalDavCalendar
from maillage.booking.gateways.fetching import Reader
from maillage.booking.gateways.ics_reading import Busy
from maillage.booking.gateways.secrecy import seal, unseal
from maillage.booking.models import (
    CalendarConflict,
    CalendarCopy,
    CalendarFeed,
    FeedKind,
    Occupancy,
    Span,
    SpanKind,
)
from maillage.booking.selectors.calendars import booking_entry, conflicts_of, feeds_of, is_ours
from maillage.booking.services import cancel_booking, move_booking
from maillage.booking.services.calendars import (
    EVERY,
    LONGEST_WAIT,
    follow_calendar,
    stop_following,
    sync_due_feeds,
    try_soon,
    window_of,
)
from maillage.booking.services.imports import lay_over, runs
from maillage.booking.tests.factories import HOUR, NOW, TOMORROW_10, make_booking, make_hold
from maillage.booking.tests.radicale import PASSWORD, USER, radicale
from maillage.booking.tests.web import Page, Web, serving
from maillage.core.quarters import moment_of
from maillage.points.models import Room

LOOPBACK = Reader(allowed=(ipaddress.ip_network("127.0.0.0/8"),), most_seconds=3.0)
LATER = NOW + EVERY


def event(first: int, end: int, uid: str = "1", summary: str = "Théâtre") -> str:
    stamps = [moment_of(quarter).strftime("%Y%m%dT%H%M%SZ") for quarter in (first, end)]
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:{stamps[0]}\r\nDTEND:{stamps[1]}\r\nSUMMARY:{summary}\r\nEND:VEVENT\r\n"
    )


def ics(*events: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//\r\n{''.join(events)}END:VCALENDAR\r\n".encode()


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as server:
        yield server


@pytest.fixture
def feed(rooms: list[Room], web: Web) -> CalendarFeed:
    return follow_calendar(room=rooms[0], name="Théâtre", address=f"{web.address}/room.ics", now=NOW)


def sync(now: datetime = NOW) -> int:
    return sync_due_feeds(now, reader=LOOPBACK)


def spans(room: Room) -> list[tuple[int, int]]:
    rows = Span.objects.filter(room=room, kind=SpanKind.CALENDAR).order_by("first_quarter")
    found = list(rows.values_list("first_quarter", "end_quarter"))
    held = Occupancy.objects.filter(span__in=rows).order_by("quarter").values_list("quarter", flat=True)
    assert list(held) == [quarter for first, end in found for quarter in range(first, end)]
    return found


def test_what_a_calendar_says_takes_the_room_and_frees_it_when_it_says_so_no_more(
    rooms: list[Room], web: Web, feed: CalendarFeed
) -> None:
    web.pages["/room.ics"] = Page(ics(event(TOMORROW_10, TOMORROW_10 + 8)))
    assert sync() == 1
    assert spans(rooms[0]) == [(TOMORROW_10, TOMORROW_10 + 8)]
    with pytest.raises(SlotTaken):
        make_hold(rooms)
    web.pages["/room.ics"] = Page(ics(event(TOMORROW_10 + 4, TOMORROW_10 + 12)))
    assert sync(LATER) == 1
    assert spans(rooms[0]) == [(TOMORROW_10 + 4, TOMORROW_10 + 12)]
    web.pages["/room.ics"] = Page(ics())
    assert sync(LATER + EVERY) == 1
    assert spans(rooms[0]) == []


def test_a_meeting_that_a_calendar_contradicts_stays_and_the_conflict_is_told_until_it_is_over(
    rooms: list[Room], web: Web, feed: CalendarFeed
) -> None:
    booking = make_booking(rooms)
    web.pages["/room.ics"] = Page(ics(event(TOMORROW_10 - 8, TOMORROW_10 + 2)))
    sync()
    assert spans(rooms[0]) == [(TOMORROW_10 - 8, TOMORROW_10 - 1)]  # up to the meeting's settling in
    [conflict] = conflicts_of([rooms[0].pk], NOW)
    assert (conflict.booking, conflict.summary) == (booking, "Théâtre")
    cancel_booking(booking_id=booking.pk, cause="organiser", through="link", now=NOW)
    sync(LATER)
    assert spans(rooms[0]) == [(TOMORROW_10 - 8, TOMORROW_10 + 2)]
    assert conflicts_of([rooms[0].pk], NOW) == []
    assert CalendarConflict.objects.get().over_at == LATER


def test_an_event_that_only_touches_the_settling_in_of_a_meeting_is_no_conflict(
    rooms: list[Room], web: Web, feed: CalendarFeed
) -> None:
    make_booking(rooms)
    web.pages["/room.ics"] = Page(ics(event(TOMORROW_10 - 4, TOMORROW_10)))
    sync()
    assert conflicts_of([rooms[0].pk], NOW) == []


def test_two_calendars_of_a_room_share_it_without_a_clash(rooms: list[Room], web: Web, feed: CalendarFeed) -> None:
    follow_calendar(room=rooms[0], name="Musique", address=f"{web.address}/music.ics", now=NOW)
    web.pages["/room.ics"] = Page(ics(event(TOMORROW_10, TOMORROW_10 + 4)))
    web.pages["/music.ics"] = Page(ics(event(TOMORROW_10 + 2, TOMORROW_10 + 6)))
    assert sync() == 2
    assert Occupancy.objects.filter(room=rooms[0]).count() == 6
    web.pages["/room.ics"] = Page(ics())
    sync(LATER)
    sync(LATER + EVERY)
    assert spans(rooms[0]) == [(TOMORROW_10 + 2, TOMORROW_10 + 6)]


def test_a_calendar_that_fails_keeps_its_last_word_and_is_tried_later_and_later(
    rooms: list[Room], web: Web, feed: CalendarFeed
) -> None:
    web.pages["/room.ics"] = Page(ics(event(TOMORROW_10, TOMORROW_10 + 4)))
    sync()
    web.pages["/room.ics"] = Page(b"<!DOCTYPE html><title>Sign in</title>")
    now, waits = LATER, []
    for _ in range(8):
        assert sync(now) == 0
        feed.refresh_from_db()
        waits.append(feed.next_try_at - now)
        now = feed.next_try_at
    assert (feed.error_code, feed.failures) == ("calendar-unreadable", 8)
    assert waits[:3] == [EVERY, EVERY * 2, EVERY * 4]
    assert waits[-1] == LONGEST_WAIT
    assert spans(rooms[0]) == [(TOMORROW_10, TOMORROW_10 + 4)]
    assert feed.is_stale(now)
    assert not feed.is_stale(LATER)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Page(status=404), "calendar-missing"),
        (Page(status=401), "calendar-forbidden"),
        (Page(status=302, headers={"Location": "http://10.0.0.1/"}), "calendar-address-refused"),
        (Page(b"x" * 60, drip=0.2), "calendar-unreachable"),
        (Page(ics(event(TOMORROW_10, TOMORROW_10 + 4))[:-20]), "calendar-unreadable"),
    ],
)
def test_each_failure_leaves_its_code_for_the_facilitator(
    web: Web, feed: CalendarFeed, answer: Page, code: str
) -> None:
    web.pages["/room.ics"] = answer
    assert sync() == 0
    feed.refresh_from_db()
    assert feed.error_code == code


def test_a_calendar_that_has_not_changed_is_not_read_again_until_the_next_day(
    rooms: list[Room], web: Web, feed: CalendarFeed
) -> None:
    web.pages["/room.ics"] = Page(ics(event(TOMORROW_10, TOMORROW_10 + 4)), headers={"ETag": '"7"'})
    sync()
    web.pages["/room.ics"] = Page(status=304)
    assert sync(LATER) == 1
    assert web.requests[-1][2]["if-none-match"] == '"7"'
    assert spans(rooms[0]) == [(TOMORROW_10, TOMORROW_10 + 4)]
    web.pages["/room.ics"] = Page(ics())
    sync(NOW + timedelta(days=1))
    assert "if-none-match" not in web.requests[-1][2]


def test_slow_calendars_are_read_at_once_rather_than_one_after_the_other(rooms: list[Room], web: Web) -> None:
    for number in range(6):
        web.pages[f"/{number}.ics"] = Page(ics(), drip=0.01)
        follow_calendar(room=rooms[0], name=str(number), address=f"{web.address}/{number}.ics", now=NOW)
    begun = time.monotonic()
    assert sync() == 6
    assert time.monotonic() - begun < 6 * 0.6


def test_a_calendar_is_read_by_one_run_only(web: Web, feed: CalendarFeed) -> None:
    CalendarFeed.objects.update(next_try_at=NOW + timedelta(minutes=5))  # claimed by another run
    assert sync() == 0
    assert web.requests == []


def test_ten_thousand_overlapping_events_make_one_span_and_leave_the_meeting_under_them(
    rooms: list[Room], feed: CalendarFeed
) -> None:
    first, end = window_of(NOW)
    meeting = make_booking(rooms)
    busy = [Busy(first + n, first + n + 40) for n in range(10_000)]
    lay_over(feed, busy, first_quarter=first, end_quarter=end, now=NOW)
    taken = Span.objects.get(room=rooms[0], booking=meeting)
    assert spans(rooms[0]) == [(first, taken.first_quarter), (taken.end_quarter, first + 10_039)]
    assert Occupancy.objects.filter(room=rooms[0]).count() == 10_039


def test_an_import_again_changes_nothing(rooms: list[Room], feed: CalendarFeed) -> None:
    first, end = window_of(NOW)
    busy = [Busy(TOMORROW_10, TOMORROW_10 + 4), Busy(TOMORROW_10 + 8, TOMORROW_10 + 12)]
    lay_over(feed, busy, first_quarter=first, end_quarter=end, now=NOW)
    before = list(Span.objects.order_by("pk").values_list("pk", flat=True))
    lay_over(feed, busy, first_quarter=first, end_quarter=end, now=NOW)
    assert list(Span.objects.order_by("pk").values_list("pk", flat=True)) == before


def test_runs_join_what_follows() -> None:
    assert runs([]) == []
    assert runs({5, 3, 4, 9}) == [(3, 6), (9, 10)]


def test_forgetting_a_calendar_frees_what_it_took(rooms: list[Room], web: Web, feed: CalendarFeed) -> None:
    web.pages["/room.ics"] = Page(ics(event(TOMORROW_10, TOMORROW_10 + 4)))
    sync()
    stop_following(feed_id=feed.pk)
    assert not Occupancy.objects.exists()
    with pytest.raises(UnknownFeed):
        stop_following(feed_id=feed.pk)
    assert feeds_of([rooms[0].pk]) == []


def test_a_private_address_is_taken_down_but_never_read(rooms: list[Room], web: Web) -> None:
    follow_calendar(room=rooms[0], name="x", address=f"{web.address}/room.ics", now=NOW)
    sync_due_feeds(NOW, reader=Reader())
    assert CalendarFeed.objects.get().error_code == "calendar-address-refused"
    assert web.requests == []
    with pytest.raises(CalendarAddressRefused):
        follow_calendar(room=rooms[0], name="x", address="file:///etc/passwd", now=NOW)


def test_passwords_are_sealed_and_useless_with_another_key(settings: object) -> None:
    sealed = seal("mot de passe")
    assert "mot" not in sealed
    assert (unseal(sealed), seal(""), unseal("")) == ("mot de passe", "", "")
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    with pytest.raises(CalendarForbidden):
        unseal(sealed)


# CalDAV, on a real Radicale


@dataclass
class Server:
    """A Radicale with one calendar."""

    calendar: CalDavCalendar

    @property
    def address(self) -> str:
        return self.calendar.address


@pytest.fixture(scope="session")
def radicale_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with radicale(tmp_path_factory.mktemp("radicale")) as address:
        yield address


@pytest.fixture
def server(radicale_address: str, request: pytest.FixtureRequest) -> Server:
    address = f"{radicale_address}/{USER}/{abs(hash(request.node.nodeid))}/"
    body = """<?xml version="1.0"?><c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
    <d:set><d:prop><d:displayname>Salle du conseil</d:displayname></d:prop></d:set></c:mkcalendar>"""
    made = httpx.request("MKCALENDAR", address, content=body, auth=(USER, PASSWORD))
    assert made.status_code == 201
    return Server(CalDavCalendar(LOOPBACK, address, USER, PASSWORD))


@pytest.fixture
def shared(rooms: list[Room], server: Server) -> CalendarFeed:
    return follow_calendar(
        room=rooms[0],
        name="Salle du conseil",
        address=server.address,
        kind=FeedKind.CALDAV,
        username=USER,
        password=PASSWORD,
        writes_back=True,
        now=NOW,
    )


def names(server: Server) -> list[str]:
    entries = server.calendar.entries(NOW, NOW + timedelta(days=30))
    return sorted(entry.path.rpartition("/")[2] for entry in entries)


def test_a_calendar_says_its_name_and_what_is_not_one_is_refused(server: Server, radicale_address: str) -> None:
    assert server.calendar.name() == "Salle du conseil"
    with pytest.raises(CalendarUnreadable):
        CalDavCalendar(LOOPBACK, f"{radicale_address}/{USER}/", USER, PASSWORD).name()
    with pytest.raises(CalendarForbidden):
        CalDavCalendar(LOOPBACK, server.address, USER, "wrong").name()


def test_an_entry_is_only_replaced_in_the_version_that_was_read(server: Server) -> None:
    calendar, content = server.calendar, ics(event(TOMORROW_10, TOMORROW_10 + 4, uid="a"))
    etag = calendar.put("a.ics", content)
    with pytest.raises(CalendarEntryChanged):
        calendar.put("a.ics", content)
    newer = calendar.put("a.ics", ics(event(TOMORROW_10, TOMORROW_10 + 8, uid="a")), etag=etag)
    assert newer == calendar.etag_of("a.ics") != etag
    with pytest.raises(CalendarEntryChanged):
        calendar.delete("a.ics", etag=etag)
    calendar.delete("a.ics", etag=newer)
    with pytest.raises(CalendarMissing):
        calendar.delete("a.ics")


@pytest.mark.django_db
def test_entries_of_the_other_calendar_take_the_room(rooms: list[Room], server: Server, shared: CalendarFeed) -> None:
    server.calendar.put("conseil.ics", ics(event(TOMORROW_10, TOMORROW_10 + 8, uid="conseil")))
    assert sync() == 1
    assert spans(rooms[0]) == [(TOMORROW_10, TOMORROW_10 + 8)]


@pytest.mark.django_db
def test_bookings_are_written_there_followed_when_they_move_and_removed_when_cancelled(
    rooms: list[Room], server: Server, shared: CalendarFeed
) -> None:
    booking = make_booking(rooms)
    assert try_soon(booking.pk, NOW) == 0  # never read yet: due already
    sync()
    assert names(server) == [f"{booking.pk}.ics"]
    assert spans(rooms[0]) == []
    sync(LATER)
    assert spans(rooms[0]) == []  # our own entry, read back, takes nothing
    move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 + 16, length=HOUR, now=NOW)
    assert try_soon(booking.pk, NOW) == 1
    sync(LATER)
    [entry] = server.calendar.entries(NOW, NOW + timedelta(days=30))
    [written] = Calendar.from_ical(entry.content).walk("VEVENT")
    assert written.decoded("DTSTART").astimezone(UTC) == moment_of(TOMORROW_10 + 16)
    assert str(written["SEQUENCE"]) == "1"
    cancel_booking(booking_id=booking.pk, cause="organiser", through="link", now=NOW)
    try_soon(booking.pk, LATER)
    sync(LATER)
    assert names(server) == []
    assert not CalendarCopy.objects.exists()


@pytest.mark.django_db
def test_an_entry_of_ours_that_somebody_changed_or_removed_is_written_again(
    rooms: list[Room], server: Server, shared: CalendarFeed
) -> None:
    booking = make_booking(rooms)
    sync()
    name = f"{booking.pk}.ics"
    server.calendar.put(name, booking_entry(booking), etag=server.calendar.etag_of(name))
    CalendarCopy.objects.update(sequence=99)
    CalendarFeed.objects.update(next_try_at=NOW)
    assert sync() == 1
    server.calendar.delete(name)
    CalendarCopy.objects.update(sequence=99)
    CalendarFeed.objects.update(next_try_at=NOW)
    assert sync() == 1
    assert names(server) == [name]


@pytest.mark.django_db
def test_what_is_written_elsewhere_holds_no_secret_nor_address(rooms: list[Room]) -> None:
    booking = make_booking(rooms)
    entry = booking_entry(booking).decode()
    assert is_ours(f"{booking.pk}@localhost")
    assert not is_ours("conseil@localhost")
    assert not is_ours(f"{booking.pk}@elsewhere.example")
    for secret in ("/r/", "/reunion/", booking.organiser_email, booking.organiser_phone):
        assert secret not in entry
