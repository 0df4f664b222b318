"""Foreign calendars: what takes the room, what does not, and what is too much."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.booking.errors.calendars import CalendarTooSlow, CalendarUnreadable
from maillage.booking.gateways import ics_reading
from maillage.booking.gateways.ics_reading import Reading, read_busy
from maillage.core.quarters import PER_DAY, moment_of, quarter_at

PARIS = ZoneInfo("Europe/Paris")
MONDAY = quarter_at(datetime(2026, 11, 23, tzinfo=PARIS))


def feed(*events: str, extra: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\n{extra}{body}END:VCALENDAR\r\n".encode()


def read(content: bytes, days: int = 14) -> Reading:
    return read_busy(
        content,
        first_quarter=MONDAY,
        end_quarter=MONDAY + days * PER_DAY,
        zone=PARIS,
        is_ours=lambda uid: uid.endswith("@maillage.example"),
    )


def hours(reading: Reading) -> list[str]:
    def local(quarter: int) -> datetime:
        return moment_of(quarter).astimezone(PARIS)

    in_order = sorted(reading.busy, key=lambda busy: busy.first_quarter)
    return [f"{local(busy.first_quarter):%d %H:%M}-{local(busy.end_quarter):%H:%M}" for busy in in_order]


def test_an_event_takes_every_quarter_it_touches() -> None:
    reading = read(feed("UID:1\r\nDTSTART:20261124T081000Z\r\nDTEND:20261124T090100Z\r\nSUMMARY:Conseil"))
    assert hours(reading) == ["24 09:00-10:15"]
    assert reading.busy[0].summary == "Conseil"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART;TZID=Europe/Paris:20261124T190000\r\nDURATION:PT2H", ["24 19:00-21:00"]),
        ("DTSTART:20261124T190000\r\nDTEND:20261124T200000", ["24 19:00-20:00"]),  # no zone: the room's
        ("DTSTART;VALUE=DATE:20261124", ["24 00:00-00:00"]),
        ("DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261126", ["24 00:00-00:00"]),
        ("DTSTART:20261124T190000Z", []),  # an instant takes no time
        ("DTSTART:20261124T190000Z\r\nDTEND:20261124T180000Z", []),
        ("DTSTART:20261124T190000Z\r\nDTEND:20261124T200000Z\r\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20261124T190000Z\r\nDTEND:20261124T200000Z\r\nSTATUS:CANCELLED", []),
        ("DTSTART:20261124T180000Z\r\nDTEND:20261124T190000Z\r\nSTATUS:TENTATIVE", ["24 19:00-20:00"]),
        ("DTSTART:20200101T000000Z\r\nDTEND:20400101T000000Z", ["23 00:00-00:00"]),  # clipped to the window
        ("DTSTART:20200101T000000Z\r\nDTEND:20200102T000000Z", []),
    ],
)
def test_each_way_of_writing_a_time_is_understood(event: str, expected: list[str]) -> None:
    assert hours(read(feed(f"UID:1\r\n{event}"))) == expected


def test_our_own_events_are_passed_over() -> None:
    mine = "UID:0b1c@maillage.example\r\nDTSTART:20261124T081000Z\r\nDTEND:20261124T090000Z"
    assert read(feed(mine)).busy == ()


def test_an_endless_repetition_is_worked_out_in_the_window_alone_with_its_exceptions() -> None:
    weekly = "UID:1\r\nDTSTART;TZID=Europe/Paris:20100105T140000\r\nDTEND;TZID=Europe/Paris:20100105T160000\r\n"
    rule = "RRULE:FREQ=WEEKLY\r\nEXDATE;TZID=Europe/Paris:20261124T140000"
    moved = (
        "UID:1\r\nRECURRENCE-ID;TZID=Europe/Paris:20261201T140000\r\n"
        "DTSTART;TZID=Europe/Paris:20261201T170000\r\nDTEND;TZID=Europe/Paris:20261201T180000"
    )
    assert hours(read(feed(weekly + rule, moved))) == ["01 17:00-18:00"]


def test_a_repetition_by_the_minute_is_left_out_and_counted() -> None:
    wild = "UID:1\r\nDTSTART:20200101T000000Z\r\nDTEND:20200101T000100Z\r\nRRULE:FREQ=MINUTELY"
    calm = "UID:2\r\nDTSTART:20261124T080000Z\r\nDTEND:20261124T090000Z"
    reading = read(feed(wild, calm))
    assert (len(reading.busy), reading.left_out) == (1, 1)


def test_an_event_that_cannot_be_read_does_not_hide_the_others() -> None:
    broken = "UID:1\r\nDTSTART:yesterday\r\nDTEND:20261124T090000Z"
    without = "UID:3\r\nSUMMARY:no time at all"
    calm = "UID:2\r\nDTSTART:20261124T080000Z\r\nDTEND:20261124T090000Z"
    reading = read(feed(broken, without, calm))
    assert (len(reading.busy), reading.left_out) == (1, 2)


def test_free_busy_periods_count_but_the_free_ones() -> None:
    lines = (
        "BEGIN:VFREEBUSY\r\nUID:9\r\nFREEBUSY:20261124T080000Z/20261124T090000Z\r\n"
        "FREEBUSY;FBTYPE=FREE:20261124T100000Z/PT1H\r\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20261124T120000Z/PT1H\r\n"
        "END:VFREEBUSY\r\n"
    )
    assert hours(read(feed(extra=lines))) == ["24 09:00-10:00", "24 13:00-14:00"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!DOCTYPE html><html><body>Sign in</body></html>",
        b"\x00\xff\x00\xff" * 100,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
        b"BEGIN:VCALENDAR\r\n\xff\xfe not a line\r\nEND:VTODO\r\n",
        b"BEGIN:VCARD\r\nFN:Anne\r\nEND:VCARD\r\n",
    ],
)
def test_what_is_not_a_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(CalendarUnreadable):
        read(content)


def test_a_zone_that_only_the_file_describes_is_understood() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Chez nous\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0300\r\nTZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    event = "UID:1\r\nDTSTART;TZID=Chez nous:20261124T120000\r\nDTEND;TZID=Chez nous:20261124T130000"
    assert hours(read(feed(event, extra=zone))) == ["24 10:00-11:00"]


def test_folded_lines_alarms_and_quoted_colons_do_not_disturb() -> None:
    event = (
        'UID:1\r\nDTSTART;X-A="a:b";TZID="Europe/Paris":20261124T1\r\n 20000\r\nDTEND:20261124T120000Z\r\n'
        "BEGIN:VALARM\r\nDURATION:PT5M\r\nSUMMARY:alarm\r\nEND:VALARM\r\nSUMMARY:Cours\\, piano"
    )
    reading = read(feed(event))
    assert (hours(reading), reading.busy[0].summary) == (["24 12:00-13:00"], "Cours, piano")


def test_an_empty_calendar_is_a_calendar() -> None:
    assert read(feed()) == Reading(())


def test_ten_thousand_overlapping_blocks_are_read_in_seconds() -> None:
    blocks = [
        f"UID:{n}\r\nDTSTART:20261124T{n % 20:02}0000Z\r\nDTEND:20261125T{n % 20:02}3000Z\r\nSUMMARY:Bloc {n}"
        for n in range(10_000)
    ]
    begun = time.monotonic()
    assert len(read(feed(*blocks)).busy) == 10_000
    assert time.monotonic() - begun < 5


def test_repetitions_that_take_too_long_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ics_reading, "MOST_OCCURRENCES", 100)
    daily = "DTSTART:20200101T000000Z\r\nDTEND:20200101T000100Z\r\nRRULE:FREQ=DAILY"
    with pytest.raises(CalendarTooSlow):
        read(feed(*(f"UID:{n}\r\n{daily}" for n in range(20))))


def test_a_rule_that_never_happens_ends() -> None:
    never = "UID:1\r\nDTSTART:20200101T080000Z\r\nDTEND:20200101T090000Z\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    begun = time.monotonic()
    assert read(feed(never)) == Reading((), left_out=1)
    assert time.monotonic() - begun < 5


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_garbage_is_refused_or_read_but_never_breaks(noise: bytes) -> None:
    for content in (noise, b"BEGIN:VCALENDAR\r\n" + noise + b"\r\nEND:VCALENDAR", feed("UID:1\r\nX:") + noise):
        try:
            read(content)
        except CalendarUnreadable:
            continue
