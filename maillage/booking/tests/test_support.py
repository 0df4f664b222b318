"""Help at the start, a first session with somebody beside one, and what it costs when the desk is on call."""

from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine
from django.core import mail
from django.test import Client

from maillage.accounts.models import User
from maillage.actors.models import Part, Role
from maillage.booking.domain.contacts import Contact
from maillage.booking.domain.support import Desk, Presence, Support, support_during
from maillage.booking.errors.support import NobodyToHelp
from maillage.booking.models import Booking, DeskHours, LetterKind, LetterRecord
from maillage.booking.services import cancel_booking, deliver, move_booking, write_letters
from maillage.booking.tests.factories import ANNE, NOW, TOMORROW_10, make_booking, make_hold, make_rooms
from maillage.booking.views.links import book_url
from maillage.core.quarters import quarter_at

OFFICE = Desk("Mo-Fr 09:00-17:00", "Mo-Sa 07:00-22:00", 4500, "Europe/Paris")
TEN = quarter_at(datetime(2026, 11, 24, 9, tzinfo=UTC))
ANSWERS = {"name": "Anne", "email": "anne@example.org", "category": "association", "travel_mode": ""}
FIRST = Contact(name="Anne Le Goff", email=ANNE.email, phone="0296000000", category="association", is_accompanied=True)


@pytest.mark.parametrize(
    ("first", "length", "support"),
    [
        (TEN, 4, Support(Presence.PRESENT, 0)),
        (TEN + 26, 8, Support(Presence.ON_CALL, 4500)),
        (TEN + 60, 4, Support(Presence.NOBODY, 0)),
    ],
)
def test_help_is_there_on_call_for_its_fee_or_not_at_all(first: int, length: int, support: Support) -> None:
    assert support_during([OFFICE], first, length) == support


def test_a_network_without_a_desk_is_helped_by_its_facilitators_and_unreadable_hours_promise_nobody() -> None:
    assert support_during([], TEN + 60, 4) == Support()
    assert not support_during([Desk("when I can", "", 0, "Europe/Paris")], TEN, 4).is_possible


def make_desk(hours: str = "Mo-Fr 14:00-17:00", on_call: str = "Mo-Fr 09:00-19:00", fee: int = 4500) -> DeskHours:
    return DeskHours.objects.create(
        name="Conciergerie", hours=hours, on_call_hours=on_call, on_call_fee_cents=fee, since=date(2020, 1, 1)
    )


@pytest.mark.django_db
def test_the_fee_is_said_in_the_form_and_frozen_in_the_booking(client: Client) -> None:
    make_desk()
    booking = make_hold()
    with time_machine.travel(NOW, tick=False):
        page = unescape(client.get(book_url(booking), headers={"accept-language": "fr"}).content.decode())
        assert "45\u202f€" in page
        assert client.post(book_url(booking), {**ANSWERS, "wants_help": "on-4500"}).status_code == 303
    booking.refresh_from_db()
    assert (booking.wants_help, booking.is_accompanied, booking.support_cents) == (True, False, 4500)
    for record in write_letters(booking.pk, LetterKind.CONFIRMATION, now=NOW):
        deliver(record.pk, now=NOW)
    letters = {letter.to[0]: letter for letter in mail.outbox}
    mine = letters.pop("anne@example.org")
    assert "45\u202f€, demandés par" in mine.body
    assert not any("45\u202f€" in letter.body for letter in letters.values())
    DeskHours.objects.update(on_call_fee_cents=9900)
    booking.refresh_from_db()
    assert booking.support_cents == 4500


@pytest.mark.django_db
def test_a_fee_that_changed_meanwhile_is_shown_before_anything_is_booked(client: Client) -> None:
    make_desk(fee=6000)
    booking = make_hold()
    with time_machine.travel(NOW, tick=False):
        answer = client.post(book_url(booking), {**ANSWERS, "wants_help": "on-4500"})
    booking.refresh_from_db()
    assert answer.status_code == 422
    assert "60" in answer.content.decode()
    assert booking.status == "held"


@pytest.mark.django_db
def test_when_nobody_answers_help_is_not_offered_nor_taken(client: Client) -> None:
    make_desk(hours="Mo-Fr 14:00-17:00", on_call="")
    booking = make_hold()
    with time_machine.travel(NOW, tick=False):
        page = unescape(client.get(book_url(booking), headers={"accept-language": "fr"}).content.decode())
        assert "Personne ne peut vous aider à cette heure" in page
        assert client.post(book_url(booking), {**ANSWERS, "wants_help": "on"}).status_code == 422
    with pytest.raises(NobodyToHelp):
        make_booking(make_rooms("Brest", "Vannes"), contact=FIRST)


@pytest.mark.django_db
def test_moving_to_an_hour_on_call_brings_its_fee() -> None:
    make_desk(hours="Mo-Fr 09:00-12:00", on_call="Mo-Fr 12:00-19:00")
    booking = make_booking(contact=FIRST)
    assert booking.support_cents == 0
    moved = move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 + 16, length=4, now=NOW)
    assert moved.support_cents == 4500


@pytest.mark.django_db
def test_a_first_session_is_asked_of_the_facilitators_of_the_place_and_called_off() -> None:
    rooms = make_rooms()
    facilitator = User.objects.create_user("yann@mairie.example", full_name="Yann")
    Role.objects.create(user=facilitator, organisation=rooms[0].point.host, part=Part.FACILITATOR)
    booking = make_booking(rooms, contact=FIRST)
    for record in write_letters(booking.pk, LetterKind.COMPANION, now=NOW):
        deliver(record.pk, now=NOW)
    cancel_booking(booking_id=booking.pk, cause="organiser", through="link", now=NOW)
    for record in write_letters(booking.pk, LetterKind.NO_COMPANION, now=NOW):
        deliver(record.pk, now=NOW)
    asked, freed = mail.outbox
    assert asked.to == freed.to == ["yann@mairie.example"]
    assert "première fois" in asked.body
    assert "Anne Le Goff" in asked.body
    assert "est annulée" in freed.body
    assert LetterRecord.objects.filter(recipient="yann@mairie.example").count() == 2


@pytest.mark.django_db
def test_an_accompanied_booking_wants_help_and_says_so() -> None:
    booking = Booking.objects.get(pk=make_booking(contact=FIRST).pk)
    assert booking.wants_help
    assert booking.is_accompanied
