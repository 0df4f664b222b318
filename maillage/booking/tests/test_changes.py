"""Confirming, moving, cancelling, completing: each once, all or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from maillage.booking.errors import (
    AlreadyStarted,
    BookingIsCancelled,
    BookingOver,
    ContactIncomplete,
    HoldExpired,
    NotConfirmed,
    PastTime,
    RoomClosed,
    SlotTaken,
    UnknownBooking,
)
from maillage.booking.events import BookingCancelled, BookingChanged, BookingConfirmed, BookingDone
from maillage.booking.models import Booking, BookingStatus, CancelCause, Occupancy, Span
from maillage.booking.services import (
    Contact,
    cancel_booking,
    complete_booking,
    confirm_booking,
    move_booking,
    release_expired_holds,
)
from maillage.booking.tests.factories import ANNE, HOUR, NOW, TOMORROW_10, make_booking, make_hold, make_rooms
from maillage.core import events
from maillage.core.models import JournalEntry
from maillage.core.quarters import moment_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return what is published, instead of telling the apps above."""
    published: list[object] = []
    monkeypatch.setattr(events, "_deliver", published.append)
    return published


@contextmanager
def refused_and_unchanged(booking: Booking, error: type[Exception]) -> Iterator[None]:
    before = (Booking.objects.filter(pk=booking.pk).values().get(), taken(booking))
    with pytest.raises(error):
        yield
    assert before == (Booking.objects.filter(pk=booking.pk).values().get(), taken(booking))


def taken(booking: Booking) -> list[tuple[int, int]]:
    rows = Occupancy.objects.filter(span__booking=booking).order_by("room", "quarter")
    return list(rows.values_list("room_id", "quarter"))


def test_confirming_writes_the_answers_and_tells_once(
    heard: list[object], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    held = make_hold()
    with django_capture_on_commit_callbacks(execute=True):
        booking = confirm_booking(booking_id=held.pk, contact=ANNE, now=NOW)
        again = confirm_booking(booking_id=held.pk, contact=ANNE, now=NOW + timedelta(days=9))
    assert (booking.status, booking.held_until, booking.title) == (BookingStatus.CONFIRMED, None, "Préparer la fête")
    assert again.confirmed_at == NOW
    assert [(p.email, p.travel_mode) for p in booking.parties.all()] == [
        ("anne@example.org", "car-alone"),
        ("yann@example.org", "car-alone"),
    ]
    assert heard == [BookingConfirmed(booking.pk)]
    assert JournalEntry.objects.filter(verb="booking.confirmed").count() == 1


def test_a_hold_that_is_over_cannot_be_confirmed_released_or_not() -> None:
    held = make_hold()
    with refused_and_unchanged(held, HoldExpired):
        confirm_booking(booking_id=held.pk, contact=ANNE, now=NOW + timedelta(minutes=15))
    release_expired_holds(NOW + timedelta(minutes=15))
    with refused_and_unchanged(held, HoldExpired):
        confirm_booking(booking_id=held.pk, contact=ANNE, now=NOW)


@pytest.mark.parametrize(
    "contact",
    [
        Contact(name=" ", email="anne@example.org"),
        Contact(name="Anne", email="anne"),
        Contact(name="Anne\nBcc: all", email="anne@example.org"),
        Contact(name="Anne", email="anne@example.org", guests=("nobody",)),
        Contact(name="A" * 121, email="anne@example.org"),
        Contact(name="Anne", email="anne@example.org", category="king"),
    ],
)
def test_a_contact_nobody_can_write_to_is_refused(contact: Contact) -> None:
    held = make_hold()
    with refused_and_unchanged(held, ContactIncomplete):
        confirm_booking(booking_id=held.pk, contact=contact, now=NOW)


def test_moving_frees_the_old_time_takes_the_new_and_counts(
    heard: list[object], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    rooms = make_rooms()
    booking = make_booking(rooms)
    with django_capture_on_commit_callbacks(execute=True):
        moved = move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 + 2, length=2 * HOUR, now=NOW)
    assert (moved.first_quarter, moved.length, moved.sequence) == (TOMORROW_10 + 2, 2 * HOUR, 1)
    expected = range(TOMORROW_10 + 1, TOMORROW_10 + 2 + 2 * HOUR)
    assert taken(moved) == [(room.pk, q) for room in sorted(rooms, key=lambda r: r.pk) for q in expected]
    assert set(moved.spans.values_list("first_quarter", "end_quarter")) == {(expected.start, expected.stop)}
    assert heard == [BookingChanged(moved.pk)]
    assert JournalEntry.objects.filter(verb="booking.moved").count() == 1


def test_moving_to_the_same_time_changes_nothing() -> None:
    booking = make_booking()
    moved = move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10, length=HOUR, now=NOW)
    assert moved.sequence == 0


def test_a_refused_move_keeps_the_old_time() -> None:
    rooms = make_rooms()
    booking = make_booking(rooms)
    make_booking(rooms[:1] + make_rooms("Lannion"), first_quarter=TOMORROW_10 + 2 * HOUR - 2)
    with refused_and_unchanged(booking, SlotTaken):
        move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 + 3, length=HOUR, now=NOW)
    with refused_and_unchanged(booking, RoomClosed):
        move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 + 8 * HOUR, length=HOUR, now=NOW)
    with refused_and_unchanged(booking, PastTime):
        move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 - 27 * HOUR, length=HOUR, now=NOW)


def test_moving_onto_a_hold_that_is_over_releases_it() -> None:
    rooms = make_rooms()
    booking = make_booking(rooms)
    hold = make_hold(rooms, first_quarter=TOMORROW_10 + HOUR + 1)
    later = NOW + timedelta(minutes=20)
    moved = move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 + 3, length=HOUR, now=later)
    hold.refresh_from_db()
    assert moved.first_quarter == TOMORROW_10 + 3
    assert hold.cancel_cause == CancelCause.HOLD_EXPIRED


def test_what_has_started_or_ended_or_is_only_held_does_not_move() -> None:
    held = make_hold(make_rooms("Lannion", "Brest"))
    with refused_and_unchanged(held, NotConfirmed):
        move_booking(booking_id=held.pk, first_quarter=TOMORROW_10 + 1, length=HOUR, now=NOW)
    booking = make_booking()
    with refused_and_unchanged(booking, AlreadyStarted):
        move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 + 8, length=HOUR, now=moment_of(TOMORROW_10))
    cancel_booking(booking_id=booking.pk, cause="organiser", through="link", now=NOW)
    with refused_and_unchanged(booking, BookingIsCancelled):
        move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 + 8, length=HOUR, now=NOW)


def test_cancelling_frees_the_rooms_and_tells_once_with_its_cause(
    heard: list[object], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    rooms = make_rooms()
    booking = make_booking(rooms)
    with django_capture_on_commit_callbacks(execute=True):
        cancel_booking(booking_id=booking.pk, cause="no-counterpart", through="link", now=NOW)
        again = cancel_booking(booking_id=booking.pk, cause="organiser", through="link", now=NOW)
    assert (again.status, again.cancel_cause, again.ended_at) == (BookingStatus.CANCELLED, "no-counterpart", NOW)
    assert not Span.objects.exists()
    assert not Occupancy.objects.exists()
    assert heard == [BookingCancelled(booking.pk, "no-counterpart")]
    assert make_hold(rooms, request_key="after-the-cancel").status == BookingStatus.HELD


def test_a_cause_that_does_not_exist_is_a_fault_of_the_caller() -> None:
    booking = make_booking()
    with refused_and_unchanged(booking, ValueError):
        cancel_booking(booking_id=booking.pk, cause="whim", through="link", now=NOW)


def test_a_meeting_whose_time_is_over_is_not_cancelled() -> None:
    booking = make_booking()
    with refused_and_unchanged(booking, BookingOver):
        cancel_booking(booking_id=booking.pk, cause="organiser", through="link", now=moment_of(TOMORROW_10 + HOUR))


def test_completing_frees_what_remains_and_tells_once(
    heard: list[object], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    rooms = make_rooms()
    booking = make_booking(rooms, length=2 * HOUR)
    half_way = moment_of(TOMORROW_10 + 3) + timedelta(minutes=5)
    with django_capture_on_commit_callbacks(execute=True):
        complete_booking(booking_id=booking.pk, now=half_way)
        done = complete_booking(booking_id=booking.pk, now=half_way + timedelta(hours=1))
    assert (done.status, done.ended_at) == (BookingStatus.DONE, half_way)
    assert heard == [BookingDone(booking.pk)]
    assert {quarter for _room, quarter in taken(done)} == set(range(TOMORROW_10 - 1, TOMORROW_10 + 4))
    assert set(done.spans.values_list("end_quarter", flat=True)) == {TOMORROW_10 + 4}
    after = make_hold(rooms, first_quarter=TOMORROW_10 + 5, now=half_way)
    assert after.status == BookingStatus.HELD


def test_completing_before_the_start_keeps_no_empty_span() -> None:
    booking = make_booking()
    done = complete_booking(booking_id=booking.pk, now=NOW + timedelta(hours=1))
    assert done.status == BookingStatus.DONE
    assert not done.spans.exists()


def test_only_a_confirmed_meeting_can_be_done() -> None:
    held = make_hold()
    with refused_and_unchanged(held, NotConfirmed):
        complete_booking(booking_id=held.pk, now=NOW)
    cancel_booking(booking_id=held.pk, cause="organiser", through="link", now=NOW)
    with refused_and_unchanged(held, BookingIsCancelled):
        complete_booking(booking_id=held.pk, now=NOW)


def test_a_booking_that_does_not_exist_is_unknown_to_every_act() -> None:
    nobody = uuid4()
    with pytest.raises(UnknownBooking):
        confirm_booking(booking_id=nobody, contact=ANNE, now=NOW)
    with pytest.raises(UnknownBooking):
        move_booking(booking_id=nobody, first_quarter=TOMORROW_10, length=4, now=NOW)
    with pytest.raises(UnknownBooking):
        cancel_booking(booking_id=nobody, cause="other", through="link", now=NOW)
    with pytest.raises(UnknownBooking):
        complete_booking(booking_id=nobody, now=NOW)
