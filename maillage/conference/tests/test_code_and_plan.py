"""Coming in by code, and what the organiser prepares; without JavaScript, on both databases."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from maillage.booking.models import Booking, Party, PartyKind
from maillage.booking.selectors.bookings import organiser_token
from maillage.conference.errors import CodeUnknown, MeetingFull
from maillage.conference.models import CodeGuest, Conduct, EntryRule
from maillage.conference.services import dial_code_of, enter_by_code
from maillage.conference.services.guests import MOST_GUESTS, WRONG_CODES
from maillage.conference.tests.factories import NINE, enter, make_meeting, parties_of
from maillage.core.errors import TooMany
from maillage.core.models import JournalEntry

pytestmark = pytest.mark.django_db
FRENCH = {"Accept-Language": "fr"}
KEY = "form-0001"


@pytest.fixture(autouse=True)
def nobody_has_guessed_yet() -> None:
    cache.clear()


@pytest.fixture
def booking() -> Booking:
    return make_meeting()


def typed(client: Client, code: str, *, key: str = KEY, minutes: int = 0, name: str = "Groix") -> tuple[int, str, str]:
    """Return the status, the address led to and the text, for a code typed `minutes` after the start."""
    given = {"code": code, "name": name, "head_count": 2, "request_key": key}
    with time_machine.travel(NINE + timedelta(minutes=minutes), tick=False):
        answer = client.post("/rejoindre/code", given, headers=FRENCH)
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()


def test_the_code_leads_a_guest_to_the_door_as_a_side_of_its_own(client: Client, booking: Booking) -> None:
    code = dial_code_of(booking_id=booking.pk)
    status, door, _text = typed(client, f"{code[:3]} {code[3:]}")
    assert status == 303
    guest = Party.objects.get(booking=booking, name="Groix")
    assert (guest.kind, guest.head_count, guest.position) == (PartyKind.BROWSER, 2, 2)
    with time_machine.travel(NINE, tick=False):
        assert 'id="enter"' in client.get(door, headers=FRENCH).content.decode()
    assert JournalEntry.objects.filter(verb="conference.guest-by-code").count() == 1


def test_the_same_form_sent_twice_makes_one_side(client: Client, booking: Booking) -> None:
    code = dial_code_of(booking_id=booking.pk)
    assert typed(client, code)[1] == typed(client, code)[1]
    assert CodeGuest.objects.count() == 1
    typed(client, code, key="form-0002")
    assert CodeGuest.objects.count() == 2


@pytest.mark.parametrize("minutes", [-60 * 24, 60 * 5])
def test_outside_the_meetings_time_a_code_is_unknown(client: Client, booking: Booking, minutes: int) -> None:
    code = dial_code_of(booking_id=booking.pk)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    early, unknown = typed(client, code, minutes=minutes), typed(client, wrong, minutes=0)
    assert (early[0], unknown[0]) == (404, 404)
    assert "n’ouvre aucune réunion en ce moment" in early[2]
    assert booking.parties.count() == 2


def test_an_address_that_guesses_is_kept_out_even_with_the_right_code(booking: Booking) -> None:
    code = dial_code_of(booking_id=booking.pk)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    guess = {"name": "X", "head_count": 1, "request_key": KEY, "now": NINE}
    for _attempt in range(WRONG_CODES):
        with pytest.raises(CodeUnknown):
            enter_by_code(code=wrong, address="192.0.2.9", **guess)  # type: ignore[arg-type]
    with pytest.raises(TooMany):
        enter_by_code(code=code, address="192.0.2.9", **guess)  # type: ignore[arg-type]
    assert enter_by_code(code=code, address="192.0.2.10", **guess)  # type: ignore[arg-type]


def test_a_meeting_takes_so_many_guests_and_no_more(booking: Booking) -> None:
    code = dial_code_of(booking_id=booking.pk)
    for number in range(MOST_GUESTS):
        enter_by_code(code=code, name="G", head_count=1, request_key=f"form-{number:04}", address="a", now=NINE)
    with pytest.raises(MeetingFull):
        enter_by_code(code=code, name="G", head_count=1, request_key="form-last", address="a", now=NINE)


def test_what_is_not_a_code_is_said_on_the_page_and_html_stays_text(client: Client, booking: Booking) -> None:
    status, _door, text = typed(client, "12 34", name="<script>alert(1)</script>")
    assert status == 422
    assert "Un code a six chiffres" in text
    assert "<script>alert(1)" not in text


def test_six_digits_on_the_join_page_ask_who_comes(client: Client) -> None:
    answer = client.get("/rejoindre", {"code": "482 913"})
    assert answer.headers["Location"] == "/rejoindre/code?code=482913"
    assert 'value="482913"' in client.get(answer.headers["Location"]).content.decode()


def test_the_organiser_prepares_the_agenda_the_door_and_who_will_be_there(client: Client, booking: Booking) -> None:
    callac, rennes = parties_of(booking)
    page = f"/reunion/{organiser_token(booking)}/preparer"
    with time_machine.travel(NINE - timedelta(days=2), tick=False):
        assert "Préparer la réunion" in client.get(page, headers=FRENCH).content.decode()
        given = {
            "entry_rule": "knock",
            "title_0": "Le budget",
            "minutes_0": "20",
            "title_1": " Questions ",
            f"who_{callac.pk}": "la maire et  deux adjoints",
        }
        assert client.post(page, given).status_code == 303
        shown = client.get(page, headers=FRENCH).content.decode()
        wrong = client.post(page, given | {"minutes_0": "9999"})
    conduct = Conduct.objects.get(booking=booking)
    assert conduct.entry_rule == EntryRule.KNOCK
    assert [(item["title"], item["planned_seconds"]) for item in conduct.agenda["items"]] == [
        ("Le budget", 1200),
        ("Questions", 600),
    ]
    assert conduct.introductions == {str(callac.pk): "la maire et deux adjoints"}
    assert 'value="Le budget"' in shown
    assert dial_code_of(booking_id=booking.pk) in shown
    assert wrong.status_code == 422
    assert str(rennes.pk) not in conduct.introductions


def test_preparing_again_during_the_meeting_keeps_what_the_items_took(client: Client, booking: Booking) -> None:
    page = f"/reunion/{organiser_token(booking)}/preparer"
    with time_machine.travel(NINE, tick=False):
        client.post(page, {"entry_rule": "open", "title_0": "Le budget", "minutes_0": "20"})
        enter(parties_of(booking)[0])
        conduct = Conduct.objects.get(booking=booking)
        conduct.agenda = conduct.agenda | {"current": 0, "opened_at": 5.0}
        conduct.save()
        client.post(page, {"entry_rule": "knock", "title_0": "Le budget", "minutes_0": "20"})
        kept = Conduct.objects.get(booking=booking)
        assert (kept.agenda["current"], kept.entry_rule, kept.floor["chair"]) == (0, "knock", parties_of(booking)[0].pk)
        client.post(page, {"entry_rule": "knock"})
    assert Conduct.objects.get(booking=booking).agenda == {}


def test_a_partys_link_prepares_nothing(client: Client, booking: Booking) -> None:
    with time_machine.travel(NINE, tick=False):
        assert client.get("/reunion/1.6f000000.forged/preparer").status_code == 404
