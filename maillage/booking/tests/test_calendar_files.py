"""Calendar entries, read back as other programs read them. No database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from maillage.booking.gateways.calendar import Invitation, Method, Person, calendar_file
from maillage.booking.gateways.time_zones import time_zone_component

ZONES = (
    "Europe/Paris",
    "Indian/Reunion",
    "America/Miquelon",
    "Pacific/Noumea",
    "America/New_York",
    "Australia/Lord_Howe",
    "Europe/London",
)


def make_invitation(**changes: object) -> Invitation:
    start = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    values: dict[str, object] = {
        "uid": "4d1f@maillage.example",
        "sequence": 2,
        "summary": "Préparer la fête; de la mer, à Callac\\Rennes",
        "description": "Une ligne\nune autre\n" + "très longue " * 30,
        "location": "Salle Argoat, Callac",
        "url": "https://maillage.example/r/abc",
        "start": start,
        "end": start + timedelta(hours=1),
        "zone": ZoneInfo("Europe/Paris"),
        "stamp": datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
        "organiser": Person('Maël "Le Bihan"\r\nX-EVIL:1', "mael@exemple.bzh"),
        "sender": "ne-pas-repondre@maillage.example",
        "attendee": Person("Rennes", "nolwenn@exemple.bzh"),
        "position": (48.11, -1.67),
        "alarm_words": "Dans une demi-heure.",
        **changes,
    }
    return Invitation(**values)  # type: ignore[arg-type]


def read(invitation: Invitation, method: Method = Method.REQUEST) -> Calendar:
    calendar = Calendar.from_ical(calendar_file(invitation, method))
    assert isinstance(calendar, Calendar)
    return calendar


def test_texts_come_back_as_they_were() -> None:
    invitation = make_invitation()
    event = read(invitation).events[0]
    assert str(event["summary"]) == invitation.summary
    assert str(event["description"]) == invitation.description
    assert str(event["organizer"]) == "mailto:mael@exemple.bzh"
    assert event["organizer"].params["SENT-BY"] == "mailto:ne-pas-repondre@maillage.example"


def test_nobody_adds_a_line_through_their_name() -> None:
    lines = calendar_file(make_invitation(), Method.REQUEST).decode().split("\r\n")
    assert not [line for line in lines if line.startswith("X-EVIL")]


def test_lines_are_short_and_end_as_the_format_asks() -> None:
    body = calendar_file(make_invitation(), Method.REQUEST)
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75


@pytest.mark.parametrize(("method", "status"), [(Method.REQUEST, "CONFIRMED"), (Method.CANCEL, "CANCELLED")])
def test_the_method_and_the_status_agree(method: Method, status: str) -> None:
    calendar = read(make_invitation(), method)
    assert calendar["method"] == method.value
    assert calendar.events[0]["status"] == status
    assert bool(calendar.events[0].walk("VALARM")) is (method is not Method.CANCEL)


def test_the_clocks_of_paris_follow_two_rules() -> None:
    text = time_zone_component(ZoneInfo("Europe/Paris"), 2026).to_ical().decode()
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in text
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10" in text
    assert "RDATE" not in text
    assert len(text) < 600


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31)))
def test_an_hour_read_with_the_described_zone_is_the_same_instant(key: str, moment: datetime) -> None:
    zone = ZoneInfo(key)
    start = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0, tzinfo=UTC)
    described = time_zone_component(zone, start.astimezone(zone).year).to_tz(lookup_tzid=False)
    local = start.astimezone(zone)
    is_clear = (local + timedelta(hours=2)).utcoffset() == (local - timedelta(hours=2)).utcoffset()
    if is_clear:  # at the very change, a local hour is said twice or not at all
        assert local.replace(tzinfo=described).utcoffset() == local.utcoffset()


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ZONES), st.integers(0, 5 * 365 * 96), st.integers(1, 48))
def test_start_and_end_come_back_over_every_change_of_clocks(key: str, quarter: int, length: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarter)
    end = start + timedelta(minutes=15 * length)
    event = read(make_invitation(start=start, end=end, zone=ZoneInfo(key))).events[0]
    assert isinstance(event.start, datetime)
    assert isinstance(event.end, datetime)
    assert event.start.replace(tzinfo=None) == start.astimezone(ZoneInfo(key)).replace(tzinfo=None)
    assert event.end.replace(tzinfo=None) == end.astimezone(ZoneInfo(key)).replace(tzinfo=None)
