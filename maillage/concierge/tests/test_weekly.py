from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from pytest_django import DjangoCaptureOnCommitCallbacks

from maillage.booking.tests.factories import make_rooms
from maillage.concierge.models import Cause, DeskHours, Owner
from maillage.concierge.selectors import rooms_without_screen
from maillage.concierge.services import open_ticket, send_weekly_list
from maillage.concierge.services.tickets import About
from maillage.concierge.services.weekly import desk_addresses, send_list
from maillage.concierge.tests.factories import make_operator
from maillage.station.models import Station
from maillage.station.tests.factories import make_station

MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
"""7:00 in Paris."""
Commits = DjangoCaptureOnCommitCallbacks


@pytest.mark.django_db
def test_the_list_leaves_once_on_monday_from_seven(django_capture_on_commit_callbacks: Commits) -> None:
    make_operator()
    with django_capture_on_commit_callbacks() as leaving:
        assert send_weekly_list(MONDAY - timedelta(minutes=1)) == 0
        assert send_weekly_list(MONDAY + timedelta(days=1)) == 0
        assert send_weekly_list(MONDAY + timedelta(hours=3)) == 1
        assert send_weekly_list(MONDAY + timedelta(hours=4)) == 0
        assert send_weekly_list(MONDAY + timedelta(days=7)) == 1
    assert len(leaving) == 2


@pytest.mark.django_db
def test_it_goes_to_the_desk_in_charge_and_else_to_its_operators() -> None:
    make_operator()
    assert desk_addresses(MONDAY) == ["concierge@example.fr"]
    DeskHours.objects.create(
        name="Ancien", hours="24/7", email="ancien@example.fr", since=date(2020, 1, 1), until=date(2025, 12, 31)
    )
    DeskHours.objects.create(name="Brest", hours="24/7", email="brest@example.fr", since=date(2026, 1, 1))
    assert desk_addresses(MONDAY) == ["brest@example.fr"]


@pytest.mark.django_db
def test_it_names_the_silent_the_untested_the_outdated_and_the_old_problems() -> None:
    station, _key = make_station(now=MONDAY)
    Station.objects.update(version="0.0.1", last_seen_at=MONDAY - timedelta(days=3))
    open_ticket(
        about=About(room_id=station.room_id),
        cause=Cause.LINE,
        owner=Owner.NETWORK,
        note="",
        now=MONDAY - timedelta(days=3),
    )
    with time_machine.travel(MONDAY, tick=False):
        send_list.call("desk@example.fr")
    letter = mail.outbox[0]
    assert letter.subject == "Salles à regarder cette semaine\xa0: 3"
    for words in (
        "Silencieux",
        "(0.0.1)",
        "Pas d’essai depuis un mois, ou jamais",
        "opérateur du réseau",
        "/conciergerie/postes",
    ):
        assert words in letter.body, letter.body
    assert letter.body.count(str(station.room)) == 4
    assert "sans écran" not in letter.body


@pytest.mark.django_db
def test_it_names_the_first_rooms_that_no_screen_watches() -> None:
    rooms = make_rooms("Callac", "Rennes", "Quimper")
    make_station(now=MONDAY, room=rooms[0])
    withheld = rooms[2]
    withheld.withheld_since = MONDAY
    withheld.save()
    assert rooms_without_screen() == [rooms[1]]
    Station.objects.update(state="revoked")
    assert rooms_without_screen() == [rooms[0], rooms[1]]
    with time_machine.travel(MONDAY, tick=False):
        send_list.call("desk@example.fr")
    assert "2 salles sans écran" in mail.outbox[0].body
    assert f"- {rooms[1]}" in mail.outbox[0].body
