"""Entering, being in, leaving, ending; on both databases."""

from datetime import timedelta

import pytest
from django.test import TestCase
from pytest_django import DjangoAssertNumQueries

from maillage.booking.events import BookingDone
from maillage.booking.models import Booking, BookingStatus, Party
from maillage.conference.domain.messages import Sample
from maillage.conference.domain.presence import VANISHED_AFTER
from maillage.conference.domain.recording import Step
from maillage.conference.errors import MeetingOver, MessageUnknown, NoPlaceLeft, NotIn, OpenElsewhere
from maillage.conference.models import Attendance, Conference, EndReason, LeaveReason, QualitySample, Recording
from maillage.conference.selectors import attendance_of, presence_of
from maillage.conference.services import (
    change_state,
    close_finished,
    end_if_emptied,
    end_meeting,
    leave_meeting,
    may_link_at_once,
    record_failure,
    record_quality,
    rename_party,
    sweep_vanished,
    touch_stay,
)
from maillage.conference.tests.factories import NINE, enter, make_meeting, parties_of
from maillage.core.events import _subscribers

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def conference_of(booking: Booking) -> Conference:
    return Conference.objects.get(booking=booking)


def test_those_who_entered_are_present_in_their_order() -> None:
    callac, rennes = parties_of(make_meeting())
    enter(callac)
    entry = enter(rennes)
    assert [one.name for one in entry.presence.present] == ["Callac", "Rennes"]
    assert [one.order for one in entry.presence.present] == [1, 2]


def test_the_same_screen_comes_back_without_a_question_and_is_one_stay() -> None:
    callac, _ = parties_of(make_meeting())
    first = enter(callac)
    again = enter(callac, page="page-0002", now=NINE + MINUTE)
    assert again.stay_id == first.stay_id
    assert again.presence.present[0].page == "page-0002"
    assert again.presence.present[0].order == 2


def test_a_second_screen_is_asked_first_then_takes_over() -> None:
    callac, _ = parties_of(make_meeting())
    enter(callac)
    now = NINE + timedelta(seconds=5)
    with pytest.raises(OpenElsewhere):
        enter(callac, name="screen-2", now=now)
    entry = enter(callac, name="screen-2", take_over=True, now=now)
    assert len(entry.presence.present) == 1
    assert Attendance.objects.get(connection="screen-1").leave_reason == LeaveReason.MOVED


def test_a_screen_not_heard_for_long_does_not_keep_its_party_out() -> None:
    callac, _ = parties_of(make_meeting())
    enter(callac)
    enter(callac, name="screen-2", now=NINE + VANISHED_AFTER * 2)
    lost = Attendance.objects.get(connection="screen-1")
    assert (lost.leave_reason, lost.left_at) == (LeaveReason.LOST, NINE)


def test_a_page_that_gives_itself_the_name_of_another_sides_page_is_refused() -> None:
    callac, rennes = parties_of(make_meeting())
    enter(callac, page="page-0001")
    with pytest.raises(MessageUnknown):
        enter(rennes, page="page-0001")
    assert not Attendance.objects.filter(party=rennes).exists()


def test_a_line_opens_before_the_entry_is_written_unless_something_has_to_be_asked_first(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    callac, rennes = parties_of(make_meeting())
    enter(callac)
    conference = conference_of(callac.booking).pk

    def may(party: Party, connection: str = "screen-1", *, take_over: bool = False) -> bool:
        wish = {"connection": connection, "take_over": take_over}
        return may_link_at_once(conference_id=conference, party_id=party.pk, **wish)  # type: ignore[arg-type]

    with django_assert_num_queries(1):
        assert may(rennes)
    assert may(callac)
    assert not may(callac, "screen-2")
    assert may(callac, "screen-2", take_over=True)
    asked = Recording.objects.create(conference_id=conference, asked_at=NINE, step=Step.PAUSED)
    assert not may(rennes)
    asked.delete()
    end_meeting(conference_id=conference, reason=EndReason.ENDED, party_id=callac.pk, now=NINE)
    assert not may(rennes)


def test_the_silent_are_swept_and_the_others_stay(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    booking = make_meeting()
    callac, rennes = parties_of(booking)
    enter(callac)
    stay = enter(rennes).stay_id
    later = NINE + VANISHED_AFTER + timedelta(seconds=1)
    touch_stay(stay_id=stay, now=later)
    conference_id = conference_of(booking).pk
    swept = sweep_vanished(conference_id=conference_id, now=later)
    assert swept is not None
    assert [one.name for one in swept[0].present] == ["Rennes"]
    assert swept[1] == [callac.pk]
    with django_assert_num_queries(1):
        assert sweep_vanished(conference_id=conference_id, now=later) is None


def test_state_and_name_are_told_to_all_and_the_name_is_kept_on_the_booking() -> None:
    callac, _ = parties_of(make_meeting())
    stay = enter(callac).stay_id
    change_state(stay_id=stay, microphone=False, camera=True, screen=True, sound_only=True, images="small", now=NINE)
    presence = rename_party(stay_id=stay, name="Mairie de Houat", head_count=4)
    one = presence.present[0]
    assert (one.microphone, one.screen, one.sound_only, one.images) == (False, True, True, "small")
    assert (one.name, one.head_count) == ("Mairie de Houat", 4)
    assert Party.objects.get(pk=callac.pk).name == "Mairie de Houat"


def test_one_who_left_can_change_nothing_any_more() -> None:
    callac, _ = parties_of(make_meeting())
    stay = enter(callac).stay_id
    leave_meeting(stay_id=stay, now=NINE + MINUTE)
    leave_meeting(stay_id=stay, now=NINE + 2 * MINUTE)
    assert Attendance.objects.get(pk=stay).left_at == NINE + MINUTE
    with pytest.raises(NotIn):
        change_state(stay_id=stay, microphone=True, camera=True, screen=False, sound_only=False, now=NINE)
    with pytest.raises(NotIn):
        rename_party(stay_id=stay, name="X", head_count=1)
    assert not touch_stay(stay_id=stay, now=NINE)


def test_attendance_adds_the_stays_of_a_party_up() -> None:
    booking = make_meeting()
    callac, rennes = parties_of(booking)
    stay = enter(callac).stay_id
    leave_meeting(stay_id=stay, now=NINE + 10 * MINUTE)
    enter(callac, now=NINE + 20 * MINUTE)
    enter(rennes, now=NINE + 20 * MINUTE)
    end_meeting(
        conference_id=conference_of(booking).pk,
        reason=EndReason.ENDED,
        party_id=callac.pk,
        now=NINE + 20 * MINUTE + timedelta(seconds=5),
    )
    came = {one.party_id: one for one in attendance_of(booking)}
    assert came[callac.pk].seconds == 605
    assert came[callac.pk].stays == 2
    assert came[rennes.pk].left_at == NINE + 20 * MINUTE + timedelta(seconds=5)


def test_ending_for_all_completes_the_booking_once_and_says_so() -> None:
    booking = make_meeting()
    callac, rennes = parties_of(booking)
    enter(callac)
    enter(rennes)
    told: list[BookingDone] = []
    _subscribers[BookingDone].append(told.append)
    try:
        with TestCase.captureOnCommitCallbacks(execute=True):
            conference = conference_of(booking)
            soon = NINE + timedelta(seconds=3)
            assert end_meeting(conference_id=conference.pk, reason=EndReason.ENDED, party_id=callac.pk, now=soon)
            assert not end_meeting(conference_id=conference.pk, reason=EndReason.ENDED, party_id=rennes.pk, now=soon)
    finally:
        _subscribers[BookingDone].remove(told.append)
    assert [event.booking_id for event in told] == [booking.pk]
    booking.refresh_from_db()
    assert booking.status == BookingStatus.DONE
    assert presence_of(conference).present == ()
    with pytest.raises(MeetingOver):
        enter(callac)


def test_the_last_one_out_ends_it_only_after_its_planned_end() -> None:
    booking = make_meeting()
    callac, _ = parties_of(booking)
    conference_id = conference_of_entry(callac)
    early, late = NINE + 30 * MINUTE, NINE + 60 * MINUTE
    leave_meeting(stay_id=Attendance.objects.get().pk, now=early)
    assert not end_if_emptied(conference_id=conference_id, now=early)
    assert end_if_emptied(conference_id=conference_id, now=late)
    assert Conference.objects.get().end_reason == EndReason.EMPTIED


def conference_of_entry(party: Party) -> int:
    enter(party)
    return Conference.objects.get(booking=party.booking_id).pk


def test_meetings_are_closed_after_their_time_unless_people_are_still_in() -> None:
    empty, busy, left = (make_meeting() for _ in range(3))
    coming = make_meeting(start=NINE + timedelta(hours=1))
    end = NINE + timedelta(hours=1)
    conference_of_entry(parties_of(left)[0])
    enter(parties_of(busy)[0], now=end + 5 * MINUTE)
    assert close_finished(end) == 0
    assert close_finished(end + 5 * MINUTE) == 2
    assert close_finished(end + 5 * MINUTE) == 0
    reasons = {c.booking_id: c.end_reason for c in Conference.objects.exclude(end_reason="")}
    assert reasons == {empty.pk: EndReason.NOBODY_CAME, left.pk: EndReason.TIME_OVER}
    stay = Attendance.objects.get(conference__booking=left)
    assert (stay.left_at, stay.leave_reason) == (NINE, LeaveReason.LOST)
    coming.refresh_from_db()
    assert coming.status == BookingStatus.CONFIRMED


def test_samples_about_parties_of_other_meetings_are_not_kept() -> None:
    callac, rennes = parties_of(make_meeting())
    stranger = parties_of(make_meeting())[0]
    stay = enter(callac).stay_id
    samples = [Sample(remote=rennes.pk, rtt_ms=12, loss_in=0.01, path="host"), Sample(remote=stranger.pk, rtt_ms=1)]
    kept = record_quality(stay_id=stay, samples=samples, parties=frozenset({callac.pk, rennes.pk}), now=NINE)
    assert kept == 1
    assert QualitySample.objects.get().remote_id == rennes.pk


def test_a_page_that_fails_in_a_loop_fills_no_table() -> None:
    booking = make_meeting()
    callac, _ = parties_of(booking)
    conference_id = conference_of_entry(callac)
    for _round in range(105):
        record_failure(conference_id=conference_id, party_id=callac.pk, code="line-failed", detail="", now=NINE)
    assert conference_of(booking).failures.count() == 100


def test_without_a_bridge_a_fifth_side_is_refused_until_one_leaves_or_has_vanished() -> None:
    parties = parties_of(make_meeting(names=("Callac", "Rennes", "Houat", "Brest", "Ouessant")))
    stays = [enter(party, name=f"screen-{party.pk}", page=f"page-{party.pk}", most_sites=4) for party in parties[:4]]
    with pytest.raises(NoPlaceLeft) as refusal:
        enter(parties[4], most_sites=4)
    assert refusal.value.details == {"most": 4}
    assert enter(parties[3], name=f"screen-{parties[3].pk}", most_sites=4).stay_id == stays[3].stay_id
    assert len(enter(parties[4], most_sites=4, now=NINE + VANISHED_AFTER + MINUTE).presence.present) == 5
    with pytest.raises(NoPlaceLeft):
        enter(parties[4], name="another", take_over=True, most_sites=0)
    assert len(enter(parties[4]).presence.present) == 5
