"""The pages of a party's link at each moment, without JavaScript; on both databases."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from maillage.booking.models import Booking, BookingStatus, Party
from maillage.conference.models import EndReason, Verdict
from maillage.conference.services import end_meeting, open_conference
from maillage.conference.tests.factories import NINE, make_meeting, parties_of, token_of

pytestmark = pytest.mark.django_db
FRENCH = {"Accept-Language": "fr"}


@pytest.fixture
def bookings() -> list[Booking]:
    return [make_meeting()]


def opened(client: Client, party: Party, at: datetime = NINE, *, until: datetime | None = None) -> tuple[int, str]:
    """Return the status and the text of a party's page at a moment."""
    token = token_of(party, until=until) if until else token_of(party)
    with time_machine.travel(at, tick=False):
        answer = client.get(f"/r/{token}", headers=FRENCH)
    return answer.status_code, answer.content.decode()


@pytest.fixture(autouse=True)
def window(settings: object) -> None:
    settings.DOOR_OPENS_MINUTES = 30  # type: ignore[attr-defined]
    settings.DOOR_CLOSES_MINUTES = 30  # type: ignore[attr-defined]


def test_within_its_window_the_link_opens_the_door(client: Client, bookings: list[Booking]) -> None:
    status, text = opened(client, parties_of(bookings[0])[0], NINE - timedelta(minutes=29))
    assert status == 200
    assert 'id="enter"' in text
    assert "mardi 24" in text


def test_before_it_the_page_says_when_and_with_whom(client: Client, bookings: list[Booking]) -> None:
    status, text = opened(client, parties_of(bookings[0])[0], NINE - timedelta(days=2))
    assert status == 200
    assert "Rennes" in text
    assert bookings[0].reference in text
    assert 'id="enter"' not in text


def test_a_moved_meeting_shows_its_new_date_and_says_that_it_moved(client: Client, bookings: list[Booking]) -> None:
    Booking.objects.update(first_quarter=bookings[0].first_quarter + 96, sequence=1)
    _, text = opened(client, parties_of(bookings[0])[0], NINE - timedelta(days=2))
    assert "mercredi 25" in text
    assert "a été déplacée" in text


@pytest.mark.parametrize(
    ("status", "expected", "sentence"),
    [(BookingStatus.CANCELLED, 410, "a été annulée"), (BookingStatus.HELD, 409, "pas encore confirmée")],
)
def test_a_shut_door_says_why_and_what_to_do(client: Client, status: str, expected: int, sentence: str) -> None:
    code, text = opened(client, parties_of(make_meeting(status=status))[0])
    assert code == expected
    assert sentence in text
    assert "Réserver une réunion" in text


def test_too_late_is_said_too(client: Client, bookings: list[Booking]) -> None:
    code, text = opened(client, parties_of(bookings[0])[0], NINE + timedelta(hours=2))
    assert code == 410
    assert "est passée" in text


def test_a_forged_and_an_expired_link_are_two_plain_pages(client: Client, bookings: list[Booking]) -> None:
    party = parties_of(bookings[0])[0]
    forged = client.get("/r/1.6f000000.forged", headers=FRENCH)
    assert forged.status_code == 404
    expired, text = opened(client, party, NINE, until=NINE - timedelta(days=1))
    assert expired == 410
    assert "link-expired" in text


def test_a_link_of_another_purpose_opens_nothing(client: Client, bookings: list[Booking]) -> None:
    token = token_of(parties_of(bookings[0])[0])
    assert client.get(f"/reunion/{token}").status_code == 404


def test_html_in_a_name_is_text(client: Client) -> None:
    names = ("<script>alert(1)</script>", "Rennes")
    _, text = opened(client, parties_of(make_meeting(names=names))[0])
    assert "<script>alert(1)" not in text


def test_after_the_end_the_two_answers_are_kept_and_may_change(client: Client, bookings: list[Booking]) -> None:
    party = parties_of(bookings[0])[0]
    conference = open_conference(bookings[0].pk)
    with time_machine.travel(NINE, tick=False):
        end_meeting(conference_id=conference.pk, reason=EndReason.ENDED, party_id=party.pk, now=NINE)
        path = f"/r/{token_of(party)}"
        assert client.get(path).headers["Location"] == f"{path}/apres"
        client.post(f"{path}/apres", {"worked": "half", "travel_mode": "train"})
        client.post(f"{path}/apres", {"worked": "well", "travel_mode": ""})
        wrong = client.post(f"{path}/apres", {"worked": "wonderful"})
        again = client.get(f"{path}/apres").content.decode()
    party.refresh_from_db()
    assert party.travel_mode == "train"
    assert Verdict.objects.get().worked == "well"
    assert wrong.status_code == 422
    assert ('data-role="same-again"' in again) == (party.position == 0)


def test_the_line_is_tried_there_and_back_by_the_holder_of_a_link_alone(bookings: list[Booking]) -> None:
    client = Client(enforce_csrf_checks=True)
    path = f"/r/{token_of(parties_of(bookings[0])[0])}/ligne"
    with time_machine.travel(NINE - timedelta(days=1), tick=False):
        given = client.get(path).content
        assert len(given) == 256 * 1024
        assert client.get(path).content != given
        refused = client.post(path, given, content_type="application/octet-stream")
        assert client.get("/r/forged/ligne").status_code == 404
    assert refused.status_code == 403
    with time_machine.travel(NINE - timedelta(days=1), tick=False):
        taken = Client().post(path, given, content_type="application/octet-stream")
    assert taken.content == b"262144"
