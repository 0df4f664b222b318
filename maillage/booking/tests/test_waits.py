"""The waiting list: who is offered what frees, in which order, until when; answered, passed on, left, forgotten."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from maillage.booking.domain.terms import Pass
from maillage.booking.domain.waiting import (
    ANSWER,
    BEFORE_THE_MEETING,
    LEAST_ANSWER,
    offer_until,
    read_wish,
    still_to_come,
    written_wish,
)
from maillage.booking.domain.wishes import MeetingWish, PartyWish
from maillage.booking.errors import ContactIncomplete
from maillage.booking.errors.waits import NothingToWaitFor, OfferOver, TooManyWishes
from maillage.booking.gateways.ics_reading import Busy
from maillage.booking.models import (
    Booking,
    Occupancy,
    SideLetter,
    Span,
    Wait,
    WaitingLine,
    WaitOffer,
    WaitStatus,
)
from maillage.booking.selectors.waits import slots_offered, wait_address
from maillage.booking.services import Contact, cancel_booking
from maillage.booking.services.blocks import block_room, unblock_room
from maillage.booking.services.calendars import follow_calendar
from maillage.booking.services.imports import lay_over
from maillage.booking.services.side_letters import deliver_side_letter
from maillage.booking.services.waiting_line import LEASE, end_late_offers, serve_line
from maillage.booking.services.waits import forget_waits, leave_line, leave_wish, note_freed, pass_offer, take_offer
from maillage.booking.tests.factories import HOUR, NOW, TOMORROW_10, parties_in
from maillage.core.models import JournalEntry, TextMessage
from maillage.core.quarters import moment_of
from maillage.points.models import Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
PARIS = ZoneInfo("Europe/Paris")
YANN = Contact(name="Yann", email="yann.w@example.org", category="association")
LENA = Contact(name="Lena", email="lena@example.org", category="craft")
UNTIL = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)


def wish_for(rooms: list[Room], first: int = TOMORROW_10, end: int = TOMORROW_10 + HOUR) -> MeetingWish:
    """Return the wish for an hour in these very rooms, by default on Tuesday from ten to eleven."""
    return MeetingWish(parties_in(rooms), HOUR, first, end)


def wait_for(rooms: list[Room], who: Contact = YANN, *, now: datetime = NOW, **window: int) -> Wait:
    return leave_wish(wish=wish_for(rooms, **window), contact=who, until=UNTIL, language="fr", now=now)


def free(booking: Booking, now: datetime = NOW) -> None:
    cancel_booking(booking_id=booking.pk, cause="organiser", through="link", now=now)
    note_freed()


@pytest.mark.parametrize("left", [[], [Busy(TOMORROW_10 + 2, TOMORROW_10 + 4)]])
def test_a_block_lifted_or_another_calendar_that_frees_its_room_serves_the_line(
    rooms: list[Room], left: list[Busy], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    def counted() -> int:
        return int(WaitingLine.objects.values_list("freed", flat=True).first() or 0)

    end = TOMORROW_10 + 4
    feed = follow_calendar(room=rooms[0], name="x", address="https://example.org/x.ics", now=NOW)
    block = block_room(room_id=rooms[1].pk, first_quarter=TOMORROW_10, end_quarter=end, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        lay_over(feed, [Busy(TOMORROW_10, end)], first_quarter=TOMORROW_10, end_quarter=end, now=NOW)
    assert counted() == 0, "taking frees nothing"
    with django_capture_on_commit_callbacks(execute=True):
        lay_over(feed, left, first_quarter=TOMORROW_10, end_quarter=end, now=NOW)
    assert counted() == 1
    with django_capture_on_commit_callbacks(execute=True):
        unblock_room(span_id=block.pk)
    assert counted() == 2


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@given(moments, st.integers(0, 60 * 72))
def test_a_slot_is_kept_half_an_hour_by_day_until_half_past_eight_by_night_and_never_past_its_hour(
    now: datetime, minutes: int
) -> None:
    start = now + timedelta(minutes=minutes)
    until = offer_until(now, start, PARIS)
    if until is None:
        assert start - BEFORE_THE_MEETING - now < LEAST_ANSWER or minutes < 25
        return
    assert now + LEAST_ANSWER <= until <= start - BEFORE_THE_MEETING
    local = until.astimezone(PARIS)
    is_capped = until == start - BEFORE_THE_MEETING
    assert is_capped or until - now == ANSWER or (local.hour, local.minute) == (8, 30)
    assert until - now <= timedelta(hours=13, minutes=30), "from eight in the evening, one hour more when clocks change"


parties = st.builds(
    PartyWish,
    position=st.just(0),
    head_count=st.integers(1, 500),
    commune_insee=st.none() | st.just("22025"),
    room_id=st.none() | st.integers(1, 9),
    needs=st.frozensets(st.sampled_from(["camera", "parking"])),
    name=st.text(max_size=8),
)
wishes = st.builds(
    MeetingWish,
    parties=st.lists(parties, min_size=1, max_size=3).map(tuple),
    length=st.integers(1, 48),
    first_quarter=st.integers(0, 10_000),
    end_quarter=st.integers(0, 10_000),
    passes=st.frozensets(st.builds(Pass, st.integers(1, 9), st.sampled_from(["tenants", "partners"]))),
    near_quarter=st.none() | st.integers(0, 99),
)


@given(wishes, st.integers(0, 10_000))
def test_a_wish_is_read_again_as_it_was_written_and_cut_to_what_is_to_come(wish: MeetingWish, now: int) -> None:
    assert read_wish(written_wish(wish)) == wish
    left = still_to_come(wish, now)
    assert (left is None) == (wish.end_quarter - max(wish.first_quarter, now) < wish.length)
    assert left is None or left.first_quarter >= now


def test_what_frees_is_offered_to_the_first_in_line_then_to_the_next(rooms: list[Room], taken: Booking) -> None:
    first, second = wait_for(rooms), wait_for(rooms, LENA, now=NOW + timedelta(minutes=1))
    assert serve_line(NOW + timedelta(minutes=1)) == 0
    free(taken)
    at = NOW + timedelta(minutes=2)
    assert [serve_line(at), serve_line(at)] == [1, 0]
    offer = WaitOffer.objects.select_related("booking").get()
    assert (offer.wait_id, offer.until, offer.booking.held_until) == (first.pk, at + ANSWER, at + ANSWER)
    assert offer.booking.first_quarter == TOMORROW_10
    later = at + ANSWER
    assert serve_line(later) == 1, "not answered: the next in line"
    assert list(WaitOffer.objects.values_list("wait", "status")) == [(first.pk, "expired"), (second.pk, "open")]
    first.refresh_from_db()
    assert (first.status, first.missed, first.turn_at) == ("waiting", 1, later)
    assert Span.objects.filter(booking__status="held").count() == 2


def test_one_press_books_it_and_pressing_again_changes_nothing(rooms: list[Room], taken: Booking) -> None:
    wait = wait_for(rooms)
    free(taken)
    serve_line(NOW)
    booking = take_offer(wait_id=wait.pk, now=NOW + timedelta(minutes=29))
    assert (booking.status, booking.organiser_email, booking.category) == ("confirmed", YANN.email, "association")
    assert take_offer(wait_id=wait.pk, now=NOW + timedelta(minutes=40)).pk == booking.pk
    wait.refresh_from_db()
    assert wait.status == WaitStatus.MET
    assert end_late_offers(NOW + timedelta(hours=2)) == 0
    verbs = set(JournalEntry.objects.filter(subject=f"wait:{wait.pk}").values_list("verb", flat=True))
    assert verbs == {"wait.begun", "wait.offered", "wait.met"}


def test_an_offer_answered_too_late_is_refused_whether_or_not_the_job_has_run(
    rooms: list[Room], taken: Booking
) -> None:
    wait = wait_for(rooms)
    free(taken)
    serve_line(NOW)
    for late in (ANSWER, ANSWER + timedelta(minutes=5)):
        with pytest.raises(OfferOver):
            take_offer(wait_id=wait.pk, now=NOW + late)
        end_late_offers(NOW + late)
    with pytest.raises(NothingToWaitFor):
        take_offer(wait_id=0, now=NOW)


def test_who_passes_keeps_their_rank_and_is_not_offered_the_same_slot_again(
    rooms: list[Room], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    wait = wait_for(rooms, end=TOMORROW_10 + 100)
    assert serve_line(NOW) == 1, "what is free already is offered at once"
    first = WaitOffer.objects.get().booking.first_quarter
    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            pass_offer(wait_id=wait.pk, now=NOW)
    wait.refresh_from_db()
    assert (wait.status, wait.turn_at, wait.missed) == ("waiting", NOW, 0)
    assert not Occupancy.objects.exists()
    assert serve_line(NOW) == 1
    assert WaitOffer.objects.get(status="open").booking.first_quarter != first
    assert len(slots_offered(wait)) == 2


def test_two_offers_without_an_answer_end_the_wait_and_say_so(rooms: list[Room]) -> None:
    wait = wait_for(rooms, end=TOMORROW_10 + 100)
    serve_line(NOW)
    assert serve_line(NOW + timedelta(minutes=31)) == 1
    assert serve_line(NOW + timedelta(minutes=62)) == 0
    wait.refresh_from_db()
    assert wait.status == WaitStatus.MISSED
    assert SideLetter.objects.filter(kind="wait-missed", about=wait.pk).count() == 1
    assert not Span.objects.filter(booking__status="held").exists()


def test_leaving_gives_the_slot_back_and_forgets_who_they_are_at_once(rooms: list[Room], taken: Booking) -> None:
    wait = wait_for(rooms)
    free(taken)
    serve_line(NOW)
    for _twice in range(2):
        leave_line(wait_id=wait.pk, now=NOW)
    wait.refresh_from_db()
    assert (wait.status, wait.name, wait.email) == ("left", "", "")
    assert not Occupancy.objects.exists()
    assert serve_line(NOW + timedelta(minutes=20)) == 0


def test_the_same_wish_is_one_place_in_line_and_nobody_fills_it(rooms: list[Room], taken: Booking) -> None:
    wait = wait_for(rooms)
    assert wait_for(rooms).pk == wait.pk
    for number in range(1, 5):
        wait_for(rooms, first=TOMORROW_10 + 96 * number, end=TOMORROW_10 + 96 * number + HOUR)
    with pytest.raises(TooManyWishes):
        wait_for(rooms, first=TOMORROW_10 + 480, end=TOMORROW_10 + 484)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wait.objects.create(mark=wait.mark, wish={}, until=UNTIL, asked_at=NOW, turn_at=NOW)
    with pytest.raises(NothingToWaitFor):
        wait_for(rooms, LENA, now=UNTIL)
    with pytest.raises(ContactIncomplete):
        wait_for(rooms, Contact(name="", email="x@example.org"))
    assert Wait.objects.filter(email="").count() == 0


def test_one_process_serves_the_line_at_a_time_and_a_stopped_one_is_replaced(rooms: list[Room], taken: Booking) -> None:
    wait_for(rooms)
    free(taken)
    WaitingLine.objects.update(busy_until=NOW + LEASE)
    assert serve_line(NOW) == 0
    assert serve_line(NOW + LEASE + timedelta(seconds=1)) == 1


def test_a_process_stopped_between_hold_and_offer_finds_its_hold_again(
    rooms: list[Room], taken: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for(rooms)
    free(taken)

    def stop(*_args: object, **_fields: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr("maillage.booking.services.waiting_line._offer", stop)
        with pytest.raises(KeyboardInterrupt):
            serve_line(NOW)
    assert Booking.objects.filter(status="held").count() == 1
    assert serve_line(NOW + timedelta(minutes=1)) == 1
    assert WaitOffer.objects.get().booking == Booking.objects.get(status="held")


def test_what_was_waited_for_is_forgotten_after_its_date(rooms: list[Room], taken: Booking) -> None:
    wait_for(rooms)
    free(taken)
    serve_line(NOW)
    assert forget_waits(UNTIL + timedelta(hours=1)) == 0, "a slot is still offered"
    end_late_offers(UNTIL)
    assert forget_waits(UNTIL - timedelta(hours=1)) == 0
    assert forget_waits(UNTIL + timedelta(hours=1)) == 1
    assert not Wait.objects.exists()
    assert not WaitOffer.objects.exists()


def test_an_offer_that_was_taken_is_still_counted_once_who_waited_is_forgotten(
    rooms: list[Room], taken: Booking
) -> None:
    wait = wait_for(rooms)
    free(taken)
    serve_line(NOW)
    booking = take_offer(wait_id=wait.pk, now=NOW)
    assert forget_waits(UNTIL + timedelta(hours=1)) == 1
    offer = WaitOffer.objects.get()
    assert (offer.wait_id, offer.booking_id, offer.status) == (None, booking.pk, "taken")


def test_letters_say_until_when_the_slot_is_kept_and_one_that_came_too_late_is_not_sent(
    rooms: list[Room], taken: Booking
) -> None:
    wait = wait_for(rooms)
    free(taken)
    serve_line(NOW)
    mail.outbox.clear()
    for letter in SideLetter.objects.order_by("pk"):
        assert deliver_side_letter(letter.pk, now=NOW)
    begun, offered = (str(sent.body) for sent in mail.outbox)
    assert wait_address(wait) in begun
    assert "8 h 30" in re.sub(r"\s", " ", offered)
    assert "Point de Callac" in offered
    late = SideLetter.objects.create(key="x", kind="wait-offer", about=wait.pk, recipient=YANN.email, due_at=NOW)
    take_offer(wait_id=wait.pk, now=NOW)
    assert not deliver_side_letter(late.pk, now=NOW)


def test_who_gave_a_mobile_number_is_told_by_text_message(
    rooms: list[Room], taken: Booking, settings: Settings
) -> None:
    settings.SMS_GATEWAY = "maillage.core.sms.HttpSms"
    settings.BASE_URL = "https://visio.exemple.bzh"
    wait_for(rooms, Contact(name="Yann", email="", phone="0612345678", category="craft"))
    free(taken)
    serve_line(NOW)
    begun, offered = TextMessage.objects.order_by("pk")
    assert "liste d'attente" in begun.text
    assert "24/11" in offered.text
    assert max(len(begun.text), len(offered.text)) <= 160


def test_rooms_of_an_offer_are_kept_like_any_held_and_lost_to_nobody(rooms: list[Room], taken: Booking) -> None:
    wait_for(rooms)
    free(taken)
    serve_line(NOW)
    booking = WaitOffer.objects.get().booking
    assert moment_of(booking.first_quarter) > NOW
    assert Occupancy.objects.filter(span__booking=booking).count() == 2 * (HOUR + 1)
