"""A series in a room whose point says yes each time: kept together, answered in one press or date by date."""

import re
from datetime import date, time, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from maillage.booking.domain.recurrence import Kind, Recurrence
from maillage.booking.errors.openings import OpeningAnswered, OpeningTooSoon
from maillage.booking.models import Booking, BookingStatus, HostLevel, Occupancy, OpeningRequest, Series
from maillage.booking.selectors.bookings import organiser_token
from maillage.booking.selectors.openings import Answerer, opening_address
from maillage.booking.selectors.series import series_address
from maillage.booking.services import accept_opening, refuse_opening
from maillage.booking.services.answering import follow_openings
from maillage.booking.services.series import DateChoice, SeriesRequest, book_series, cancel_rest
from maillage.booking.tests.factories import ANNE, HOUR, NOW, TOMORROW_10, make_booking, parties_in
from maillage.booking.tests.test_openings import WORKER
from maillage.core.quarters import PER_DAY
from maillage.points.models import Room
from maillage.points.tests.factories import make_point, make_room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
POINT = Answerer(HostLevel.POINT)
FIRST = TOMORROW_10 + 7 * PER_DAY
WEEK = 7 * PER_DAY
HOST = "accueil@callac.example"


@pytest.fixture
def rooms() -> list[Room]:
    callac = make_room(make_point(commune="Callac", email=HOST), needs_answer=True)
    return [callac, make_room(make_point(commune="Rennes"))]


def book(rooms: list[Room], *, first: int = FIRST, all_or_nothing: bool = True) -> Series:
    request = SeriesRequest(
        request_key=f"asked-{first}",
        rule=Recurrence(Kind.WEEKLY, date(2026, 12, 1), time(10), ZoneInfo("Europe/Paris"), times=3),
        length=HOUR,
        parties=parties_in(rooms),
        choices=tuple(DateChoice(first + week * WEEK) for week in range(3)),
        time_zone="Europe/Paris",
        language="fr",
        contact=ANNE,
    )
    return book_series(request, all_or_nothing=all_or_nothing, now=NOW)


def states() -> list[str]:
    return list(Booking.objects.order_by("first_quarter").values_list("status", flat=True))


def requests() -> list[OpeningRequest]:
    return list(OpeningRequest.objects.order_by("booking__first_quarter"))


@pytest.mark.parametrize("all_or_nothing", [True, False])
def test_its_dates_are_asked_and_their_rooms_kept(rooms: list[Room], all_or_nothing: bool) -> None:
    book(rooms, all_or_nothing=all_or_nothing)
    assert states() == [BookingStatus.ASKED] * 3
    assert len(requests()) == 3
    assert Occupancy.objects.filter(room=rooms[0], quarter__gte=FIRST, quarter__lt=FIRST + HOUR).count() == HOUR
    assert not Booking.objects.filter(confirmed_at__isnull=False).exists()


def test_one_yes_serves_for_all_its_dates(rooms: list[Room]) -> None:
    book(rooms)
    accept_opening(opening_id=requests()[1].pk, round_=1, by=POINT, now=NOW, for_series=True)
    assert states() == [BookingStatus.CONFIRMED] * 3


def test_a_date_answered_by_itself_leaves_the_others_as_they_are(rooms: list[Room]) -> None:
    book(rooms)
    first, second, third = requests()
    refuse_opening(opening_id=second.pk, round_=1, by=POINT, cause="works", now=NOW)
    assert states() == [BookingStatus.ASKED, BookingStatus.CANCELLED, BookingStatus.ASKED]
    accept_opening(opening_id=first.pk, round_=1, by=POINT, now=NOW, for_series=True)
    assert states() == [BookingStatus.CONFIRMED, BookingStatus.CANCELLED, BookingStatus.CONFIRMED]
    with pytest.raises(OpeningAnswered):
        refuse_opening(opening_id=third.pk, round_=1, by=POINT, cause="works", now=NOW, for_series=True)


def test_a_second_yes_for_all_is_told_that_it_was_answered_and_changes_nothing(rooms: list[Room]) -> None:
    book(rooms)
    first = requests()[0]
    accept_opening(opening_id=first.pk, round_=1, by=POINT, now=NOW)
    with pytest.raises(OpeningAnswered):
        accept_opening(opening_id=first.pk, round_=1, by=POINT, now=NOW, for_series=True)
    assert states() == [BookingStatus.CONFIRMED, BookingStatus.ASKED, BookingStatus.ASKED]


def test_a_first_date_too_near_for_an_answer_is_refused_whole(rooms: list[Room]) -> None:
    with pytest.raises(OpeningTooSoon):
        book(rooms, first=TOMORROW_10 - PER_DAY + 4)
    assert not Booking.objects.exists()


def test_what_is_left_of_it_is_cancelled_asked_dates_too(rooms: list[Room]) -> None:
    series = book(rooms)
    accept_opening(opening_id=requests()[0].pk, round_=1, by=POINT, now=NOW)
    assert cancel_rest(series_id=series.pk, from_quarter=0, cause="organiser", now=NOW) == 3
    assert not Occupancy.objects.exists()
    assert {one.status for one in requests()} == {"withdrawn"}


class TestLetters:
    @pytest.fixture(autouse=True)
    def worker(self, settings: Settings) -> None:
        settings.TASKS = WORKER

    def test_the_point_and_the_organiser_receive_one_letter_for_all_dates(
        self, rooms: list[Room], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            book(rooms)
        assert sorted(letter.to[0] for letter in mail.outbox) == [HOST, ANNE.email]
        for letter in mail.outbox:
            assert "mardi 1er décembre, 10 h 00 et 2 autres dates" in plain(letter.subject)
            assert "mardi 15 décembre, 10 h 00" in plain(letter.body)
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            accept_opening(opening_id=requests()[0].pk, round_=1, by=POINT, now=NOW, for_series=True)
        [told] = [letter for letter in mail.outbox if letter.to == [ANNE.email]]
        assert "15 décembre" in plain(told.body)

    def test_dates_answered_one_after_the_other_are_each_told(
        self, rooms: list[Room], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        book(rooms)
        for hours, one in enumerate(requests()[::-1]):
            mail.outbox.clear()
            with django_capture_on_commit_callbacks(execute=True):
                accept_opening(opening_id=one.pk, round_=1, by=POINT, now=NOW + timedelta(hours=hours))
            assert [letter.to for letter in mail.outbox if letter.to == [ANNE.email]] == [[ANNE.email]]

    def test_a_no_for_all_is_told_once(
        self, rooms: list[Room], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        book(rooms)
        with django_capture_on_commit_callbacks(execute=True):
            refuse_opening(opening_id=requests()[0].pk, round_=1, by=POINT, cause="works", now=NOW, for_series=True)
        [letter] = mail.outbox
        assert "mardi 1er décembre, 10 h 00 et 2 autres dates" in plain(letter.subject)

    def test_the_point_is_reminded_once_for_all(
        self, rooms: list[Room], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        book(rooms)
        deadline = requests()[0].deadline
        with django_capture_on_commit_callbacks(execute=True):
            follow_openings(NOW + (deadline - NOW) * 0.5)
        assert len([letter for letter in mail.outbox if letter.to == [HOST]]) == 1

    def test_a_silence_is_told_once(
        self, rooms: list[Room], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        book(rooms)
        with django_capture_on_commit_callbacks(execute=True):
            follow_openings(requests()[0].deadline)
        assert states() == [BookingStatus.CANCELLED] * 3
        assert len([letter for letter in mail.outbox if letter.to == [ANNE.email]]) == 1


class TestPages:
    def test_the_point_accepts_all_dates_in_one_press_or_one_alone(self, client: Client, rooms: list[Room]) -> None:
        book(rooms)
        page = opening_address(requests()[0], HOST).removeprefix("http://localhost:8000")
        text = text_of(client.get(f"{page}/accepter", headers={"accept-language": "fr"}).content)
        assert "demandée à 2 autres dates" in text
        assert "mardi 15 décembre" in text
        client.post(f"{page}/accepter", {})
        assert states() == [BookingStatus.CONFIRMED, BookingStatus.ASKED, BookingStatus.ASKED]
        page = opening_address(requests()[1], HOST).removeprefix("http://localhost:8000")
        client.post(f"{page}/accepter", {"series": "on"})
        assert states() == [BookingStatus.CONFIRMED] * 3

    def test_who_repeats_a_meeting_reads_that_each_date_waits(self, client: Client, rooms: list[Room]) -> None:
        booking = make_booking(rooms, first_quarter=FIRST)
        accept_opening(opening_id=booking.openings.get().pk, round_=1, by=POINT, now=NOW)
        address = f"/reunion/{organiser_token(booking)}/repeter"
        page = client.get(address, headers={"accept-language": "fr"}).content
        assert "dit oui ou non à chaque fois" in text_of(page)
        fields = dict(re.findall(r'name="(date_\d+|key|kind|times)"[^>]*(?:value="([^"]*)")', page.decode()))
        quarters = re.findall(r'<select id="(date_\d+)"[^>]*><option value="(\d+)" selected', page.decode())
        answer = client.post(address, {**fields, **dict(quarters), "confirm": "1"}, headers={"accept-language": "fr"})
        assert answer.status_code == 303
        shown = text_of(client.get(series_address(Series.objects.get().pk), headers={"accept-language": "fr"}).content)
        assert shown.count("Attend une réponse") == 3


def plain(text: object) -> str:
    return re.sub(r"\s+", " ", unescape(str(text)))


def text_of(content: bytes) -> str:
    return plain(re.sub(r"<[^>]+>", " ", content.decode()))
