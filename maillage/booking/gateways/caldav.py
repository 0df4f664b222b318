"""The five verbs of CalDAV (RFC 4791) that a shared room needs, on our own bounded reader.

Knows no table. Entries are exchanged whole, as iCalendar; an entry is only replaced in the version that was read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urljoin
from xml.etree import ElementTree as ET

from maillage.booking.errors.calendars import CalendarEntryChanged, CalendarUnreachable, CalendarUnreadable
from maillage.booking.gateways.fetching import Answer, Reader, check_status

_DAV, _CAL = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_XML = {"Content-Type": "application/xml; charset=utf-8"}
_WHAT = b"""<?xml version="1.0" encoding="utf-8"?>
<d:propfind xmlns:d="DAV:"><d:prop><d:displayname/><d:resourcetype/></d:prop></d:propfind>"""
_BETWEEN = """<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<d:prop><d:getetag/><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">
<c:time-range start="{start}" end="{end}"/></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar: where it is, its version, its content."""

    path: str
    etag: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CalDavCalendar:
    """A calendar collection. Every method raises what `Reader.ask` and `check_status` raise."""

    reader: Reader
    address: str
    username: str = ""
    password: str = ""

    def name(self) -> str:
        """Return the calendar's name. Raises CalendarUnreadable if the address is not a calendar collection."""
        answer = self._ask("PROPFIND", "", headers={**_XML, "Depth": "0"}, content=_WHAT)
        for response in _responses(answer):
            if response.find(f".//{_DAV}resourcetype/{_CAL}calendar") is not None:
                return response.findtext(f".//{_DAV}displayname") or ""
        raise CalendarUnreadable

    def entries(self, start: datetime, end: datetime) -> list[Entry]:
        """Return the entries that touch a time, repetitions included, each whole."""
        body = _BETWEEN.format(start=_stamp(start), end=_stamp(end)).encode()
        answer = self._ask("REPORT", "", headers={**_XML, "Depth": "1"}, content=body)
        found = []
        for response in _responses(answer):
            content = response.findtext(f".//{_CAL}calendar-data")
            if content:
                etag = response.findtext(f".//{_DAV}getetag") or ""
                found.append(Entry(response.findtext(f"{_DAV}href") or "", etag, content.encode()))
        return found

    def put(self, name: str, content: bytes, *, etag: str = "") -> str:
        """Write an entry: new, or in place of the version `etag`. Return its new version, empty if not told.

        Raises CalendarEntryChanged if there is another version, or one already.
        """
        condition = {"If-Match": etag} if etag else {"If-None-Match": "*"}
        headers = {"Content-Type": "text/calendar; charset=utf-8", **condition}
        return self._ask("PUT", name, headers=headers, content=content).headers.get("etag", "")

    def etag_of(self, name: str) -> str:
        """Return the version of an entry. Raises CalendarMissing if there is none."""
        return self._ask("GET", name).headers.get("etag", "")

    def delete(self, name: str, *, etag: str = "") -> None:
        """Remove an entry, in the version `etag` if given. Raises CalendarMissing, CalendarEntryChanged."""
        self._ask("DELETE", name, headers={"If-Match": etag} if etag else {})

    def _ask(
        self, method: str, name: str, *, headers: dict[str, str] | None = None, content: bytes | None = None
    ) -> Answer:
        base = self.address if self.address.endswith("/") else f"{self.address}/"
        there = urljoin(base, quote(name)) if name else base
        credentials = (self.username, self.password) if self.username else None
        answer = self.reader.ask(method, there, headers=headers, content=content, credentials=credentials)
        if answer.status == 412:
            raise CalendarEntryChanged
        check_status(answer)
        return answer


def _responses(answer: Answer) -> Sequence[ET.Element]:
    if re.search(rb"<!(DOCTYPE|ENTITY)", answer.body, re.IGNORECASE):
        raise CalendarUnreadable
    if answer.status != 207:
        raise CalendarUnreachable(why=f"HTTP {answer.status}")
    try:
        tree = ET.fromstring(answer.body)  # noqa: S314 no DTD: see above
    except ET.ParseError as garbage:
        raise CalendarUnreadable from garbage
    return tree.findall(f"{_DAV}response")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
