import json
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from maillage.concierge.domain.trials import TrialCause, TrialFacts, judge_trial
from maillage.concierge.models import Cause, FarEnd, Owner, Ticket, Trial
from maillage.concierge.selectors import day_board
from maillage.concierge.services import forget_trials
from maillage.concierge.services.far_ends import send_request, technical_link
from maillage.concierge.tests.factories import NINE, at_the_desk
from maillage.conference.tests.factories import make_meeting, parties_of, token_of
from maillage.core.models import JournalEntry
from maillage.station.domain.verdict import Level

WELL = TrialFacts(True, True, tune_heard=True, voice_level=0.3, voice_heard=True, echo_heard=True, path_found=True)
EVE = NINE - timedelta(hours=20)
Commits = DjangoCaptureOnCommitCallbacks


@pytest.mark.parametrize(
    ("facts", "level", "causes"),
    [
        (WELL, Level.GREEN, ()),
        (replace(WELL, echo_heard=None, path_found=None), Level.GREEN, ()),
        (replace(WELL, has_camera=False), Level.ORANGE, (TrialCause.NO_CAMERA,)),
        (replace(WELL, voice_heard=None), Level.ORANGE, (TrialCause.UNFINISHED,)),
        (replace(WELL, voice_level=0.001), Level.RED, (TrialCause.VOICE_NOT_HEARD,)),
        (replace(WELL, tune_heard=False), Level.RED, (TrialCause.TUNE_NOT_HEARD,)),
        (replace(WELL, path_found=False, echo_heard=None), Level.RED, (TrialCause.NO_PATH,)),
        (TrialFacts(False, False), Level.RED, (TrialCause.NO_MICROPHONE, TrialCause.NO_CAMERA)),
    ],
)
def test_what_stops_people_from_hearing_each_other_is_red(
    facts: TrialFacts, level: Level, causes: tuple[str, ...]
) -> None:
    assert judge_trial(facts) == (level, causes)


def send(token: str, **changes: object) -> Any:
    given = {
        "token": token, "has_microphone": True, "has_camera": True, "tune_heard": True, "voice_level": 0.3,
        "voice_heard": True, "device": "Firefox 131, Linux", **changes,
    }  # fmt: skip
    with time_machine.travel(EVE, tick=False):
        return Client().post("/essai/resultat", json.dumps(given), content_type="application/json")


@pytest.mark.django_db
def test_a_rehearsal_by_link_is_on_the_desk_and_only_says_whether_all_is_well() -> None:
    booking = make_meeting()
    callac, rennes = parties_of(booking)
    token = token_of(callac)
    with time_machine.travel(EVE, tick=False):
        assert Client().get(f"/r/{token}/essai").status_code == 200
    assert send(token).json() == {"well": True, "known": True}
    (row,) = day_board(day=NINE.date(), zone=ZoneInfo("Europe/Paris"), now=EVE).rows
    assert [state.by_system for state in row.steps if state.step == "eve-test"] == [True]
    assert send(token_of(rennes), tune_heard=False).json() == {"well": False, "known": True}
    ticket = Ticket.objects.get()
    assert (ticket.cause, ticket.owner, ticket.party) == (Cause.TRIAL, Owner.FAR_END, rennes)
    with time_machine.travel(EVE, tick=False):
        page = at_the_desk().get(f"/conciergerie/reunion/{booking.pk}").content.decode()
    assert "n’entend pas l’air" in page
    (row,) = day_board(day=NINE.date(), zone=ZoneInfo("Europe/Paris"), now=EVE).rows
    assert [state.by_system for state in row.steps if state.step == "eve-test"] == [False]


@pytest.mark.django_db
def test_anybody_may_rehearse_and_nobody_is_given_the_relays_without_a_link(settings: Any) -> None:
    settings.TURN_URLS, settings.TURN_SECRET = ["turn:relay.example:3478"], "shared"
    page = Client().get("/essai").content.decode()
    assert "personne ne vous regarde" in page
    assert "relay.example" not in page
    with time_machine.travel(EVE, tick=False):
        assert "relay.example" in Client().get(f"/r/{token_of(parties_of(make_meeting())[0])}/essai").content.decode()
    lent = [Client().post("/essai/ligne").json()["iceServers"] for _turn in range(2)]
    names = [servers[-1]["username"].partition(":") for servers in lent]
    assert names[0][2] != names[1][2]
    assert 0 < int(names[0][0]) - time.time() <= 180
    settings.MAILLAGE_THROTTLE = True
    asked = [Client(REMOTE_ADDR="192.0.2.77").post("/essai/ligne").status_code for _turn in range(7)]
    assert asked == [200] * 6 + [429]
    assert Client().get("/essai/ligne").status_code == 405
    settings.TURN_URLS = []
    assert '"line": ""' in Client().get("/essai").content.decode()
    assert send("").json() == {"well": True, "known": False}
    assert Trial.objects.get().party is None
    assert forget_trials(EVE + timedelta(days=30)) == 0
    assert send("forged.1.x").status_code == 404
    assert send("", voice_level=7).status_code == 422
    assert forget_trials(EVE + timedelta(days=31)) == 1


@pytest.mark.django_db
def test_a_far_end_is_asked_and_says_who_looks_after_its_equipment(django_capture_on_commit_callbacks: Commits) -> None:
    booking = make_meeting()
    rennes = parties_of(booking)[1]
    type(rennes).objects.filter(pk=rennes.pk).update(email="dsi@example.org")
    desk, page = at_the_desk(), f"/conciergerie/reunion/{booking.pk}"
    with django_capture_on_commit_callbacks() as leaving:
        assert desk.post(f"{page}/technique", {"party": rennes.pk}).status_code == 302
    assert len(leaving) == 1
    send_request.call(rennes.pk)
    address = technical_link(rennes).partition("/technique/")[2]
    assert address in mail.outbox[0].body
    with time_machine.travel(EVE, tick=False):
        assert Client().get(f"/technique/{address}").status_code == 200
        assert Client().post(f"/technique/{address}", {"name": "DSI"}).status_code == 422
        given = {"name": "Yves Le Bras", "phone": "0298000000", "address": "sip:salle@example.org",
                 "firewall": "UDP fermé", "test_on": "2026-11-23T16:00"}  # fmt: skip
        assert Client().post(f"/technique/{address}", given).status_code == 302
        assert Client().get(f"/technique/{address[:-1]}x").status_code == 404
        shown = desk.get(page).content.decode()
    assert FarEnd.objects.get().party == rennes
    assert "Yves Le Bras" in shown
    assert "sip:salle@example.org" in shown
    verbs = JournalEntry.objects.values_list("verb", flat=True)
    assert {"far-end.asked", "far-end.filled"} <= set(verbs)
    (row,) = day_board(day=NINE.date(), zone=ZoneInfo("Europe/Paris"), now=EVE).rows
    assert row.sides[1].far_end is not None


@pytest.mark.django_db
def test_a_far_end_without_address_is_telephoned(django_capture_on_commit_callbacks: Commits) -> None:
    booking = make_meeting()
    address = f"/conciergerie/reunion/{booking.pk}/technique"
    with django_capture_on_commit_callbacks() as leaving:
        told = at_the_desk().post(address, {"party": parties_of(booking)[1].pk}, follow=True).content.decode()
    assert leaving == []
    assert "téléphonez-leur" in told
    assert at_the_desk().post(address, {"party": 0}).status_code == 404
