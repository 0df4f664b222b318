"""Mails of a booking, handed to a real SMTP server and read back."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar, Event
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from maillage.booking.domain.contacts import Contact
from maillage.booking.models import Booking, CancelCause, LetterKind, LetterRecord, LetterStatus
from maillage.booking.services import cancel_booking, move_booking
from maillage.booking.services.letters import (
    STUCK,
    WAITS,
    deliver,
    send_due_letters,
    write_letters,
    write_missing_letters,
    write_reminders,
)
from maillage.booking.tests.factories import ANNE, NOW, TOMORROW_10, make_booking, make_hold
from maillage.core.quarters import moment_of
from maillage.points.tests.factories import make_point

pytestmark = pytest.mark.django_db
MEETING = moment_of(TOMORROW_10)


class Postbox:
    """What the server received; `refusal` is what it answers in place of accepting."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refusal = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        if self.refusal:
            return self.refusal
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"

    def to(self, address: str) -> EmailMessage:
        """Return the last letter to `address`."""
        return [letter for letter in self.letters if letter["To"] == address][-1]


@pytest.fixture
def postbox(settings: Settings) -> Iterator[Postbox]:
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 10
    yield box
    server.stop()


def send_all(now: Any = NOW) -> list[LetterStatus]:
    return [deliver(record.pk, now=now) for record in LetterRecord.objects.filter(status=LetterStatus.WAITING)]


def write_and_send(booking: Booking, kind: LetterKind) -> None:
    write_letters(booking.pk, kind, now=NOW)
    send_all()


def event_in(letter: EmailMessage) -> tuple[Calendar, Event]:
    part = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_content())
    assert isinstance(calendar, Calendar)
    assert part.get_param("method") == calendar["method"]
    return calendar, next(iter(calendar.events))


def body_of(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body(preferencelist=(kind,))
    assert part is not None
    return str(part.get_content())


def test_confirming_writes_to_the_organiser_and_to_the_guest_each_with_their_own_link(postbox: Postbox) -> None:
    booking = make_booking()
    write_and_send(booking, LetterKind.CONFIRMATION)
    organiser, guest = body_of(postbox.to(ANNE.email), "plain"), body_of(postbox.to("yann@example.org"), "plain")
    assert len(postbox.letters) == 2
    assert organiser.count("/r/") == 2
    assert "/reunion/" in organiser
    assert guest.count("/r/") == 1
    assert "/reunion/" not in guest
    assert "mardi 24" in organiser.lower()
    assert "Point de Rennes" in guest


def test_subjects_say_who_and_when_in_french_or_english(postbox: Postbox) -> None:
    booking = make_booking()
    write_and_send(booking, LetterKind.CONFIRMATION)
    assert "Anne Le Goff vous invite" in postbox.to("yann@example.org")["Subject"]
    assert booking.reference in postbox.to(ANNE.email)["Subject"]
    Booking.objects.filter(pk=booking.pk).update(language="en")
    write_and_send(booking, LetterKind.DAY_BEFORE)
    assert postbox.to("yann@example.org")["Subject"] == "Tomorrow at 10:00: your meeting with Anne Le Goff"
    assert postbox.to("yann@example.org")["Content-Language"] == "en"


def test_the_html_part_reads_on_a_telephone_and_asks_nothing_of_strangers(postbox: Postbox) -> None:
    write_and_send(make_booking(), LetterKind.CONFIRMATION)
    html = body_of(postbox.to(ANNE.email), "html")
    assert "width=device-width" in html
    assert "Ouvrir mon lien" in html
    assert "<img" not in html
    assert "fonts.googleapis" not in html


def test_html_in_names_is_text_in_every_part(postbox: Postbox) -> None:
    evil = '<img src=x onerror="alert(1)">'
    contact = Contact(
        name=evil, email=ANNE.email, title=f"{evil};,\\", category="association", guests=("yann@example.org",)
    )
    write_and_send(make_booking(contact=contact), LetterKind.CONFIRMATION)
    letter = postbox.to("yann@example.org")
    assert "<img src=x" not in body_of(letter, "html")
    _calendar, event = event_in(letter)
    assert str(event["summary"]) == f"{evil};,\\"
    assert '"' not in event["organizer"].params["CN"]


def test_the_entry_of_a_guest_asks_them_to_answer_the_organiser(postbox: Postbox) -> None:
    booking = make_booking()
    write_and_send(booking, LetterKind.CONFIRMATION)
    calendar, event = event_in(postbox.to("yann@example.org"))
    assert calendar["method"] == "REQUEST"
    assert [str(zone["tzid"]) for zone in calendar.timezones] == ["Europe/Paris"]
    assert str(event["uid"]).startswith(str(booking.pk))
    assert event["sequence"] == 0
    assert str(event["organizer"]) == f"mailto:{ANNE.email}"
    assert str(event["attendee"]) == "mailto:yann@example.org"
    assert event["attendee"].params["RSVP"] == "TRUE"
    assert event.start.isoformat() == "2026-11-24T10:00:00+01:00"
    assert event.end - event.start == timedelta(hours=1)
    assert "Point de Rennes" in str(event["location"])
    assert "/r/" in str(event["url"])
    assert len(event.walk("VALARM")) == 1


def test_a_change_is_the_same_event_with_a_higher_sequence(postbox: Postbox) -> None:
    booking = make_booking()
    write_and_send(booking, LetterKind.CONFIRMATION)
    _calendar, before = event_in(postbox.to("yann@example.org"))
    move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 + 16, length=4, now=NOW)
    write_and_send(booking, LetterKind.CHANGE)
    calendar, after = event_in(postbox.to("yann@example.org"))
    assert calendar["method"] == "REQUEST"
    assert after["uid"] == before["uid"]
    assert after["sequence"] == 1
    assert after.start - before.start == timedelta(hours=4)
    assert "a changé d’heure" in body_of(postbox.to("yann@example.org"), "plain")


def test_a_cancellation_takes_the_event_out_of_calendars(postbox: Postbox) -> None:
    booking = make_booking()
    write_and_send(booking, LetterKind.CONFIRMATION)
    cancel_booking(booking_id=booking.pk, cause=CancelCause.ORGANISER, through="link", now=NOW)
    write_and_send(booking, LetterKind.CANCELLATION)
    calendar, event = event_in(postbox.to("yann@example.org"))
    assert calendar["method"] == "CANCEL"
    assert event["status"] == "CANCELLED"
    assert event["sequence"] == 1
    assert not event.walk("VALARM")
    assert "/r/" not in body_of(postbox.to("yann@example.org"), "plain")


def test_events_of_the_booking_write_by_themselves_once_committed(
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """The worker writes them; here it works at once."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["mail"]}}
    with django_capture_on_commit_callbacks(execute=True):
        booking = make_booking()
    assert set(LetterRecord.objects.values_list("kind", "recipient")) == {
        ("confirmation", ANNE.email),
        ("invitation", "yann@example.org"),
    }
    with django_capture_on_commit_callbacks(execute=True):
        move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 + 16, length=4, now=NOW)
    assert LetterRecord.objects.filter(kind=LetterKind.CHANGE, sequence=1).count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        cancel_booking(booking_id=booking.pk, cause=CancelCause.ORGANISER, through="link", now=NOW)
    assert LetterRecord.objects.filter(kind=LetterKind.CANCELLATION).count() == 2


def test_a_hold_nobody_confirmed_writes_to_nobody(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        held = make_hold()
        cancel_booking(booking_id=held.pk, cause=CancelCause.ORGANISER, through="link", now=NOW)
    assert not LetterRecord.objects.exists()


def test_writing_twice_sends_once(postbox: Postbox) -> None:
    booking = make_booking()
    write_and_send(booking, LetterKind.CONFIRMATION)
    write_and_send(booking, LetterKind.CONFIRMATION)
    for record in LetterRecord.objects.all():
        deliver(record.pk, now=NOW)
    assert len(postbox.letters) == 2


def test_the_address_of_a_demonstration_point_is_never_written_to(postbox: Postbox) -> None:
    make_point("Mairie réelle", commune="Brest", email="Accueil@mairie.example", is_demonstration=True)
    contact = Contact(name="Anne", email=ANNE.email, category="association", guests=("accueil@mairie.example",))
    write_and_send(make_booking(contact=contact), LetterKind.CONFIRMATION)
    assert [letter["To"] for letter in postbox.letters] == [ANNE.email]
    assert LetterRecord.objects.get(recipient="accueil@mairie.example").status == LetterStatus.WITHHELD


def test_one_address_for_both_sides_receives_one_letter(postbox: Postbox) -> None:
    contact = Contact(name="Anne", email=ANNE.email, category="association", guests=(ANNE.email.upper(),))
    write_and_send(make_booking(contact=contact), LetterKind.CONFIRMATION)
    assert len(postbox.letters) == 1


def test_a_refused_letter_is_tried_again_later_and_in_the_end_given_up(postbox: Postbox) -> None:
    write_letters(make_booking().pk, LetterKind.CONFIRMATION, now=NOW)
    postbox.refusal = "451 try later"
    now = NOW
    record = LetterRecord.objects.filter(recipient=ANNE.email).get()
    for wait in WAITS:
        assert deliver(record.pk, now=now) == LetterStatus.WAITING
        record.refresh_from_db()
        assert record.due_at == now + wait
        assert "451" in record.failure
        now += wait
    assert deliver(record.pk, now=now) == LetterStatus.FAILED
    record.refresh_from_db()
    assert record.attempts == len(WAITS) + 1
    assert not postbox.letters


def test_a_letter_refused_once_leaves_at_the_next_round(postbox: Postbox) -> None:
    write_letters(make_booking().pk, LetterKind.CONFIRMATION, now=NOW)
    postbox.refusal = "451 try later"
    send_all()
    postbox.refusal = ""
    assert send_due_letters(NOW) == 0
    later = NOW + WAITS[0]
    assert send_due_letters(later) == 2
    assert send_all(later) == [LetterStatus.SENT, LetterStatus.SENT]
    first, second = (letter["Message-ID"] for letter in postbox.letters)
    assert first != second


def test_without_a_server_nothing_breaks_and_the_letter_waits(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 2
    write_letters(make_booking().pk, LetterKind.CONFIRMATION, now=NOW)
    assert set(send_all()) == {LetterStatus.WAITING}
    assert LetterRecord.objects.exclude(failure="").count() == 2


def test_reminders_leave_the_day_before_and_half_an_hour_before_once_each(postbox: Postbox) -> None:
    booking = make_booking(now=NOW - timedelta(days=5))
    assert write_reminders(MEETING - timedelta(hours=25)) == 0
    for minutes in (1440, 1435, 1430):
        write_reminders(MEETING - timedelta(minutes=minutes))
    for minutes in (45, 30, 25, 20):
        write_reminders(MEETING - timedelta(minutes=minutes))
    assert sorted(LetterRecord.objects.filter(booking=booking).values_list("kind", flat=True)) == [
        "day-before",
        "day-before",
        "half-hour",
        "half-hour",
    ]
    send_all()
    assert len(postbox.letters) == 4
    assert "c’est demain" in body_of(postbox.letters[0], "plain")
    assert not [part for part in postbox.letters[0].walk() if part.get_content_type() == "text/calendar"]


def test_a_moved_meeting_is_reminded_of_at_its_new_hour(postbox: Postbox) -> None:
    booking = make_booking(now=NOW - timedelta(days=5))
    write_reminders(MEETING - timedelta(hours=24))
    move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 + 96, length=4, now=NOW)
    write_reminders(MEETING)
    send_all()
    assert LetterRecord.objects.filter(kind=LetterKind.DAY_BEFORE, sequence=1).count() == 2
    assert LetterRecord.objects.filter(sequence=0, status=LetterStatus.WITHHELD).count() == 2


def test_a_meeting_booked_a_moment_ago_or_cancelled_is_not_reminded_of() -> None:
    make_booking(now=MEETING - timedelta(minutes=40))
    assert write_reminders(MEETING - timedelta(minutes=30)) == 0
    Booking.objects.all().delete()
    booking = make_booking(now=NOW - timedelta(days=5), contact=ANNE)
    cancel_booking(booking_id=booking.pk, cause=CancelCause.ORGANISER, through="link", now=NOW)
    assert write_reminders(MEETING - timedelta(hours=24)) == 0


def test_what_a_stopped_worker_left_is_sent_but_a_reminder_never_twice(postbox: Postbox) -> None:
    booking = make_booking()
    write_letters(booking.pk, LetterKind.CONFIRMATION, now=NOW)
    write_letters(booking.pk, LetterKind.DAY_BEFORE, now=NOW)
    LetterRecord.objects.update(status=LetterStatus.SENDING, tried_at=NOW)
    assert send_due_letters(NOW + STUCK / 2) == 0
    send_due_letters(NOW + STUCK + timedelta(minutes=1))
    send_all()
    statuses = dict(LetterRecord.objects.filter(recipient=ANNE.email).values_list("kind", "status"))
    assert statuses == {"confirmation": "sent", "day-before": "failed"}


def test_the_queries_of_writing_do_not_grow_with_the_readers(django_assert_max_num_queries: Any) -> None:
    booking = make_booking()
    with django_assert_max_num_queries(10) as seen:
        write_letters(booking.pk, LetterKind.CONFIRMATION, now=NOW)
    assert isinstance(seen, CaptureQueriesContext)


def test_letters_that_a_stopped_process_never_wrote_are_written(postbox: Postbox) -> None:
    booking = make_booking()
    assert write_missing_letters(NOW + STUCK / 2) == 0
    later = NOW + STUCK + timedelta(minutes=2)
    assert write_missing_letters(later) == 1
    assert write_missing_letters(later) == 0
    move_booking(booking_id=booking.pk, first_quarter=TOMORROW_10 + 16, length=4, now=later)
    assert write_missing_letters(later) == 1
    send_all(later)
    assert {record.kind for record in LetterRecord.objects.filter(sequence=1)} == {"change"}
    assert {record.status for record in LetterRecord.objects.filter(sequence=0)} == {"withheld"}


def test_a_server_that_hangs_up_is_a_refusal_like_another(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang_up(*_args: object) -> None:
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr("maillage.booking.services.letters.send_letter", hang_up)
    write_letters(make_booking().pk, LetterKind.CONFIRMATION, now=NOW)
    assert set(send_all()) == {LetterStatus.WAITING}
