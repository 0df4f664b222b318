"""Letters that come back: refused by a real SMTP server, or told later by a report; hostile reports change nothing."""

import io
import socket
import sys
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from maillage.booking.domain.bounces import MOST_BYTES, NotABounce, is_for_good, read_bounce
from maillage.booking.errors.bounces import AddressWrong, BounceRefused
from maillage.booking.gateways.mail import letter_of_token, letter_token
from maillage.booking.models import DeadAddress, LetterKind, LetterRecord, LetterStatus
from maillage.booking.selectors.bookings import organiser_token
from maillage.booking.services.bounces import correct_address, read_bounces, take_report
from maillage.booking.services.letters import deliver, write_letters
from maillage.booking.tests.factories import NOW, make_booking
from maillage.booking.tests.test_planning import agent
from maillage.core.models import JournalEntry
from maillage.points.tests.factories import make_point, make_room

WORKER = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["mail", "default"]}}
LATER = NOW + timedelta(minutes=5)


class Post:
    """A mail server that refuses some addresses."""

    def __init__(self) -> None:
        self.refused: dict[str, str] = {}
        self.letters: list[tuple[str, str, bytes]] = []

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append((envelope.mail_from, envelope.rcpt_tos[0], envelope.content))
        return "250 OK"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    box = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.BOUNCES_TO = "retours@visio.example"
    yield box
    controller.stop()


def report(
    letter: LetterRecord, *, recipient: str = "", token: str = "", action: str = "failed", status: str = "5.1.1"
) -> bytes:
    """A delivery status notification about a letter, as Postfix writes it."""
    message = MIMEMultipart("report", report_type="delivery-status")
    message["From"], message["To"] = "MAILER-DAEMON@mx.example", "retours@visio.example"
    message.attach(MIMEText("I'm sorry to have to inform you…"))
    status_part = MIMEBase("message", "delivery-status")
    about = EmailMessage()
    about["Final-Recipient"] = f"rfc822; {recipient or letter.recipient}"
    about["Action"], about["Status"] = action, status
    about["Diagnostic-Code"] = "smtp; 550 5.1.1 User unknown"
    server = EmailMessage()
    server["Reporting-MTA"] = "dns; mx.example"
    status_part.set_payload([server, about])
    message.attach(status_part)
    returned = MIMEBase("text", "rfc822-headers")
    returned.set_payload(f"X-Maillage-Letter: {token or letter_token(letter.pk)}\nSubject: Booked\n\n")
    message.attach(returned)
    return message.as_bytes()


def sent_letter() -> LetterRecord:
    """The confirmation of a booking, sent to its organiser."""
    booking = make_booking()
    write_letters(booking.pk, LetterKind.CONFIRMATION, now=LATER)
    LetterRecord.objects.update(status=LetterStatus.SENT, sent_at=LATER)
    return LetterRecord.objects.get(recipient="anne@example.org")


@pytest.mark.django_db
def test_an_address_refused_for_good_is_flagged_and_written_to_no_more(post: Post) -> None:
    booking = make_booking()
    post.refused["anne@example.org"] = "550 5.1.1 No such user"
    for letter in write_letters(booking.pk, LetterKind.CONFIRMATION, now=LATER):
        deliver(letter.pk, now=LATER)
    states = dict(LetterRecord.objects.values_list("recipient", "status"))
    assert states == {"anne@example.org": LetterStatus.BOUNCED, "yann@example.org": LetterStatus.SENT}
    assert DeadAddress.objects.get().reason == "5.1.1 No such user"
    post.refused.clear()
    for letter in write_letters(booking.pk, LetterKind.DAY_BEFORE, now=LATER):
        deliver(letter.pk, now=LATER)
    assert [to for _sender, to, _content in post.letters] == ["yann@example.org", "yann@example.org"]
    sender, _to, content = post.letters[0]
    token = sender.partition("+")[2].partition("@")[0]
    assert letter_of_token(token) == LetterRecord.objects.get(recipient="yann@example.org", kind="invitation").pk
    assert f"X-Maillage-Letter: {token}".encode() in content
    assert not JournalEntry.objects.filter(details__icontains="anne@").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["450 4.2.2 Mailbox full", "550 5.7.1 Blocked by policy", "554 5.3.0 Try elsewhere"])
def test_what_is_not_the_fault_of_the_address_is_tried_again(post: Post, answer: str) -> None:
    booking = make_booking()
    post.refused["anne@example.org"] = answer
    letter = write_letters(booking.pk, LetterKind.CONFIRMATION, now=LATER)[0]
    assert deliver(letter.pk, now=LATER) == LetterStatus.WAITING
    assert not DeadAddress.objects.exists()


@pytest.mark.django_db
def test_a_report_marks_its_letter_once() -> None:
    letter = sent_letter()
    for _time in range(2):
        assert take_report(report(letter), now=LATER).pk == letter.pk
    letter.refresh_from_db()
    assert (letter.status, letter.failure) == (LetterStatus.BOUNCED, "5.1.1 550 5.1.1 User unknown")
    assert DeadAddress.objects.get().address == "anne@example.org"
    assert JournalEntry.objects.filter(verb="letter.bounced").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "hostile",
    [
        {"token": "1.0123456789abcdef01234567"},
        {"token": "999999999999999999.0123456789abcdef01234567"},
        {"recipient": "mayor@example.org"},
        {"action": "delayed", "status": "4.4.1"},
        {"action": "delivered", "status": "2.0.0"},
        {"status": "5.7.1"},
        {"recipient": "<>"},
    ],
)
def test_a_hostile_or_harmless_report_changes_nothing(hostile: dict[str, str]) -> None:
    letter = sent_letter()
    with pytest.raises(BounceRefused):
        take_report(report(letter, **hostile), now=LATER)
    assert not DeadAddress.objects.exists()
    letter.refresh_from_db()
    assert letter.status == LetterStatus.SENT


@pytest.mark.django_db
def test_a_giant_and_a_letter_that_is_no_report_change_nothing() -> None:
    letter = sent_letter()
    whole = report(letter)
    for content in (whole + b"x" * MOST_BYTES, b"", b"Subject: hello\n\nI am on holiday", whole[: len(whole) // 3]):
        with pytest.raises(BounceRefused):
            take_report(content, now=LATER)
    assert not DeadAddress.objects.exists()


@given(st.binary(max_size=400), st.integers(0, 4000))
def test_rubbish_in_a_report_is_refused_and_never_breaks(rubbish: bytes, at: int) -> None:
    whole = report(LetterRecord(pk=7, recipient="anne@example.org"))
    cut = at % len(whole)
    for content in (rubbish, whole[:cut] + rubbish + whole[cut:]):
        try:
            assert "@" in read_bounce(content).recipient
        except NotABounce:
            continue


@pytest.mark.parametrize(
    ("code", "said", "dead"),
    [(550, "5.1.1 unknown", True), (550, "no such user", True), (552, "5.2.2 full", True), (550, "5.7.1 spam", False)],
)
def test_only_what_a_server_says_of_the_address_is_for_good(code: int, said: str, dead: bool) -> None:
    assert is_for_good(code, said) is dead
    assert not is_for_good(code - 100, said)


@pytest.mark.django_db
def test_reports_are_read_from_a_pipe_a_maildir_and_an_mbox(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = sent_letter()
    for folder in ("new", "cur", "tmp"):
        (tmp_path / "box" / folder).mkdir(parents=True)
    (tmp_path / "box" / "new" / "1.report").write_bytes(report(letter))
    (tmp_path / "box" / "new" / "2.holiday").write_bytes(b"Subject: away\n\nBack on Monday")
    settings.BOUNCES_MAILDIR = str(tmp_path / "box")
    assert read_bounces(LATER) == 1
    assert read_bounces(LATER) == 0
    assert len(list((tmp_path / "box" / "cur").iterdir())) == 2
    (tmp_path / "reports").write_bytes(b"From x Mon Nov 23 08:00:00 2026\n" + report(letter) + b"\n")
    call_command("bounces", mbox=tmp_path / "reports")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(report(letter))))
    call_command("bounces")
    assert capsys.readouterr().out == "1 letter(s) came back\n1 letter(s) came back\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"hello")))
    with pytest.raises(CommandError, match="bounce-refused"):
        call_command("bounces")


@pytest.mark.django_db
def test_the_point_is_told_and_the_organiser_corrects_on_their_page(
    client: Client,
    post: Post,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.TASKS = WORKER
    callac = make_room(make_point(commune="Callac", email="accueil@callac.example"))
    post.refused["anne@example.org"] = "550 5.1.1 No such user"
    with django_capture_on_commit_callbacks(execute=True):
        booking = make_booking([callac, make_room(make_point(commune="Rennes"))])
    assert sorted(to for _sender, to, _content in post.letters) == ["accueil@callac.example", "yann@example.org"]
    agent(client, callac)
    french = {"accept-language": "fr"}
    assert "1 organisateur à joindre par téléphone" in unescape(
        client.get("/planning", headers=french).content.decode()
    )
    listed = unescape(client.get("/planning/a-joindre", headers=french).content.decode())
    assert "Anne Le Goff" in listed
    client.logout()
    page = f"/reunion/{organiser_token(booking)}"
    assert "anne@example.org" in client.get(page, headers=french).content.decode()
    for wrong in ("", "anne@", "x" * 300 + "@example.org"):
        assert client.post(f"{page}/adresse/0", {"side0-email": wrong}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{page}/adresse/0", {"side0-email": "anne.legoff@example.org"}).status_code == 303
    assert post.letters[-1][1] == "anne.legoff@example.org"
    assert "reviennent" not in unescape(client.get(page, headers=french).content.decode())
    booking.refresh_from_db()
    assert booking.organiser_email == "anne.legoff@example.org"


@pytest.mark.django_db
def test_an_agent_who_called_corrects_it_and_strangers_do_not(client: Client) -> None:
    letter = sent_letter()
    take_report(report(letter), now=LATER)
    booking = letter.booking
    agent(client, make_room(make_point("Ailleurs", commune="Saint-Brieuc")))
    assert client.post(f"/planning/a-joindre/{booking.pk}", {"side0-email": "a@example.org"}).status_code == 404
    room = booking.parties.get(position=0).room
    assert room is not None
    agent(client, room)
    assert client.post(f"/planning/a-joindre/{booking.pk}", {"side0-email": "anne2@example.org"}).status_code == 303
    letter.refresh_from_db()
    assert (letter.status, letter.recipient) == (LetterStatus.WAITING, "anne2@example.org")


@pytest.mark.django_db
def test_the_same_address_again_is_tried_once_more_and_a_wrong_one_is_refused() -> None:
    letter = sent_letter()
    take_report(report(letter), now=LATER)
    asked: dict[str, Any] = {"booking_id": letter.booking_id, "now": LATER}
    assert correct_address(position=0, email="anne@example.org", **asked) == 1
    assert not DeadAddress.objects.exists()
    for position, email in ((0, "anne"), (9, "anne@example.org")):
        with pytest.raises(AddressWrong):
            correct_address(position=position, email=email, **asked)
