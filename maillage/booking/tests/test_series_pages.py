"""« Répéter »: dates shown, settled one by one, booked in one act, told in one letter."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from icalendar import Calendar

from maillage.booking.models import Booking, BookingStatus, LetterKind, LetterRecord, Series
from maillage.booking.selectors import meeting_of
from maillage.booking.selectors.letters import letter_of
from maillage.booking.services.letters import STUCK, write_letters, write_missing_letters
from maillage.booking.tests.factories import ANNE, NOW, TOMORROW_10, make_booking
from maillage.points.models import Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
WEEK = 7 * 96
FRENCH = {"accept-language": "fr"}
ASKED = {"kind": "weekly", "times": "3", "key": "abc", "confirm": "1"}


def path_of(booking: Booking) -> str:
    page = meeting_of(booking.pk).page
    return page[page.index("/reunion/") :] + "/repeter"


def settled(*shifts: int) -> dict[str, str]:
    return {f"date_{number}": str(TOMORROW_10 + number * WEEK + shift) for number, shift in enumerate(shifts, start=1)}


def test_the_page_of_the_meeting_leads_to_the_dates(client: Client, rooms: list[Room]) -> None:
    path = path_of(make_booking(rooms))
    assert path in client.get(path.removesuffix("/repeter")).content.decode()
    page = unescape(client.get(path, headers=FRENCH).content.decode())
    assert [day in page for day in ("Mardi 1er", "Mardi 8", "Mardi 15", "Mardi 22")] == [True, True, True, False]


def test_dates_settled_are_booked_in_one_act_and_pressing_twice_books_once(client: Client, rooms: list[Room]) -> None:
    path = path_of(make_booking(rooms))
    first = client.post(path, {**ASKED, **settled(0, 0, 0)})
    again = client.post(path, {**ASKED, **settled(0, 0, 0)})
    assert first.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    series = Series.objects.get()
    quarters = list(series.bookings.order_by("first_quarter").values_list("first_quarter", flat=True))
    assert quarters == [TOMORROW_10 + number * WEEK for number in (1, 2, 3)]
    assert {booking.organiser_email for booking in series.bookings.all()} == {ANNE.email}
    page = client.get(first.headers["Location"], headers=FRENCH).content.decode()
    assert page.count('href="/reunion/') == 3
    one = path_of(series.bookings.get(first_quarter=quarters[1])).removesuffix("/repeter")
    assert first.headers["Location"] in client.get(one).content.decode()


def test_a_conflict_must_be_settled_by_another_hour_or_left_out(client: Client, rooms: list[Room]) -> None:
    path = path_of(make_booking(rooms))
    make_booking(rooms, first_quarter=TOMORROW_10 + 2 * WEEK)
    page = unescape(client.get(path, headers=FRENCH).content.decode())
    assert "Pas libre à cette heure : Point de Callac, Point de Rennes" in page
    given = {**ASKED, **settled(0, 0, 0)}
    refused = client.post(path, {**given, "date_2": "?"}, headers=FRENCH)
    assert refused.status_code == 422
    assert "08/12/2026" in refused.content.decode()
    assert client.post(path, given).status_code == 409
    assert not Series.objects.exists()
    assert client.post(path, {**given, "date_2": str(TOMORROW_10 + 2 * WEEK + 24)}).status_code == 303
    assert Series.objects.get().bookings.count() == 3


def test_a_date_left_out_is_not_booked(client: Client, rooms: list[Room]) -> None:
    path = path_of(make_booking(rooms))
    assert client.post(path, {**ASKED, **settled(0, 0, 0), "date_1": ""}).status_code == 303
    assert Series.objects.get().bookings.count() == 2


@pytest.mark.parametrize(
    "changes", [{"times": "1000"}, {"times": "0"}, {"kind": "hourly"}, {"date_1": "x"}, {"key": ""}]
)
def test_what_cannot_be_meant_is_refused(client: Client, rooms: list[Room], changes: dict[str, str]) -> None:
    path = path_of(make_booking(rooms))
    status = client.post(path, {**ASKED, **settled(0, 0, 0), **changes}).status_code
    assert status == (303 if changes == {"key": ""} else 422)


def test_what_is_left_of_a_series_is_cancelled_from_its_page(client: Client, rooms: list[Room]) -> None:
    answer = client.post(path_of(make_booking(rooms)), {**ASKED, **settled(0, 0, 0)})
    page = answer.headers["Location"]
    assert client.post(page).status_code == 303
    assert {booking.status for booking in Series.objects.get().bookings.all()} == {BookingStatus.CANCELLED}
    assert "Annuler ce qui reste" not in client.get(page, headers=FRENCH).content.decode()
    assert client.get(f"{page}x").status_code == 404


def test_one_letter_tells_a_whole_series_with_its_links_and_calendar(client: Client, rooms: list[Room]) -> None:
    first = make_booking(rooms)
    client.post(path_of(first), {**ASKED, **settled(0, 0, 0)})
    dates = list(Series.objects.get().bookings.order_by("first_quarter"))
    LetterRecord.objects.all().delete()
    for booking in reversed(dates):
        write_letters(booking.pk, LetterKind.CONFIRMATION, now=NOW)
    records = list(LetterRecord.objects.select_related("party").order_by("party__position"))
    assert [(record.booking_id, record.recipient) for record in records] == [
        (dates[0].pk, ANNE.email),
        (dates[0].pk, "yann@example.org"),
    ]
    organiser, guest = (letter_of(record, meeting_of(dates[0].pk)) for record in records)
    assert "et 2 autres dates" in organiser.subject
    assert len(set(re.findall(r"/reunion/\S+", organiser.text))) == 3
    assert len(set(re.findall(r"/r/\S+", guest.text))) == 3
    calendar = Calendar.from_ical(organiser.calendar.decode())
    assert len(calendar.walk("VEVENT")) == 3
    later = NOW + STUCK + timedelta(minutes=5)
    LetterRecord.objects.get_or_create(
        booking=first, party=first.parties.first(), kind=LetterKind.CONFIRMATION, sequence=0, recipient=ANNE.email,
        defaults={"due_at": NOW},
    )  # fmt: skip
    assert write_missing_letters(later) == 0
