"""Signs of life and rooms given back: who is warned, when, what is freed, who wins, what is counted and shown."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from maillage.booking.domain.no_shows import GRACE, patience_minutes, release_at, warn_at
from maillage.booking.errors import BookingIsCancelled, BookingOver
from maillage.booking.errors.turnouts import NotBegun, PeopleAreThere, RoomsGivenBack, TooEarlyToCome
from maillage.booking.models import (
    Booking,
    BookingStatus,
    LetterKind,
    LetterRecord,
    LetterStatus,
    Occupancy,
    SignKind,
    Span,
    Turnout,
)
from maillage.booking.selectors.turnouts import lifeless_bookings, presence_address
from maillage.booking.services import Contact, cancel_booking, move_booking
from maillage.booking.services.letters import deliver
from maillage.booking.services.turnouts import check_in, follow_lifeless, release_deserted
from maillage.booking.tests.factories import ANNE, NOW, TOMORROW_10, make_booking, make_rooms
from maillage.booking.tests.test_planning import FRENCH, agent, read
from maillage.core.models import JournalEntry, TextMessage
from maillage.core.quarters import moment_of
from maillage.points.models import Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
TEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """Return so many minutes after ten on Tuesday, when the meetings of these tests begin."""
    return TEN + timedelta(minutes=minutes)


@pytest.fixture
def rooms() -> list[Room]:
    rooms = make_rooms()
    Room.objects.update(no_show_minutes=20)
    return rooms


def follow(minutes: float, *, mails_leave: bool = True) -> tuple[int, int]:
    """Run the job, and let the worker send its letters."""
    with time_machine.travel(at(minutes), tick=False):
        done = follow_lifeless(at(minutes))
        if mails_leave:
            for record in LetterRecord.objects.filter(kind=LetterKind.NO_SIGN, status=LetterStatus.WAITING):
                deliver(record.pk, now=at(minutes))
    return done


@given(st.lists(st.none() | st.sampled_from([0, 15, 20, 45, 60]), max_size=6), st.sampled_from([0, 15, 30]))
def test_the_most_patient_room_decides_and_one_that_never_gives_back_keeps_all(
    rules: list[int | None], network: int
) -> None:
    patience = patience_minutes(rules, network)
    meant = [network if rule is None else rule for rule in rules]
    assert (patience == 0) == (not meant or min(meant) == 0)
    assert all(patience >= rule for rule in meant) or patience == 0


@given(st.integers(15, 60), st.integers(0, 90))
def test_nothing_is_given_back_before_the_rule_nor_before_a_warning_could_be_read(patience: int, late: int) -> None:
    warned = warn_at(TEN, patience) + timedelta(minutes=late)
    freed = release_at(TEN, patience, warned)
    assert freed >= TEN + timedelta(minutes=patience)
    assert freed - warned >= GRACE
    assert freed in {TEN + timedelta(minutes=patience), warned + GRACE}


def test_people_are_warned_once_then_their_remaining_quarters_are_freed(
    rooms: list[Room], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    booking = make_booking(rooms)
    assert [follow(minutes) for minutes in (-5, 9)] == [(0, 0), (0, 0)]
    mail.outbox.clear()
    assert [follow(minutes) for minutes in (10, 11, 19)] == [(1, 0), (0, 0), (0, 0)]
    assert {sent.to[0] for sent in mail.outbox} == {"anne@example.org", "yann@example.org"}
    assert "Vous êtes là" in mail.outbox[0].subject
    assert "10\u202fh\u202f20" in str(mail.outbox[0].body)
    assert "/presence/" in str(mail.outbox[0].body)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert [follow(minutes) for minutes in (20, 21)] == [(0, 1), (0, 0)]
    booking.refresh_from_db()
    assert (booking.status, booking.cancel_cause) == ("cancelled", "no-show")
    freed_from = TOMORROW_10 + 2
    assert not Occupancy.objects.filter(quarter__gte=freed_from).exists()
    assert set(Span.objects.values_list("end_quarter", flat=True)) == {freed_from}
    assert make_booking(rooms, first_quarter=TOMORROW_10 + 3, now=at(21)).status == "confirmed"
    verbs = JournalEntry.objects.filter(subject=f"booking:{booking.reference}").values_list("verb", flat=True)
    assert {"booking.warned", "booking.deserted"} <= set(verbs)


def test_what_is_said_of_rooms_given_back_is_not_what_is_said_of_a_cancelled_meeting(
    rooms: list[Room], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    booking = make_booking(rooms)
    release_deserted(booking_id=booking.pk, now=at(20))
    record = LetterRecord.objects.create(
        booking=booking, party=booking.parties.get(position=0), kind="cancellation", sequence=0,
        recipient=ANNE.email, due_at=NOW,
    )  # fmt: skip
    mail.outbox.clear()
    deliver(record.pk, now=at(21))
    assert "Personne n'est venu" in str(mail.outbox[0].body)
    assert "CANCELLED" in str(mail.outbox[0].message())


def test_a_sign_of_life_keeps_the_rooms_whoever_gives_it(rooms: list[Room]) -> None:
    booking = make_booking(rooms)
    follow(10)
    party = booking.parties.get(position=1)
    first = check_in(booking_id=booking.pk, sign=SignKind.PRESSED, party_id=party.pk, now=at(12))
    again = check_in(booking_id=booking.pk, sign=SignKind.SEEN, now=at(13))
    assert (again.pk, again.sign, again.party_id) == (first.pk, "pressed", party.pk)
    assert follow(25) == (0, 0)
    with pytest.raises(PeopleAreThere):
        release_deserted(booking_id=booking.pk, now=at(25))
    booking.refresh_from_db()
    assert booking.status == "confirmed"
    assert Occupancy.objects.filter(quarter=TOMORROW_10 + 3).count() == 2


def test_too_late_too_early_and_what_has_ended_are_refused(rooms: list[Room]) -> None:
    booking = make_booking(rooms)
    with pytest.raises(TooEarlyToCome):
        check_in(booking_id=booking.pk, sign=SignKind.PRESSED, now=at(-61))
    with pytest.raises(NotBegun):
        release_deserted(booking_id=booking.pk, now=at(-1))
    with pytest.raises(NotBegun):
        release_deserted(booking_id=booking.pk, now=at(60))
    with pytest.raises(BookingOver):
        check_in(booking_id=booking.pk, sign=SignKind.SEEN, now=at(60))
    for _twice in range(2):
        assert release_deserted(booking_id=booking.pk, now=at(20)).status == "cancelled"
    for sign in (SignKind.PRESSED, SignKind.ENTERED):
        with pytest.raises(RoomsGivenBack):
            check_in(booking_id=booking.pk, sign=sign, now=at(21))
    other = make_booking(rooms, first_quarter=TOMORROW_10 + 16)
    cancel_booking(booking_id=other.pk, cause="organiser", through="link", now=NOW)
    with pytest.raises(BookingIsCancelled):
        check_in(booking_id=other.pk, sign=SignKind.PRESSED, now=at(240))


def test_people_who_came_early_then_moved_their_meeting_are_expected_anew(rooms: list[Room]) -> None:
    booking = make_booking(rooms)
    check_in(booking_id=booking.pk, sign=SignKind.PRESSED, now=at(-30))
    move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 + 16, length=4, now=at(-20))
    assert [follow(250)[0], follow(260)[1]] == [1, 1]


def test_the_database_keeps_one_turnout_of_which_the_sign_agrees(rooms: list[Room]) -> None:
    booking = make_booking(rooms)
    with pytest.raises(IntegrityError), transaction.atomic():
        Turnout.objects.create(booking=booking, came=False, sign="pressed", at=NOW)
    Turnout.objects.create(booking=booking, came=True, sign="seen", at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Turnout.objects.create(booking=booking, came=False, sign="nothing", at=NOW)


def test_nothing_is_given_back_where_a_room_never_does_nor_before_a_warning_has_left(rooms: list[Room]) -> None:
    booking = make_booking(rooms)
    Room.objects.filter(pk=rooms[1].pk).update(no_show_minutes=0)
    assert [follow(minutes) for minutes in (10, 30)] == [(0, 0), (0, 0)]
    Room.objects.filter(pk=rooms[1].pk).update(no_show_minutes=None)
    assert follow(30) == (0, 0), "the network's rule is never"
    Room.objects.update(no_show_minutes=20)
    assert follow(30, mails_leave=False) == (1, 0)
    assert follow(41, mails_leave=False) == (0, 0), "the mail server says no"
    follow(42)
    assert follow(51) == (0, 0), "ten minutes from when it left"
    assert follow(52) == (0, 1)
    booking.refresh_from_db()
    assert booking.status == "cancelled"


def test_the_networks_rule_serves_rooms_without_their_own_and_walk_ins_are_left_alone(
    rooms: list[Room], settings: Settings
) -> None:
    settings.NO_SHOW_MINUTES = 30
    Room.objects.update(no_show_minutes=None)
    booking = make_booking(rooms)
    assert [follow(19), follow(20)] == [(0, 0), (1, 0)]
    Booking.objects.filter(pk=booking.pk).update(request_key="walk-in-1")
    assert follow(35) == (0, 0)


def test_an_organiser_by_telephone_is_asked_by_text_message(rooms: list[Room], settings: Settings) -> None:
    settings.SMS_GATEWAY = "maillage.core.sms.HttpSms"
    settings.BASE_URL = "https://visio.exemple.bzh"
    booking = make_booking(rooms, contact=Contact(name="Anne", email="", phone="0612345678", category="association"))
    assert follow(10) == (1, 0)
    text = TextMessage.objects.get(key__contains="no-sign")
    assert "gardez la salle" in text.text.lower()
    assert len(text.text) <= 160
    assert follow(25) == (0, 0), "it has not left"
    TextMessage.objects.filter(pk=text.pk).update(status="sent", sent_at=at(11))
    assert follow(25) == (0, 1)
    assert Booking.objects.get(pk=booking.pk).cancel_cause == "no-show"


def test_one_press_on_the_page_of_the_link_keeps_the_rooms_and_opening_it_does_not(
    client: Client, rooms: list[Room]
) -> None:
    booking = make_booking(rooms)
    party = booking.parties.select_related("booking").get(position=0)
    page = urlsplit(presence_address(party)).path
    assert client.get("/presence/forged").status_code == 404
    assert "une heure avant" in read(client, page)
    assert client.post(page, headers=FRENCH).status_code == 409
    with time_machine.travel(at(10), tick=False):
        assert "Nous sommes là" in read(client, page)
        assert not Turnout.objects.exists()
        assert client.post(page).status_code == 303
        assert client.post(page).status_code == 303
        noted = read(client, page)
        assert "C'est noté" in noted
        assert "/rejoindre" in noted, "a way on to the meeting"
    assert Turnout.objects.get().party_id == party.pk


def test_the_page_of_a_meeting_given_back_says_what_can_be_done(client: Client, rooms: list[Room]) -> None:
    booking = make_booking(rooms)
    party = booking.parties.select_related("booking").get(position=0)
    page = urlsplit(presence_address(party)).path
    release_deserted(booking_id=booking.pk, now=at(20))
    with time_machine.travel(at(21), tick=False):
        assert client.post(page, headers=FRENCH).status_code == 410
        said = read(client, page)
        assert "Les salles ont été rendues" in said
        assert "/depannage" in said
        assert "/creneaux?" in said


def test_a_facilitator_sees_who_is_here_and_says_so(client: Client, rooms: list[Room]) -> None:
    assert client.get("/planning/presence").status_code == 302
    booking, other = make_booking(rooms), make_booking(rooms, first_quarter=TOMORROW_10 + 16)
    agent(client, rooms[0])
    mine, theirs = booking.parties.get(position=0), other.parties.get(position=0)
    with time_machine.travel(at(5), tick=False):
        page = read(client, "/planning/presence")
        assert "personne encore" in page
        assert page.count('value="deserted"') == 1
        assert client.post("/planning/presence", {"party": mine.pk, "act": "here"}).status_code == 303
        assert "quelqu'un du lieu les a vus" in read(client, "/planning/presence")
        assert client.post("/planning/presence", {"party": mine.pk, "act": "deserted"}).status_code == 409
        assert client.post("/planning/presence", {"party": theirs.pk, "act": "deserted"}).status_code == 409
        hers = booking.parties.get(position=1)
        assert client.post("/planning/presence", {"party": hers.pk, "act": "here"}).status_code == 404
    with time_machine.travel(at(260), tick=False):
        assert client.post("/planning/presence", {"party": theirs.pk, "act": "deserted"}).status_code == 303
        assert "personne n'est venu, rendue" in read(client, "/planning/presence")
        assert "Personne n’est venu" in read(client, "/planning?jour=2026-11-24")
    assert Turnout.objects.get(booking=other).sign == "declared"
    agent(client)
    assert client.get("/planning/presence").status_code == 403


def test_those_who_often_do_not_come_are_shown_to_whose_rooms_they_booked(client: Client, rooms: list[Room]) -> None:
    for number in range(2):
        booking = make_booking(rooms, first_quarter=TOMORROW_10 + 16 * number)
        release_deserted(booking_id=booking.pk, now=at(240 * number + 20))
    agent(client, rooms[0])
    with time_machine.travel(at(300), tick=False):
        assert "2 fois" in read(client, "/planning/presence")
    Booking.objects.update(ended_at=NOW - timedelta(days=400))
    assert "2 fois" not in read(client, "/planning/presence")


def test_a_room_says_after_how_long_it_is_given_back(client: Client, rooms: list[Room]) -> None:
    agent(client, rooms[0])
    act = f"room{rooms[0].pk}"
    typed = {
        "act": act, f"{act}-settle_quarters": "1", f"{act}-reset_quarters": "0", f"{act}-notice_minutes": "5",
        f"{act}-no_show_minutes": "30", f"{act}-is_listed": "on",
    }  # fmt: skip
    address = f"/planning/lieux/{rooms[0].point.slug}"
    assert client.post(address, typed).status_code == 303
    assert Room.objects.get(pk=rooms[0].pk).no_show_minutes == 30
    assert (
        client.post(f"/planning/lieux/{rooms[0].point.slug}", typed | {f"{act}-no_show_minutes": "7"}).status_code
        == 422
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.filter(pk=rooms[0].pk).update(no_show_minutes=5)


def test_looking_for_meetings_without_life_costs_as_much_for_many_as_for_one(
    rooms: list[Room], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_booking(rooms)
    with django_assert_num_queries(2):
        assert len(lifeless_bookings(at(5))) == 1
    for pair in (make_rooms("Brest", "Vannes"), make_rooms("Quimper", "Lannion")):
        make_booking(pair)
    with django_assert_num_queries(2):
        found = lifeless_bookings(at(5))
    assert {booking.status for booking in found} == {BookingStatus.CONFIRMED}
    assert len(found) == 3
    assert all(moment_of(booking.first_quarter) <= at(5) for booking in found)
