from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from maillage.booking.models import Booking, Party, PartyKind
from maillage.booking.tests.factories import make_rooms
from maillage.concierge.domain.cards import Reason, State
from maillage.concierge.models import Cause, HandoverNote, Owner, RunbookStep, Ticket
from maillage.concierge.selectors import MeetingRow, day_board, prevention
from maillage.concierge.services import close_cause, close_ticket, notice_silence, open_ticket
from maillage.concierge.services.fallback import send_fallback
from maillage.concierge.services.tickets import About
from maillage.concierge.tests.factories import NINE, at_the_desk, make_meeting_in, make_operator
from maillage.conference.domain.lobby import Standing
from maillage.conference.models import Conduct, Conference, EntryRule, QualitySample
from maillage.conference.services import ask_help, come_to_door, open_conference
from maillage.conference.tests.factories import enter, parties_of
from maillage.core.models import JournalEntry
from maillage.points.tests.factories import make_point, make_room
from maillage.station.models import SelfTest, Station, StationOrder, TestOccasion
from maillage.station.services import hear_stations, record_self_test, take_orders
from maillage.station.tests.factories import make_station
from maillage.station.tests.test_verdict import WELL
from maillage.territory.models import Grouping

SILENCE = replace(WELL, sound_dbfs=None)
PARIS = ZoneInfo("Europe/Paris")
DAY = NINE.date()
Commits = DjangoCaptureOnCommitCallbacks


def rows(*, minutes: float = 0, grouping: str = "") -> tuple[MeetingRow, ...]:
    return day_board(day=DAY, zone=PARIS, now=NINE + timedelta(minutes=minutes), grouping=grouping).rows


@pytest.mark.django_db
def test_a_side_goes_from_expected_to_in_to_proven_and_its_steps_are_done_by_the_system() -> None:
    booking = make_meeting_in(*make_rooms())
    callac, rennes = parties_of(booking)
    assert rows(minutes=-30)[0].state is State.WAITING
    stay = enter(callac, now=NINE)
    enter(rennes, now=NINE)
    assert [side.card.state for side in rows()[0].sides] == [State.IN, State.IN]
    QualitySample.objects.create(attendance_id=stay.stay_id, remote=rennes, at=NINE, audio_level_in=0.2)
    assert [side.card.state for side in rows()[0].sides] == [State.IN, State.PROVEN]
    assert [state.step for state in rows()[0].steps if state.by_system] == ["connect"]


@pytest.mark.django_db
def test_trouble_floats_up_and_says_why() -> None:
    first = make_meeting_in(*make_rooms(), start=NINE - timedelta(minutes=15))
    for party in parties_of(first):
        enter(party, now=NINE)
    second = make_meeting_in(*make_rooms("Quimper", "Ouessant"), start=NINE)
    found = rows(minutes=4)
    assert [row.booking for row in found] == [second, first]
    assert found[0].sides[0].card.reasons == (Reason.LATE,)


@pytest.mark.django_db
def test_forty_meetings_cost_as_many_queries_as_one(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    rooms = make_rooms("Callac", "Rennes", "Quimper", "Ouessant")
    for room in rooms:
        make_station(now=NINE, room=room)
    for rank in range(40):
        make_meeting_in(rooms[rank % 4], rooms[(rank + 1) % 4], start=NINE + timedelta(minutes=15 * (rank % 30)))
    with django_assert_max_num_queries(13):
        found = rows()
        assert len(found) == 40
        assert [side.party.room.point.commune.name for row in found for side in row.sides if side.party.room]
    desk = at_the_desk()
    with time_machine.travel(NINE, tick=False), django_assert_max_num_queries(18):  # 2 for the session and 1 right
        page = desk.get("/conciergerie", headers={"HX-Request": "true"})
    assert page.content.decode().count("desk__row") == 40


@pytest.mark.django_db
def test_one_authority_may_be_shown_alone() -> None:
    callac, rennes, quimper = make_rooms("Callac", "Rennes", "Quimper")
    grouping = Grouping.objects.create(siren="200068989", name="Quimper Bretagne Occidentale")
    quimper.point.commune.grouping = grouping
    quimper.point.commune.save()
    make_meeting_in(callac, rennes)
    theirs = make_meeting_in(callac, quimper)
    assert [row.booking for row in rows(grouping=grouping.siren)] == [theirs]


@pytest.mark.django_db
def test_a_silent_station_is_trouble_within_the_minute_unless_its_room_is_in() -> None:
    callac, rennes = make_rooms()
    booking = make_meeting_in(callac, rennes, start=NINE + timedelta(minutes=30))
    station, _key = make_station(now=NINE, room=callac)
    hear_stations({station.pk: NINE})
    assert rows(minutes=0.75)[0].state is State.WAITING
    assert rows(minutes=0.8)[0].sides[0].card.reasons == (Reason.STATION_SILENT,)
    assert notice_silence(NINE + timedelta(seconds=46)) == 1
    assert notice_silence(NINE + timedelta(seconds=50)) == 0
    assert prevention(NINE + timedelta(seconds=50)).silent == (station,)
    enter(parties_of(booking)[0], now=NINE + timedelta(minutes=2))
    assert notice_silence(NINE + timedelta(minutes=2)) == 1
    ticket = Ticket.objects.get()
    assert ticket.lasted(NINE) == timedelta(seconds=74)


@pytest.mark.django_db(transaction=True)
def test_a_red_test_opens_a_ticket_with_the_test_and_a_better_one_closes_it() -> None:
    station, _key = make_station(now=NINE)
    deaf = SelfTestOf(station)
    deaf.run(heard=False)
    ticket = Ticket.objects.get()
    assert (ticket.cause, ticket.owner, ticket.test) == (Cause.STATION_RED, Owner.HOST, SelfTest.objects.get())
    deaf.run(heard=False)
    assert Ticket.objects.count() == 1
    deaf.run(heard=True)
    assert Ticket.objects.get().closed_at is not None


class SelfTestOf:
    """Runs tests of a station."""

    def __init__(self, station: Station) -> None:
        self.station = station

    def run(self, *, heard: bool) -> None:
        measures = WELL if heard else SILENCE
        record_self_test(
            station=self.station, occasion=TestOccasion.NIGHT, measures=measures, booking_id=None, now=NINE
        )


@pytest.mark.django_db(transaction=True)
def test_a_side_that_asks_for_help_is_on_the_desk_at_once() -> None:
    booking = make_meeting_in(*make_rooms())
    callac = parties_of(booking)[0]
    enter(callac, now=NINE)
    ask_help(conference=Conference.objects.get(), party=callac)
    ask_help(conference=Conference.objects.get(), party=callac)
    assert rows()[0].sides[0].card.reasons == (Reason.HELP_ASKED,)
    ticket = Ticket.objects.get()
    close_ticket(ticket_id=ticket.pk, note="volume monté", now=NINE, agent_id=make_operator().pk, owner=Owner.HOST)
    assert rows()[0].sides[0].card.state is State.IN
    assert close_cause(room_id=1, cause=Cause.HELP_ASKED, now=NINE) == 0


@pytest.mark.django_db
def test_the_desk_is_for_operators() -> None:
    assert Client().get("/conciergerie").status_code == 302
    stranger = Client()
    user = make_operator("autre@example.fr")
    user.roles.all().delete()
    stranger.force_login(user)
    refused = stranger.get("/conciergerie")
    assert refused.status_code == 403
    assert "not-an-operator" in refused.content.decode()


@pytest.mark.django_db
def test_every_act_of_the_desk_is_done_and_journaled() -> None:
    callac, rennes = make_rooms()
    booking = make_meeting_in(callac, rennes)
    station, _key = make_station(now=NINE, room=callac)
    desk, page = at_the_desk(), f"/conciergerie/reunion/{booking.pk}"
    party = parties_of(booking)[1]
    assert desk.get(page).status_code == 200
    assert desk.post(f"{page}/etape", {"step": "contact"}).status_code == 302
    assert desk.post(f"{page}/etape", {"step": "dance"}).status_code == 422
    given = {"cause": "sound", "owner": "host", "note": "micro muet", "party": party.pk}
    assert desk.post(f"{page}/ticket", given).status_code == 302
    ticket = Ticket.objects.get()
    assert "micro muet" in desk.get(page).content.decode()
    desk.post(f"/conciergerie/ticket/{ticket.pk}/note", {"note": "rappelé", "meeting": booking.pk})
    desk.post(f"/conciergerie/ticket/{ticket.pk}/fermer", {"owner": "far-end", "note": "", "meeting": booking.pk})
    desk.post(
        f"/conciergerie/poste/{station.pk}/ordre", {"kind": "message", "text": "Nous arrivons", "from": "stations"}
    )
    desk.post("/conciergerie/releve", {"text": "Callac rappelle à 15 h"})
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.notes.count(), ticket.party) == (Owner.FAR_END, 2, party)
    assert RunbookStep.objects.get().done_by == HandoverNote.objects.get().agent
    verbs = set(JournalEntry.objects.exclude(agent=None).values_list("verb", flat=True))
    assert {"runbook.ticked", "ticket.opened", "ticket.closed", "station.order-message", "desk.handed-over"} <= verbs
    assert "Callac rappelle" in desk.get("/conciergerie").content.decode()


@pytest.mark.django_db
def test_a_side_that_is_in_may_be_asked_for_less_and_never_for_more() -> None:
    booking = make_meeting_in(*make_rooms())
    callac, rennes = parties_of(booking)
    enter(callac, now=NINE)
    desk, address = at_the_desk(), f"/conciergerie/reunion/{booking.pk}/demande"
    assert desk.post(address, {"party": callac.pk, "what": "sound-only"}).status_code == 302
    assert desk.post(address, {"party": callac.pk, "what": "unmute"}).status_code == 422
    assert desk.post(address, {"party": rennes.pk, "what": "mute"}).status_code == 409
    assert desk.post(address, {"party": 0, "what": "mute"}).status_code == 404
    asked = JournalEntry.objects.filter(verb__startswith="conference.asked").values_list("verb", "agent__email")
    assert list(asked) == [("conference.asked-sound-only", "concierge@example.fr")]


@pytest.mark.django_db
def test_the_desk_opens_to_a_side_that_waits_and_gives_the_lead() -> None:
    booking = make_meeting_in(*make_rooms())
    callac, rennes = parties_of(booking)
    enter(callac, now=NINE)
    Conduct.objects.filter(booking=booking).update(entry_rule=EntryRule.KNOCK)
    Party.objects.filter(pk=rennes.pk).update(kind=PartyKind.BROWSER)
    conference = open_conference(booking.pk)
    come_to_door(conference_id=conference.pk, party_id=rennes.pk, now=NINE)
    desk, page = at_the_desk(), f"/conciergerie/reunion/{booking.pk}"
    with time_machine.travel(NINE, tick=False):
        assert "Il attend à la porte." in desk.get(page, headers={"accept-language": "fr"}).content.decode()
        assert desk.post(f"{page}/demande", {"party": rennes.pk, "what": "lead"}).status_code == 409
        assert desk.post(f"{page}/demande", {"party": rennes.pk, "what": "open"}).status_code == 302
        assert come_to_door(conference_id=conference.pk, party_id=rennes.pk, now=NINE) == Standing.ENTERS
        enter(rennes, now=NINE, name="screen-2", page="page-0002")
        assert desk.post(f"{page}/demande", {"party": rennes.pk, "what": "lead"}).status_code == 302
    assert Conduct.objects.get(booking=booking).floor["chair"] == rennes.pk
    acts = JournalEntry.objects.exclude(agent=None).filter(verb__startswith="conference.").order_by("pk")
    assert list(acts.values_list("verb", flat=True)) == ["conference.admitted", "conference.give-chair"]


@pytest.mark.django_db
def test_an_order_is_taken_once_and_never_late() -> None:
    station, _key = make_station(now=NINE)
    with time_machine.travel(NINE, tick=False):
        at_the_desk().post(f"/conciergerie/poste/{station.pk}/ordre", {"kind": "restart"})
        refused = at_the_desk().post(f"/conciergerie/poste/{station.pk}/ordre", {"kind": "message", "text": " "})
    assert refused.status_code == 422
    assert [order.kind for order in take_orders(station=station, now=NINE + timedelta(seconds=9))] == ["restart"]
    assert take_orders(station=station, now=NINE + timedelta(seconds=10)) == []
    StationOrder.objects.update(taken_at=None)
    assert take_orders(station=station, now=NINE + timedelta(minutes=3)) == []


@pytest.mark.django_db
def test_everyone_is_moved_elsewhere_in_two_presses(settings: Any, django_capture_on_commit_callbacks: Commits) -> None:
    booking = make_meeting_in(*make_rooms())
    Booking.objects.update(organiser_email="anne@example.org")
    booking.parties.update(email="Anne@example.org")
    desk, address = at_the_desk(), f"/conciergerie/reunion/{booking.pk}/secours"
    settings.FALLBACK_URL = ""
    assert "no-fallback-link" in desk.post(address).content.decode()
    settings.FALLBACK_URL = "https://secours.example/{reference}"
    shown = desk.post(address).content.decode()
    assert "anne@example.org" in shown
    assert f"https://secours.example/{booking.reference}" in shown
    with django_capture_on_commit_callbacks() as leaving:
        assert desk.post(address, {"sure": "1"}).status_code == 302
    assert len(leaving) == 1
    send_fallback.call("anne@example.org", f"https://secours.example/{booking.reference}", booking.reference, "fr")
    assert f"https://secours.example/{booking.reference}" in mail.outbox[0].body
    assert JournalEntry.objects.filter(verb="meeting.moved-to-fallback").count() == 1


@pytest.mark.django_db
def test_a_red_room_may_be_offered_all_the_same_from_the_desk() -> None:
    station, _key = make_station(now=NINE, room=make_room(make_point()))
    SelfTestOf(station).run(heard=False)
    given = {"hours": "4", "reason": "micro de secours", "from": "stations"}
    with time_machine.travel(NINE, tick=False):
        desk = at_the_desk()
        assert str(station.room) in desk.get("/conciergerie/postes").content.decode()
        assert desk.post(f"/conciergerie/poste/{station.pk}/derogation", given).status_code == 302
    station.refresh_from_db()
    assert station.waived_until == NINE + timedelta(hours=4)
    assert station.room.withheld_since is None


@pytest.mark.django_db
def test_the_same_problem_seen_twice_is_one_ticket() -> None:
    booking = make_meeting_in(*make_rooms())
    about = About(booking_id=booking.pk)
    for note in ("muet", "toujours muet"):
        open_ticket(about=about, cause=Cause.SOUND, owner=Owner.DESK, note=note, now=NINE)
    assert [note.text for note in Ticket.objects.get().notes.all()] == ["muet", "toujours muet"]
