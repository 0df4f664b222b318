"""Addresses typed by people: bounds in size, time and redirects; no way to a private network. A real HTTP server."""

import ipaddress
import time
from collections.abc import Iterator

import pytest

from maillage.booking.errors.calendars import (
    CalendarAddressRefused,
    CalendarForbidden,
    CalendarMissing,
    CalendarRedirects,
    CalendarTooLarge,
    CalendarUnreachable,
)
from maillage.booking.gateways.fetching import Reader, checked_address, is_public, read_calendar
from maillage.booking.tests.web import Page, Web, serving

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as server:
        yield server


def reader(**changes: object) -> Reader:
    return Reader(**{"allowed": LOOPBACK, "most_seconds": 3.0, **changes})  # type: ignore[arg-type]


def test_an_address_is_read_and_not_again_while_it_has_not_changed(web: Web) -> None:
    web.pages["/room.ics"] = Page(b"BEGIN:VCALENDAR", headers={"ETag": '"1"'})
    answer = read_calendar(reader(), f"{web.address}/room.ics")
    assert answer is not None
    assert (answer.body, answer.headers["etag"]) == (b"BEGIN:VCALENDAR", '"1"')
    web.pages["/room.ics"] = Page(status=304)
    assert read_calendar(reader(), f"{web.address}/room.ics", etag='"1"') is None
    assert web.requests[1][2]["if-none-match"] == '"1"'
    assert web.requests[1][2]["host"] == web.address.removeprefix("http://")


def test_loopback_is_refused_unless_this_installation_allows_it(web: Web) -> None:
    web.pages["/"] = Page(b"secret")
    with pytest.raises(CalendarAddressRefused):
        Reader().ask("GET", web.address)
    assert web.requests == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::",
        "64:ff9b:1::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_open_internet_are_known_however_they_are_written(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "91.198.174.192", "2001:41d0:1::1"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    mixed = reader(allowed=(), resolver=lambda host, port: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(CalendarAddressRefused):
        mixed.ask("GET", "https://calendar.example/")


def test_a_redirect_to_a_private_address_is_refused(web: Web) -> None:
    web.pages["/room.ics"] = Page(status=302, headers={"Location": "http://10.0.0.1/admin"})
    with pytest.raises(CalendarAddressRefused):
        reader().ask("GET", f"{web.address}/room.ics")


@pytest.mark.parametrize("there", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://user:word@127.0.0.1/"])
def test_a_redirect_to_another_kind_of_address_is_refused(web: Web, there: str) -> None:
    web.pages["/room.ics"] = Page(status=302, headers={"Location": there})
    with pytest.raises(CalendarAddressRefused):
        reader().ask("GET", f"{web.address}/room.ics")


def test_three_redirects_are_followed_and_a_fourth_is_not(web: Web) -> None:
    for step in range(4):
        web.pages[f"/{step}"] = Page(status=301, headers={"Location": f"/{step + 1}"})
    web.pages["/4"] = Page(b"here")
    assert reader().ask("GET", f"{web.address}/1").body == b"here"
    with pytest.raises(CalendarRedirects):
        reader().ask("GET", f"{web.address}/0")


def test_a_password_does_not_follow_to_another_host(web: Web) -> None:
    port = web.address.rpartition(":")[2]
    web.pages["/room.ics"] = Page(status=302, headers={"Location": f"http://two.example:{port}/there"})
    web.pages["/there"] = Page(b"here")
    named = reader(resolver=lambda host, port: ["127.0.0.1"])
    assert named.ask("GET", f"http://one.example:{port}/room.ics", credentials=("me", "word")).body == b"here"
    first, second = (headers for _, _, headers in web.requests)
    assert (first["host"], second["host"]) == (f"one.example:{port}", f"two.example:{port}")
    assert "authorization" in first
    assert "authorization" not in second


def test_more_than_five_megabytes_are_not_read_to_their_end(web: Web) -> None:
    web.pages["/room.ics"] = Page(b"x" * 100_000, endless=True)
    begun = time.monotonic()
    with pytest.raises(CalendarTooLarge):
        reader(most_seconds=20.0).ask("GET", f"{web.address}/room.ics")
    assert time.monotonic() - begun < 10


def test_a_compressed_answer_is_refused(web: Web) -> None:
    web.pages["/room.ics"] = Page(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    with pytest.raises(CalendarUnreachable):
        reader().ask("GET", f"{web.address}/room.ics")


def test_a_server_that_drips_is_left_after_its_time(web: Web) -> None:
    web.pages["/room.ics"] = Page(b"x" * 200, drip=0.05)
    begun = time.monotonic()
    with pytest.raises(CalendarUnreachable):
        reader(most_seconds=0.5).ask("GET", f"{web.address}/room.ics")
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (401, CalendarForbidden),
        (403, CalendarForbidden),
        (404, CalendarMissing),
        (410, CalendarMissing),
        (500, CalendarUnreachable),
        (204 + 96, CalendarUnreachable),
    ],
)
def test_each_status_has_its_refusal(web: Web, status: int, refusal: type[Exception]) -> None:
    web.pages["/room.ics"] = Page(status=status)
    with pytest.raises(refusal):
        read_calendar(reader(), f"{web.address}/room.ics")


def test_nobody_at_the_address_is_unreachable(web: Web) -> None:
    with pytest.raises(CalendarUnreachable):
        reader().ask("GET", "http://127.0.0.1:9/room.ics")
    unknown = reader(resolver=lambda host, port: (_ for _ in ()).throw(OSError("no such host")))
    with pytest.raises(CalendarUnreachable):
        unknown.ask("GET", "http://nowhere.invalid/")


@pytest.mark.parametrize(
    "address",
    ["", "room.ics", "ftp://example.org/a", "http://", "https://me:word@example.org/", "http://[::1", "x" * 600],
)
def test_what_is_not_a_public_http_address_is_refused_before_any_connection(address: str) -> None:
    with pytest.raises(CalendarAddressRefused):
        checked_address(address)


def test_webcal_means_https() -> None:
    assert checked_address(" webcal://example.org/room.ics ") == "https://example.org/room.ics"
