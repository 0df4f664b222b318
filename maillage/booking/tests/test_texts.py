"""What an organiser reads on a telephone, and when: a number is enough to book where text messages are sent."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from maillage.booking.domain.contacts import Contact
from maillage.booking.errors import ContactIncomplete
from maillage.booking.models import LetterKind, LetterRecord
from maillage.booking.selectors.meetings import meeting_of
from maillage.booking.selectors.texts import SAID, text_of
from maillage.booking.services import cancel_booking, move_booking
from maillage.booking.services.letters import STUCK, write_letters, write_missing_letters, write_reminders
from maillage.booking.tests.factories import ANNE, NOW, TOMORROW_10, make_booking, make_hold
from maillage.booking.views.links import book_url
from maillage.core.gsm import message_count, plain
from maillage.core.models import TextMessage
from maillage.core.quarters import moment_of
from maillage.points.tests.factories import make_point, make_room

pytestmark = pytest.mark.django_db
BY_PHONE = Contact(name="Yvon Riou", email="", phone="0612345678", category="craft")
MEETING = moment_of(TOMORROW_10)


@pytest.fixture(autouse=True)
def _a_provider(settings: Settings) -> None:
    settings.SMS_GATEWAY = "maillage.core.sms.HttpSms"
    settings.BASE_URL = "https://visio.exemple.bzh"


def test_a_mobile_number_is_enough_and_its_message_holds_the_page(client: Client) -> None:
    booking = make_booking(contact=BY_PHONE)
    write_letters(booking.pk, LetterKind.CONFIRMATION, now=NOW)
    write_letters(booking.pk, LetterKind.CONFIRMATION, now=NOW)
    message = TextMessage.objects.get()
    assert message.number == BY_PHONE.phone
    assert booking.reference in message.text
    assert "24/11 à 10 h 00" in message.text
    assert not LetterRecord.objects.exists()
    short = urlsplit(message.text.split()[-1]).path
    assert client.get(short).headers["Location"].startswith("/reunion/")


@pytest.mark.parametrize("kind", list(SAID))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_message_is_one_message_even_for_a_long_name(kind: LetterKind, language: str) -> None:
    long = make_room(make_point("Maison de services au public du Kreiz-Breizh et de ses environs", commune="Callac"))
    booking = make_booking([long, make_room(make_point(commune="Rennes"))], contact=BY_PHONE)
    booking.language = language
    booking.save()
    assert message_count(plain(text_of(kind, meeting_of(booking.pk)))) == 1


def test_the_last_reminder_is_a_message_with_the_door_whatever_else_was_given() -> None:
    both = Contact(name="Anne", email=ANNE.email, phone="0612345678", category="association")
    booking = make_booking(contact=both)
    write_letters(booking.pk, LetterKind.CONFIRMATION, now=NOW)
    assert not TextMessage.objects.exists()
    assert write_reminders(MEETING - timedelta(minutes=29)) == 1
    assert write_reminders(MEETING - timedelta(minutes=25)) == 0
    message = TextMessage.objects.get()
    assert message.until == MEETING
    assert "/s/" in message.text
    assert LetterRecord.objects.filter(booking=booking, kind=LetterKind.HALF_HOUR).count() == 1


def test_a_person_without_mail_is_reminded_told_of_changes_and_of_the_end() -> None:
    booking = make_booking(contact=BY_PHONE)
    assert write_reminders(MEETING - timedelta(hours=18)) == 1
    move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 + 16, length=4, now=NOW)
    write_letters(booking.pk, LetterKind.CHANGE, now=NOW)
    cancel_booking(booking_id=booking.pk, cause="organiser", through="link", now=NOW)
    write_letters(booking.pk, LetterKind.CANCELLATION, now=NOW)
    texts = list(TextMessage.objects.order_by("pk").values_list("text", flat=True))
    assert "Demain" in texts[0]
    assert "14 h 00" in texts[1]
    assert "Annul" in texts[-1]
    assert TextMessage.objects.filter(status="waiting").count() == 1


def test_what_a_stopped_process_left_unsaid_is_said() -> None:
    make_booking(contact=BY_PHONE)
    later = NOW + STUCK + timedelta(minutes=2)
    assert write_missing_letters(later) == 1
    assert write_missing_letters(later) == 0


@pytest.mark.parametrize(("phone", "status"), [("06 12 34 56 78", 303), ("02 96 00 00 00", 422), ("", 422)])
def test_the_form_takes_a_mobile_number_alone_but_not_a_landline(client: Client, phone: str, status: int) -> None:
    answers = {"name": "Yvon", "email": "", "phone": phone, "category": "craft", "travel_mode": ""}
    with time_machine.travel(NOW, tick=False):
        assert client.post(book_url(make_hold()), answers).status_code == status


def test_without_a_provider_an_e_mail_is_needed(settings: Settings) -> None:
    settings.SMS_GATEWAY = ""
    with pytest.raises(ContactIncomplete):
        make_booking(contact=BY_PHONE)
