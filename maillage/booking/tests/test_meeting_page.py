"""« Ma réunion »: what it shows, moving, cancelling, the sheet and the calendar entry."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core import signing
from django.test import Client
from icalendar import Calendar

from maillage.booking.models import Booking, BookingStatus, CancelCause, Occupancy
from maillage.booking.selectors import organiser_token
from maillage.booking.services import complete_booking
from maillage.booking.tests.factories import NOW, TOMORROW_10, make_booking, make_hold, make_rooms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
FRENCH = {"accept-language": "fr"}


def page_of(booking: Booking) -> str:
    return f"/reunion/{organiser_token(booking)}"


def test_the_page_holds_everything_about_the_meeting(client: Client) -> None:
    booking = make_booking()
    page = unescape(client.get(page_of(booking), headers=FRENCH).content.decode())
    for expected in ("Mardi 24", "Préparer la fête", "Callac, Rennes", booking.reference, "Point de Rennes"):
        assert expected in page
    assert page.count('data-role="party-link"') == 2
    for act in (
        "Ajouter à mon agenda",
        "Changer l’heure",
        "Annuler cette réunion",
        "Refaire la même, ",
    ):
        assert act in page


def test_the_page_says_that_it_is_booked_only_at_first(client: Client) -> None:
    booking = make_booking()
    assert "C’est réservé." in client.get(page_of(booking), headers=FRENCH).content.decode()
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert "C’est réservé." not in client.get(page_of(booking), headers=FRENCH).content.decode()


def test_moving_proposes_hours_of_the_same_rooms_and_takes_one(client: Client) -> None:
    booking = make_booking()
    url = f"{page_of(booking)}/changer"
    page = client.get(url, headers=FRENCH).content.decode()
    choices = [unescape(found) for found in re.findall(r'name="choice" value="([^"]+)"', page)]
    rooms = {party.room_id for party in booking.parties.all()}
    answer = client.post(url, {"choice": choices[0]})
    booking.refresh_from_db()
    assert answer.status_code == 303
    assert booking.first_quarter != TOMORROW_10
    assert booking.sequence == 1
    assert {party.room_id for party in booking.parties.all()} == rooms
    client.post(url, {"choice": choices[0]})
    booking.refresh_from_db()
    assert booking.sequence == 1


def test_moving_to_an_hour_taken_meanwhile_is_refused_and_changes_nothing(client: Client) -> None:
    rooms = make_rooms()
    booking = make_booking(rooms)
    url = f"{page_of(booking)}/changer"
    choice = unescape(re.findall(r'name="choice" value="([^"]+)"', client.get(url).content.decode())[0])
    _booking_id, wanted, _length = signing.loads(choice, salt="booking:move")
    make_hold(rooms, first_quarter=wanted, request_key="faster-than-you")
    answer = client.post(url, {"choice": choice}, headers=FRENCH)
    booking.refresh_from_db()
    assert answer.status_code == 409
    assert "Déjà réservé" in answer.content.decode()
    assert booking.first_quarter == TOMORROW_10
    assert booking.sequence == 0


def test_a_choice_of_another_meeting_moves_nothing(client: Client) -> None:
    mine = make_booking(make_rooms("Callac", "Rennes"))
    other = make_booking(make_rooms("Brest", "Quimper"))
    page = client.get(f"{page_of(other)}/changer").content.decode()
    choice = unescape(re.findall(r'name="choice" value="([^"]+)"', page)[0])
    assert client.post(f"{page_of(mine)}/changer", {"choice": choice}).status_code == 422


@pytest.mark.parametrize("choice", ["", "x", "WzFd:1abc:zz"])
def test_a_forged_choice_moves_nothing(client: Client, choice: str) -> None:
    booking = make_booking()
    assert client.post(f"{page_of(booking)}/changer", {"choice": choice}).status_code == 422
    booking.refresh_from_db()
    assert booking.first_quarter == TOMORROW_10


@pytest.mark.parametrize(
    "asked", [{"when": "date", "day": "2020-01-01"}, {"when": "never"}, {"when": "date", "day": "2026-13-45"}]
)
def test_a_window_that_cannot_be_is_said_on_its_field(client: Client, asked: dict[str, str]) -> None:
    answer = client.get(f"{page_of(make_booking())}/changer", {**asked, "part": "any"}, headers=FRENCH)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_opening_the_cancel_page_cancels_nothing(client: Client) -> None:
    booking = make_booking()
    page = client.get(f"{page_of(booking)}/annuler", headers=FRENCH)
    booking.refresh_from_db()
    assert page.status_code == 200
    assert booking.status == BookingStatus.CONFIRMED


def test_cancelling_keeps_the_cause_and_frees_the_rooms(client: Client) -> None:
    booking = make_booking()
    url = f"{page_of(booking)}/annuler"
    first, second = client.post(url, {"cause": "no-counterpart"}), client.post(url, {"cause": "other"})
    booking.refresh_from_db()
    assert (first.status_code, second.status_code) == (303, 303)
    assert booking.cancel_cause == CancelCause.NO_COUNTERPART
    assert not Occupancy.objects.exists()
    page = client.get(page_of(booking), headers=FRENCH).content.decode()
    assert "n’aura pas lieu" in page
    assert "Annuler cette réunion" not in page


@pytest.mark.parametrize("cause", ["", "hold-expired", "boredom"])
def test_a_cause_that_is_not_offered_cancels_nothing(client: Client, cause: str) -> None:
    booking = make_booking()
    assert client.post(f"{page_of(booking)}/annuler", {"cause": cause}).status_code == 422
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED


def test_a_meeting_that_took_place_can_only_be_done_again(client: Client) -> None:
    booking = make_booking()
    later = NOW + timedelta(days=2)
    with time_machine.travel(later, tick=False):
        complete_booking(booking_id=booking.pk, now=later)
        page = client.get(page_of(booking), headers=FRENCH).content.decode()
        assert client.get(f"{page_of(booking)}/changer").status_code == 303
    assert "Elle a eu lieu" in page
    assert "Changer l’heure" not in page
    assert "Refaire la même, " in page


def test_each_party_has_its_sheet_with_its_own_link(client: Client) -> None:
    booking = make_booking()
    sheets = [client.get(f"{page_of(booking)}/fiche/{place}", headers=FRENCH) for place in (0, 1)]
    pages = [sheet.content.decode() for sheet in sheets]
    assert "Point de Callac" in pages[0]
    assert "Point de Rennes" in pages[1]
    assert booking.reference in pages[1]
    assert "<svg" in pages[1]
    links = [re.findall(r"https?://[^<\s]+/r/[^<\s]+", page)[0] for page in pages]
    assert links[0] != links[1]
    assert client.get(f"{page_of(booking)}/fiche/7").status_code == 404


def test_the_calendar_entry_downloads_with_its_time_zone(client: Client) -> None:
    booking = make_booking()
    answer = client.get(f"{page_of(booking)}/agenda.ics")
    calendar = Calendar.from_ical(answer.content)
    assert isinstance(calendar, Calendar)
    event = calendar.events[0]
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert booking.reference in answer.headers["Content-Disposition"]
    assert calendar["method"] == "PUBLISH"
    assert event.start.isoformat() == "2026-11-24T10:00:00+01:00"
    assert calendar.walk("VTIMEZONE")[0]["tzid"] == "Europe/Paris"


@pytest.mark.parametrize("page", ["", "/changer", "/annuler", "/agenda.ics", "/fiche/0"])
@pytest.mark.parametrize("token", ["x", "a.b.c", "%00"])
def test_a_forged_link_opens_no_page(client: Client, page: str, token: str) -> None:
    make_booking()
    assert client.get(f"/reunion/{token}{page}").status_code == 404


def test_the_page_stays_out_of_caches_and_search_engines(client: Client) -> None:
    answer = client.get(page_of(make_booking()))
    assert "no-store" in answer.headers["Cache-Control"]
    assert "noindex" in answer.content.decode()
