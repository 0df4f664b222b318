from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from pytest_django import DjangoCaptureOnCommitCallbacks

from maillage.booking.models import Booking, PartyKind
from maillage.booking.tests.factories import make_booking, make_rooms
from maillage.concierge.services.fallback import numbers_of
from maillage.concierge.tests.factories import at_the_desk
from maillage.conference.gateways.janus_fake import FakeBridge
from maillage.conference.gateways.pool import BridgePool, PooledServer
from maillage.conference.models import Attendance, DialOrder, RecordingSpan
from maillage.conference.services import answer_recording
from maillage.conference.tests.factories import NINE, enter, make_meeting, parties_of
from maillage.core.models import JournalEntry, TextMessage
from maillage.core.quarters import quarter_at

Commits = DjangoCaptureOnCommitCallbacks


@pytest.mark.django_db
def test_a_meeting_goes_on_a_quarter_more_and_its_people_are_told(django_capture_on_commit_callbacks: Commits) -> None:
    booking = make_booking(make_rooms(), first_quarter=quarter_at(NINE) + 4)
    for party in parties_of(booking):
        enter(party, now=NINE + timedelta(hours=1))
    later = NINE + timedelta(hours=1, minutes=50)
    with time_machine.travel(later, tick=False), django_capture_on_commit_callbacks() as told:
        answer = at_the_desk().post(f"/conciergerie/reunion/{booking.pk}/prolonger")
    assert answer.status_code == 302
    booking.refresh_from_db()
    assert booking.length == 5
    verbs = list(JournalEntry.objects.exclude(agent=None).values_list("verb", flat=True))
    assert verbs.count("conference.asked-notice") == 2
    assert "booking.extended" in verbs
    assert len(told) >= 2
    with time_machine.travel(NINE - timedelta(hours=1), tick=False):
        refused = at_the_desk().post(f"/conciergerie/reunion/{booking.pk}/prolonger")
    assert refused.status_code == 409


@pytest.mark.django_db
def test_the_desk_ends_the_call_of_a_side_that_has_no_page_and_asks_the_page_of_others() -> None:
    booking = make_meeting()
    callac, phone = parties_of(booking)
    type(phone).objects.filter(pk=phone.pk).update(kind=PartyKind.PHONE)
    for party in (callac, phone):
        enter(party, now=NINE)
    desk, address = at_the_desk(), f"/conciergerie/reunion/{booking.pk}/demande"
    assert desk.post(address, {"party": phone.pk, "what": "leave"}).status_code == 302
    assert not Attendance.objects.filter(party=phone, left_at=None).exists()
    assert desk.post(address, {"party": callac.pk, "what": "leave"}).status_code == 302
    assert Attendance.objects.filter(party=callac, left_at=None).exists()  # its page leaves once its people have read
    assert desk.post(address, {"party": callac.pk, "what": "notice", "text": " "}).status_code == 422
    assert desk.post(address, {"party": callac.pk, "what": "notice", "text": "Nous arrivons"}).status_code == 302


@pytest.mark.django_db
def test_the_desk_rings_a_telephone_and_reads_what_became_of_it(settings: Any) -> None:
    booking = make_meeting()
    settings.SIP_ADDRESS, settings.SIP_LINE = "192.0.2.10:5060", "192.0.2.1:5060"
    desk, page = at_the_desk(), f"/conciergerie/reunion/{booking.pk}"
    assert desk.post(f"{page}/appeler", {"target": "02 96 00 00 00", "name": "Anne"}).status_code == 302
    assert desk.post(f"{page}/appeler", {"target": "la mairie"}).status_code == 422
    DialOrder.objects.update(state="failed", reason="486 Busy Here")
    assert "486 Busy Here" in desk.get(page).content.decode()


@pytest.mark.django_db
def test_everyone_with_a_mobile_is_moved_by_text_message_too(
    settings: Any, django_capture_on_commit_callbacks: Commits
) -> None:
    settings.FALLBACK_URL = "https://secours.example/{reference}"
    settings.SMS_GATEWAY = "maillage.portal.mailbox.DemoTelephone"
    booking = make_meeting()
    Booking.objects.update(organiser_phone="06 12 34 56 78")
    phone = parties_of(booking)[1]
    type(phone).objects.filter(pk=phone.pk).update(kind=PartyKind.PHONE, address="0298000000")
    booking.refresh_from_db()
    assert numbers_of(booking) == ["+33612345678"]  # a fixed telephone reads nothing
    address = f"/conciergerie/reunion/{booking.pk}/secours"
    with time_machine.travel(NINE, tick=False), django_capture_on_commit_callbacks():
        assert "+33612345678" in at_the_desk().post(address).content.decode()
        at_the_desk().post(address, {"sure": "1"})
    written = TextMessage.objects.get()
    assert f"https://secours.example/{booking.reference}" in written.text
    settings.SMS_GATEWAY = ""
    assert numbers_of(booking) == []


@pytest.mark.django_db
def test_the_desk_asks_for_a_recording_and_every_side_still_decides(settings: Any, tmp_path: Path) -> None:
    settings.RECORDING, settings.JANUS_RECORDINGS = True, str(tmp_path)
    pool = BridgePool([PooledServer(FakeBridge("a"), "wss://a.example", "secret")])
    booking = make_meeting()
    callac, rennes = parties_of(booking)
    desk, page = at_the_desk(), f"/conciergerie/reunion/{booking.pk}"
    with patch("maillage.conference.services.recordings.configured_pool", lambda: pool):
        assert desk.post(f"{page}/enregistrement", {"act": "ask"}).status_code == 409  # nobody is in
        for party in (callac, rennes):
            enter(party, now=NINE)
        assert "Demander à tous un enregistrement" in desk.get(page).content.decode()
        assert desk.post(f"{page}/enregistrement", {"act": "ask"}).status_code == 302
        assert "on attend Callac, Rennes" in desk.get(page).content.decode()
        conference = booking.conference.pk
        for party, accepts in ((callac, True), (rennes, False)):
            answer_recording(conference_id=conference, party_id=party.pk, accepts=accepts, now=NINE)
        assert "Rennes" in desk.get(page).content.decode().partition("data-recording")[2].partition("</form>")[0]
        assert not RecordingSpan.objects.exists()
        desk.post(f"{page}/enregistrement", {"act": "stop"})
    asked = JournalEntry.objects.get(verb="recording.asked")
    assert (asked.through, asked.agent is not None) == ("agent", True)
    assert JournalEntry.objects.filter(verb="recording.stopped", through="agent").exists()
