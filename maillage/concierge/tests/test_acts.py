from datetime import timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoCaptureOnCommitCallbacks

from maillage.booking.models import Booking, PartyKind
from maillage.booking.tests.factories import make_booking, make_rooms
from maillage.concierge.services.fallback import numbers_of
from maillage.concierge.tests.factories import at_the_desk
from maillage.conference.models import Attendance, DialOrder
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
