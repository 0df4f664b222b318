from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.booking.tests.factories import make_rooms
from maillage.concierge.domain.line import Answering, DeskTimes, standing_at
from maillage.concierge.errors import CallOver, CallTaken
from maillage.concierge.models import CallState, Cause, DeskHours, HelpCall, Ticket
from maillage.concierge.selectors import calls_waiting, desk_standing, last_calls
from maillage.concierge.services import answer, close_gone_calls, hang_up, hear, ring
from maillage.concierge.services.line import Caller
from maillage.concierge.tests.factories import NINE, at_the_desk, make_meeting_in, make_operator
from maillage.concierge.words import standing_words
from maillage.conference.tests.factories import parties_of
from maillage.core.errors import TooMany
from maillage.core.models import JournalEntry
from maillage.core.quarters import quarter_at

WEEK = "Mo-Fr 09:00-17:30; PH off"
SATURDAY = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
OFFICE = DeskTimes(WEEK, "Europe/Paris", "Sa 09:00-12:00", 4500, "0296000000")


def from_callac() -> Caller:
    booking = make_meeting_in(*make_rooms())
    party = parties_of(booking)[0]
    return Caller("Callac", booking.pk, party.pk, subject=f"booking:{booking.reference}")


@pytest.mark.parametrize(
    ("moment", "answering"),
    [
        (NINE, Answering.OPEN),
        (NINE - timedelta(minutes=15), Answering.CLOSED),
        (SATURDAY, Answering.ON_CALL),
        (SATURDAY + timedelta(hours=3), Answering.CLOSED),
    ],
)
def test_the_desk_answers_in_its_hours_and_a_telephone_on_call(moment: datetime, answering: Answering) -> None:
    assert standing_at([OFFICE], quarter_at(moment)).answering is answering


def test_outside_its_hours_people_read_the_fee_and_when_it_opens() -> None:
    standing = standing_at([OFFICE], quarter_at(SATURDAY))
    assert (standing.fee_cents, standing.phone) == (4500, "0296000000")
    said = standing_words(standing, "Europe/Paris")
    assert "45" in said
    assert "lundi 30" in said
    assert "9\u202fh\u202f00" in said


def test_one_desk_that_answers_is_enough_and_an_unreadable_one_is_not_open() -> None:
    evening = DeskTimes("Mo-Fr 17:00-21:00", "Europe/Paris")
    assert standing_at([OFFICE, evening], quarter_at(NINE + timedelta(hours=10))).answering is Answering.OPEN
    assert standing_at([DeskTimes("tous les jours", "Europe/Paris")], quarter_at(NINE)).answering is Answering.CLOSED
    assert standing_at([], quarter_at(SATURDAY)).answering is Answering.OPEN


@given(st.integers(0, 7 * 96))
def test_the_next_opening_is_open_and_nothing_before_it_is(later: int) -> None:
    now = quarter_at(NINE) + later
    standing = standing_at([OFFICE], now)
    if standing.answering is Answering.OPEN:
        return
    assert standing.opens_quarter is not None
    answers = [standing_at([OFFICE], quarter).answering for quarter in range(now, standing.opens_quarter + 1)]
    assert [rank for rank, one in enumerate(answers) if one is Answering.OPEN] == [len(answers) - 1]


@pytest.mark.django_db
def test_a_provider_whose_time_is_over_answers_no_more() -> None:
    DeskHours.objects.create(name="Ancien", hours="24/7", since=date(2020, 1, 1), until=date(2025, 12, 31))
    DeskHours.objects.create(name="Nouveau", hours=WEEK, since=date(2026, 1, 1))
    assert desk_standing(SATURDAY).answering is Answering.CLOSED


@pytest.mark.django_db
def test_a_call_rings_once_has_its_ticket_and_goes_to_the_first_operator() -> None:
    caller = from_callac()
    call = ring(caller=caller, is_open=True, now=NINE)
    assert ring(caller=caller, is_open=True, now=NINE + timedelta(seconds=5)) == call
    ticket = Ticket.objects.get()
    assert (ticket.cause, ticket.party_id, call.ticket) == (Cause.HELP_ASKED, caller.party_id, ticket)
    first, second = make_operator(), make_operator("autre@example.fr")
    assert answer(call_id=call.pk, agent_id=first.pk, now=NINE).answered_by == first
    assert answer(call_id=call.pk, agent_id=first.pk, now=NINE).state == CallState.ANSWERED
    with pytest.raises(CallTaken) as refusal:
        answer(call_id=call.pk, agent_id=second.pk, now=NINE)
    assert refusal.value.details["agent"]
    hang_up(call_id=call.pk, now=NINE + timedelta(minutes=3), agent_id=first.pk)
    assert hang_up(call_id=call.pk, now=NINE + timedelta(minutes=4)) is None
    with pytest.raises(CallOver):
        answer(call_id=call.pk, agent_id=first.pk, now=NINE)
    verbs = JournalEntry.objects.filter(subject=caller.subject).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["line.rang", "line.answered", "line.ended"]
    assert Ticket.objects.get().closed_at is None


@pytest.mark.django_db
def test_a_call_that_nobody_answers_is_missed_and_shown_to_be_called_back() -> None:
    call = ring(caller=from_callac(), is_open=True, now=NINE)
    assert list(calls_waiting()) == [call]
    hang_up(call_id=call.pk, now=NINE + timedelta(seconds=45), states=(CallState.WAITING,))
    assert not calls_waiting()
    assert [one.state for one in last_calls()] == [CallState.MISSED]
    page = at_the_desk().get("/conciergerie?jour=2026-11-24").content.decode()
    assert "à rappeler" in page


@pytest.mark.django_db
def test_one_that_is_answered_in_the_same_instant_is_not_missed() -> None:
    call = ring(caller=from_callac(), is_open=True, now=NINE)
    answer(call_id=call.pk, agent_id=make_operator().pk, now=NINE)
    assert hang_up(call_id=call.pk, now=NINE, states=(CallState.WAITING,)) is None
    assert HelpCall.objects.get().state == CallState.ANSWERED


@pytest.mark.django_db
def test_outside_its_hours_nothing_rings_but_somebody_waits_to_be_called_back() -> None:
    call = ring(caller=from_callac(), is_open=False, now=SATURDAY)
    assert (call.state, calls_waiting()) == (CallState.MISSED, [])
    assert Ticket.objects.filter(closed_at=None).count() == 1


@pytest.mark.django_db
def test_a_page_that_was_closed_rings_no_more() -> None:
    call = ring(caller=from_callac(), is_open=True, now=NINE)
    hear(call_id=call.pk, now=NINE + timedelta(seconds=15))
    assert close_gone_calls(NINE + timedelta(seconds=30)) == []
    assert close_gone_calls(NINE + timedelta(seconds=36)) == [call.pk]


@pytest.mark.django_db
def test_a_caller_who_rings_without_end_is_asked_to_wait() -> None:
    caller = from_callac()
    for _time in range(12):
        hang_up(call_id=ring(caller=caller, is_open=True, now=NINE).pk, now=NINE)
    with pytest.raises(TooMany):
        ring(caller=caller, is_open=True, now=NINE)
