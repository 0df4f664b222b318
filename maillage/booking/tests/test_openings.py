"""A room outside its hours, or given by a person: asked, kept, answered once, or ended at its deadline."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from maillage.booking.domain.openings import (
    LAST_MOMENT,
    LEAST_TIME,
    OpeningHour,
    answer_deadline,
    opening_hour,
    reminder_times,
)
from maillage.booking.domain.tariffs import Price, Tariff, Unit
from maillage.booking.errors import BookingOver, RoomClosed, SlotTaken
from maillage.booking.errors.openings import (
    AnsweredOneByOne,
    OpeningAnswered,
    OpeningTooLate,
    OpeningTooSoon,
    OpeningWithdrawn,
    OtherTimeGone,
    OtherTimesWrong,
)
from maillage.booking.models import (
    Booking,
    BookingStatus,
    CancelCause,
    HostLevel,
    LetterKind,
    LetterRecord,
    Occupancy,
    OpeningRequest,
    OpeningStatus,
    UnmetDemand,
    UnmetReason,
)
from maillage.booking.selectors.openings import Answerer, can_be_asked, contacts_of, openings_to_answer
from maillage.booking.selectors.prices import frozen_price
from maillage.booking.services import (
    accept_opening,
    book_slot,
    cancel_booking,
    choose_other_time,
    confirm_booking,
    move_booking,
    propose_other_times,
    refuse_opening,
)
from maillage.booking.services.answering import follow_openings
from maillage.booking.services.tariffs import write_tariff
from maillage.booking.tests.factories import ANNE, HOUR, NOW, TOMORROW_10, make_booking, make_hold, parties_in
from maillage.core.models import JournalEntry
from maillage.core.quarters import moment_of, quarter_at
from maillage.points.models import Room
from maillage.points.selectors import catalogue
from maillage.points.tests.factories import make_point, make_room

EVENING = quarter_at(datetime(2026, 11, 26, 18, 0, tzinfo=UTC))
"""Thursday 26 November 2026, 19:00 in Paris."""
POINT = Answerer(HostLevel.POINT)
WORKER = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["mail", "default"]}}
ON_REQUEST = "Mo-Sa 07:00-23:00"


def evening_rooms(second_email: str = "") -> list[Room]:
    """Make a room in Callac that opens on request, and one in Rennes that is open in the evening."""
    addresses = {"email": "accueil@callac.example", "second_email": second_email}
    callac = make_point(commune="Callac", request_hours=ON_REQUEST, **addresses)
    return [make_room(callac), make_room(make_point(commune="Rennes", hours="Mo-Su 08:00-23:00"))]


def make_request(rooms: list[Room] | None = None) -> OpeningRequest:
    """Ask Callac to open on Thursday from 19:00 to 20:00."""
    booking = make_booking(rooms or evening_rooms(), first_quarter=EVENING)
    return booking.openings.get()


def refreshed(opening: OpeningRequest) -> OpeningRequest:
    """Return it as the database has it."""
    return OpeningRequest.objects.select_related("booking").get(pk=opening.pk)


@given(
    hours=st.integers(0, 2_000), ahead=st.integers(0, 4_000), days=st.integers(0, 5), zone=st.sampled_from(
        ["Europe/Paris", "Indian/Reunion", "America/Miquelon"]
    )
)  # fmt: skip
def test_a_deadline_is_a_whole_hour_that_leaves_time_to_answer_and_time_to_come(
    hours: int, ahead: int, days: int, zone: str
) -> None:
    now = NOW + timedelta(hours=hours, minutes=hours % 60)
    start = quarter_at(NOW) + hours * 4 + ahead
    deadline = answer_deadline(now, start, zone, days=days)
    if deadline is None:
        assert days == 0 or moment_of(start) - LAST_MOMENT - now < LEAST_TIME + timedelta(hours=1)
        return
    assert (deadline.minute, deadline.second) == (0, 0)
    assert now + LEAST_TIME <= deadline <= moment_of(start) - LAST_MOMENT
    remind, escalate = reminder_times(now, deadline)
    assert now < remind < escalate < deadline


def test_two_worked_days_skip_the_weekend_and_holidays() -> None:
    friday = datetime(2026, 11, 27, 10, 30, tzinfo=UTC)
    later = quarter_at(datetime(2026, 12, 20, 10, 0, tzinfo=UTC))
    assert answer_deadline(friday, later, "Europe/Paris", days=2) == datetime(2026, 12, 1, 11, 0, tzinfo=UTC)
    before_christmas = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)
    january = quarter_at(datetime(2027, 1, 20, 10, 0, tzinfo=UTC))
    deadline = answer_deadline(before_christmas, january, "Europe/Paris", days=1)
    assert deadline == datetime(2026, 12, 28, 9, 0, tzinfo=UTC)


def test_a_holiday_is_paid_as_a_weekend_and_an_early_morning_as_an_evening() -> None:
    assert opening_hour(EVENING, "Europe/Paris") is OpeningHour.EVENING
    assert opening_hour(EVENING + 2 * 96, "Europe/Paris") is OpeningHour.WEEKEND
    assert opening_hour(quarter_at(datetime(2026, 12, 25, 9, 0, tzinfo=UTC)), "Europe/Paris") is OpeningHour.WEEKEND


@pytest.mark.django_db
class TestAsking:
    def test_a_meeting_outside_the_hours_is_asked_and_its_rooms_are_kept(self) -> None:
        opening = make_request()
        booking = opening.booking
        assert (booking.status, booking.confirmed_at) == (BookingStatus.ASKED, None)
        assert (opening.reason, opening.status) == ("out-of-hours", "asked")
        assert opening.deadline == datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
        with pytest.raises(SlotTaken):
            make_hold(list(Room.objects.all()), first_quarter=EVENING, request_key="another-evening")

    def test_a_point_that_never_opens_on_request_stays_closed(self) -> None:
        with pytest.raises(RoomClosed):
            make_hold(first_quarter=EVENING)

    def test_outside_the_hours_on_request_it_is_closed_too(self) -> None:
        with pytest.raises(RoomClosed):
            make_hold(evening_rooms(), first_quarter=EVENING + 5 * HOUR)

    def test_inside_the_hours_it_is_booked_at_once(self) -> None:
        booking = make_booking(evening_rooms())
        assert booking.status == BookingStatus.CONFIRMED
        assert not booking.openings.exists()

    def test_a_room_given_by_a_person_is_asked_even_inside_the_hours(self) -> None:
        room = make_room(make_point(commune="Callac"), needs_answer=True)
        booking = make_booking([room, make_room(make_point(commune="Rennes"))])
        assert booking.openings.get().reason == "room-rule"

    def test_too_late_to_be_answered_is_refused_before_anything_is_kept(self) -> None:
        with pytest.raises(OpeningTooSoon):
            make_hold(evening_rooms(), first_quarter=EVENING, now=moment_of(EVENING) - timedelta(hours=3))
        assert not Booking.objects.exists()

    def test_the_api_asks_too(self) -> None:
        booking = book_slot(
            request_key="evening-by-api",
            first_quarter=EVENING,
            length=HOUR,
            parties=parties_in(evening_rooms()),
            time_zone="Europe/Paris",
            language="fr",
            contact=ANNE,
            now=NOW,
        )
        assert booking.status == BookingStatus.ASKED
        assert booking.openings.count() == 1

    def test_the_same_confirmation_twice_asks_once(self) -> None:
        held = make_hold(evening_rooms(), first_quarter=EVENING)
        for _again in range(2):
            confirm_booking(booking_id=held.pk, contact=ANNE, now=NOW)
        assert OpeningRequest.objects.count() == 1

    def test_the_fee_is_in_the_price_and_frozen_with_it(self) -> None:
        rooms = evening_rooms()
        tariff = Tariff((Price(Unit.HOUR, 1_000),), evening_opening_cents=3_000, weekend_opening_cents=5_000)
        write_tariff(point=rooms[0].point, tariff=tariff, valid_from=NOW.date())
        booking = make_request(rooms).booking
        price = frozen_price(booking)
        assert price is not None
        assert price.total_cents == 4_000
        assert [line.cents for line in price.lines if line.unit][-1] == 3_000

    def test_the_search_may_tell_which_rooms_can_be_asked(self) -> None:
        callac, rennes = evening_rooms()
        offers = {offer.room_id: offer for offer in catalogue().offers}
        assert can_be_asked(offers[callac.pk], EVENING, HOUR, now=NOW)
        assert not can_be_asked(offers[rennes.pk], EVENING, HOUR, now=NOW)
        assert not can_be_asked(offers[callac.pk], EVENING, HOUR, now=moment_of(EVENING) - timedelta(hours=3))


@pytest.mark.django_db
class TestAnswering:
    def test_yes_confirms_the_booking(self) -> None:
        opening = make_request()
        booking = accept_opening(opening_id=opening.pk, round_=1, by=POINT, now=NOW)
        assert booking.status == BookingStatus.CONFIRMED
        verbs = set(JournalEntry.objects.filter(subject=f"booking:{booking.reference}").values_list("verb", flat=True))
        assert {"opening.asked", "opening.accepted", "booking.confirmed"} <= verbs

    def test_two_points_must_both_say_yes(self) -> None:
        rooms = [
            make_room(make_point(commune=commune, request_hours=ON_REQUEST, email=f"a@{commune}.example"))
            for commune in ("Callac", "Rennes")
        ]
        booking = make_booking(rooms, first_quarter=EVENING)
        first, second = booking.openings.all()
        assert accept_opening(opening_id=first.pk, round_=1, by=POINT, now=NOW).status == BookingStatus.ASKED
        assert accept_opening(opening_id=second.pk, round_=1, by=POINT, now=NOW).status == BookingStatus.CONFIRMED

    def test_the_second_answer_is_told_what_the_first_was(self) -> None:
        opening = make_request()
        accept_opening(opening_id=opening.pk, round_=1, by=POINT, now=NOW)
        with pytest.raises(OpeningAnswered) as refusal:
            refuse_opening(opening_id=opening.pk, round_=1, by=POINT, cause="nobody", now=NOW)
        with override("en"):
            assert refusal.value.sentence() == "This request was already answered: accepted."
        assert refreshed(opening).status == OpeningStatus.ACCEPTED

    def test_after_the_deadline_no_answer_counts(self) -> None:
        opening = make_request()
        with pytest.raises(OpeningTooLate):
            accept_opening(opening_id=opening.pk, round_=1, by=POINT, now=opening.deadline)

    def test_no_frees_the_rooms_and_counts_the_demand(
        self, settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        settings.TASKS = WORKER
        opening = make_request()
        with django_capture_on_commit_callbacks(execute=True):
            refuse_opening(opening_id=opening.pk, round_=1, by=POINT, cause="nobody", note="Congés", now=NOW)
        booking = refreshed(opening).booking
        assert (booking.status, booking.cancel_cause) == (BookingStatus.CANCELLED, CancelCause.DECLINED)
        assert not Occupancy.objects.exists()
        assert set(UnmetDemand.objects.values_list("reason", flat=True)) == {UnmetReason.DECLINED}

    def test_a_cancelled_request_can_no_longer_be_answered(self) -> None:
        opening = make_request()
        cancel_booking(booking_id=opening.booking_id, cause="organiser", through="link", now=NOW)
        with pytest.raises(OpeningWithdrawn):
            accept_opening(opening_id=opening.pk, round_=1, by=POINT, now=NOW)

    def test_nobody_answers_a_cancelled_booking_is_the_end_of_it(self) -> None:
        opening = make_request()
        assert follow_openings(opening.deadline) == 1
        booking = refreshed(opening).booking
        assert (booking.status, booking.cancel_cause) == (BookingStatus.CANCELLED, CancelCause.UNANSWERED)
        assert not Occupancy.objects.exists()
        assert follow_openings(opening.deadline) == 0

    def test_a_meeting_given_by_a_person_is_not_moved_behind_their_back(self) -> None:
        room = make_room(make_point(commune="Callac"), needs_answer=True)
        booking = make_booking([room, make_room(make_point(commune="Rennes"))])
        accept_opening(opening_id=booking.openings.get().pk, round_=1, by=POINT, now=NOW)
        with pytest.raises(AnsweredOneByOne):
            move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 + 96, length=HOUR, now=NOW)

    def test_the_list_of_a_facilitator_holds_what_waits_for_their_rooms(self) -> None:
        opening = make_request()
        assert openings_to_answer(Room.objects.filter(point=opening.point)) == [opening]
        assert openings_to_answer(Room.objects.exclude(point=opening.point)) == []
        accept_opening(opening_id=opening.pk, round_=1, by=POINT, now=NOW)
        assert openings_to_answer(Room.objects.all()) == []


@pytest.mark.django_db
class TestOtherTimes:
    LATER = EVENING + 96

    def propose(self, opening: OpeningRequest, *times: int) -> OpeningRequest:
        return propose_other_times(opening_id=opening.pk, round_=1, by=POINT, times=times, now=NOW)

    def test_the_organiser_chooses_and_the_meeting_moves_there(self) -> None:
        opening = self.propose(make_request(), self.LATER, EVENING - 2)
        booking = choose_other_time(opening_id=opening.pk, first_quarter=self.LATER, now=NOW)
        assert (booking.status, booking.first_quarter) == (BookingStatus.CONFIRMED, self.LATER)
        assert set(Occupancy.objects.values_list("quarter", flat=True)) == set(range(self.LATER - 1, self.LATER + HOUR))

    @pytest.mark.parametrize("times", [(), (EVENING,), (EVENING + 1, EVENING + 2, EVENING + 3, EVENING + 4), (1,)])
    def test_none_too_many_the_same_or_a_past_time_is_refused(self, times: tuple[int, ...]) -> None:
        opening = make_request()
        with pytest.raises(OtherTimesWrong):
            self.propose(opening, *times)
        assert refreshed(opening).status == OpeningStatus.ASKED

    def test_a_time_that_was_not_proposed_is_not_taken(self) -> None:
        opening = self.propose(make_request(), self.LATER)
        with pytest.raises(OtherTimeGone):
            choose_other_time(opening_id=opening.pk, first_quarter=self.LATER + 1, now=NOW)

    def test_a_time_taken_meanwhile_leaves_the_proposals_standing(self) -> None:
        rooms = evening_rooms()
        opening = self.propose(make_request(rooms), self.LATER, self.LATER + 8)
        make_booking(rooms, first_quarter=self.LATER)
        with pytest.raises(SlotTaken):
            choose_other_time(opening_id=opening.pk, first_quarter=self.LATER, now=NOW)
        kept = choose_other_time(opening_id=opening.pk, first_quarter=self.LATER + 8, now=NOW)
        assert kept.status == BookingStatus.CONFIRMED

    def test_another_point_is_asked_anew_and_its_old_link_answers_nothing(self) -> None:
        rooms = [
            make_room(make_point(commune=commune, request_hours=ON_REQUEST, email=f"a@{commune}.example"))
            for commune in ("Callac", "Rennes")
        ]
        booking = make_booking(rooms, first_quarter=EVENING)
        callac, rennes = booking.openings.order_by("pk")
        accept_opening(opening_id=rennes.pk, round_=1, by=POINT, now=NOW)
        self.propose(callac, self.LATER)
        assert choose_other_time(opening_id=callac.pk, first_quarter=self.LATER, now=NOW).status == BookingStatus.ASKED
        with pytest.raises(OpeningWithdrawn):
            accept_opening(opening_id=rennes.pk, round_=1, by=POINT, now=NOW)
        assert accept_opening(opening_id=rennes.pk, round_=2, by=POINT, now=NOW).status == BookingStatus.CONFIRMED

    def test_an_organiser_who_does_not_choose_gives_the_rooms_back(self) -> None:
        opening = self.propose(make_request(), self.LATER)
        follow_openings(opening.deadline)
        booking = refreshed(opening).booking
        assert (booking.status, booking.cancel_cause) == (BookingStatus.CANCELLED, CancelCause.NOT_CHOSEN)
        with pytest.raises((OpeningWithdrawn, BookingOver)):
            choose_other_time(opening_id=opening.pk, first_quarter=self.LATER, now=opening.deadline)


@pytest.mark.django_db
class TestLetters:
    @pytest.fixture(autouse=True)
    def _desk_and_worker(self, settings: Settings) -> None:
        settings.TASKS = WORKER
        settings.DESK_EMAIL = "guichet@reseau.example"

    def test_the_point_and_the_organiser_are_written_to_with_worded_links(
        self,
        mailoutbox: list[EmailMultiAlternatives],
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            make_request()
        host = next(letter for letter in mailoutbox if letter.to == ["accueil@callac.example"])
        organiser = next(letter for letter in mailoutbox if letter.to == [ANNE.email])
        assert "25 novembre" in host.subject
        for act in ("/accepter", "/autre-heure", "/refuser"):
            assert act in str(host.body)
            assert act in str(host.alternatives[0][0])
        assert "Anne Le Goff" in str(host.body)
        assert "25\xa0novembre" in str(organiser.body)
        assert not any(letter.to == ["yann@example.org"] for letter in mailoutbox)

    def test_silence_reminds_the_point_then_asks_the_second_contact_and_the_desk(
        self,
        mailoutbox: list[EmailMultiAlternatives],
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        opening = make_request(evening_rooms(second_email="adjointe@callac.example"))
        remind, escalate = reminder_times(opening.asked_at, opening.deadline)
        with django_capture_on_commit_callbacks(execute=True):
            assert [follow_openings(remind), follow_openings(remind)] == [1, 0]
        assert [letter.to for letter in mailoutbox] == [["accueil@callac.example"]]
        with django_capture_on_commit_callbacks(execute=True):
            assert [follow_openings(escalate), follow_openings(escalate)] == [1, 0]
        told = {letter.to[0] for letter in mailoutbox[1:]}
        assert told == {"adjointe@callac.example", "guichet@reseau.example"}

    def test_the_organiser_hears_of_a_refusal_with_its_cause_and_what_else_is_free(
        self,
        mailoutbox: list[EmailMultiAlternatives],
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        opening = make_request()
        with django_capture_on_commit_callbacks(execute=True):
            refuse_opening(opening_id=opening.pk, round_=1, by=POINT, cause="nobody", note="En congé", now=NOW)
        (letter,) = (one for one in mailoutbox if one.to == [ANNE.email])
        assert "En congé" in str(letter.body)
        assert LetterRecord.objects.filter(kind=LetterKind.CANCELLATION).count() == 0

    def test_whoever_was_asked_hears_that_nobody_comes_after_all(
        self,
        mailoutbox: list[EmailMultiAlternatives],
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            opening = make_request()
        with django_capture_on_commit_callbacks(execute=True):
            accept_opening(opening_id=opening.pk, round_=1, by=POINT, now=NOW)
        with django_capture_on_commit_callbacks(execute=True):
            cancel_booking(booking_id=opening.booking_id, cause="organiser", through="link", now=NOW)
        assert [letter.to[0] for letter in mailoutbox].count("accueil@callac.example") == 2
        assert LetterRecord.objects.filter(kind=LetterKind.HOST_CANCELLED, status="sent").count() == 1

    def test_a_point_without_an_address_is_answered_for_by_the_desk(self) -> None:
        point = make_point(commune="Callac", email="")
        assert [(one.level, one.email) for one in contacts_of(point)] == [("desk", "guichet@reseau.example")]
