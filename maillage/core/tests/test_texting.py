"""Text messages: what they cost, what leaves and when. The provider is a real HTTP server, which may say no."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from maillage.core.gsm import BASIC, EXTENDED, message_count, plain
from maillage.core.links import LinkExpired, LinkForged
from maillage.core.models import ShortLink, TextMessage, TextStatus
from maillage.core.short_links import forget_short_links, path_behind, shorten
from maillage.core.sms import international, is_mobile
from maillage.core.texting import STUCK, WAITS, deliver, send_due_texts, text_to

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)


class Provider(HTTPServer):
    """Takes messages as a provider does; `status` is what it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 202
        self.received: list[tuple[dict[str, str], dict[str, Any]]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.received.append((dict(self.headers.items()), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.SMS_GATEWAY = "maillage.core.sms.HttpSms"
    settings.SMS_URL = f"http://127.0.0.1:{server.server_address[1]}/messages"
    settings.SMS_TOKEN, settings.SMS_SENDER = "secret-token", "Visio"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def write(key: str = "one", text: str = "À 14 h 00 : votre réunion", number: str = "0601020304") -> TextMessage:
    text_to(number, text, key=key, subject="booking:K7Q2-M4", until=TOMORROW, now=NOW)
    return TextMessage.objects.get(key=key)


@given(st.text(max_size=200))
def test_whatever_is_written_fits_the_alphabet_of_text_messages(text: str) -> None:
    assert set(plain(text)) <= BASIC | EXTENDED


def test_french_is_kept_readable() -> None:
    assert plain("L’hôtel «\u202fÇa ira\u202f», à 14\u202fh\u202f00 : cœur, forêt") == (
        'L\'hotel " Ça ira ", à 14 h 00 : coeur, foret'
    )


@pytest.mark.parametrize(
    ("text", "count"), [("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("ê" * 70, 1), ("ê" * 71, 2)]
)
def test_a_message_counts_as_the_standard_says(text: str, count: int) -> None:
    assert message_count(text) == count


@pytest.mark.parametrize(
    ("typed", "whole", "mobile"),
    [
        ("0601020304", "+33601020304", True),
        ("07 01 02 03 04", "+33701020304", True),
        ("0033601020304", "+33601020304", True),
        ("+32470123456", "+32470123456", True),
        ("0296000000", "+33296000000", False),
        ("", "", False),
    ],
)
def test_numbers_are_sent_with_their_country_and_only_mobiles_are_written_to(
    typed: str, whole: str, mobile: bool
) -> None:
    assert (international(typed), is_mobile(typed)) == (whole, mobile)


@pytest.mark.django_db
def test_a_message_reaches_the_provider_with_its_token_and_its_key(provider: Provider) -> None:
    message = write()
    assert deliver(message.pk, now=NOW) == TextStatus.SENT
    headers, body = provider.received[0]
    assert headers["Authorization"] == "Bearer secret-token"
    assert headers["Idempotency-Key"] == "one"
    assert body == {
        "from": "Visio",
        "to": "+33601020304",
        "text": "À 14 h 00 : votre réunion".replace("À", "A"),
        "reference": "one",
    }


@pytest.mark.django_db
def test_writing_or_sending_twice_sends_once(provider: Provider) -> None:
    message = write()
    write()
    deliver(message.pk, now=NOW)
    deliver(message.pk, now=NOW)
    assert len(provider.received) == 1


@pytest.mark.django_db
def test_a_newer_message_on_the_same_subject_replaces_the_one_that_waits(provider: Provider) -> None:
    first, second = write("one"), write("two", "Déplacée à 15 h 00")
    assert deliver(first.pk, now=NOW) == TextStatus.WITHHELD
    assert deliver(second.pk, now=NOW) == TextStatus.SENT
    assert len(provider.received) == 1


@pytest.mark.django_db
def test_a_refusal_is_tried_again_and_in_the_end_given_up(provider: Provider) -> None:
    message = write()
    provider.status, now = 503, NOW
    for wait in WAITS:
        assert deliver(message.pk, now=now) == TextStatus.WAITING
        now += wait
        assert send_due_texts(now) == 1
    assert deliver(message.pk, now=now) == TextStatus.FAILED


@pytest.mark.django_db
def test_a_number_the_provider_knows_to_be_wrong_is_not_tried_again(provider: Provider) -> None:
    provider.status = 422
    assert deliver(write().pk, now=NOW) == TextStatus.FAILED


@pytest.mark.django_db
def test_what_is_too_late_or_half_sent_does_not_leave(provider: Provider) -> None:
    late = write("late")
    assert deliver(late.pk, now=TOMORROW + timedelta(seconds=1)) == TextStatus.WITHHELD
    half = write("half")
    TextMessage.objects.filter(pk=half.pk).update(status=TextStatus.SENDING, tried_at=NOW)
    assert send_due_texts(NOW + STUCK * 2) == 0
    half.refresh_from_db()
    assert half.status == TextStatus.FAILED
    assert not provider.received


@pytest.mark.django_db
def test_a_provider_that_is_away_costs_nothing_but_a_wait(settings: Settings) -> None:
    settings.SMS_GATEWAY, settings.SMS_URL = "maillage.core.sms.HttpSms", "http://127.0.0.1:9/messages"
    assert deliver(write().pk, now=NOW) == TextStatus.WAITING


@pytest.mark.django_db
def test_a_short_address_leads_to_its_page_until_its_time(client: Client, settings: Settings) -> None:
    address = shorten(f"{settings.BASE_URL}/reunion/abc", TOMORROW)
    assert shorten(f"{settings.BASE_URL}/reunion/abc", TOMORROW) == address
    code = address.rsplit("/", 1)[1]
    assert path_behind(code, NOW) == "/reunion/abc"
    with pytest.raises(LinkExpired):
        path_behind(code, TOMORROW + timedelta(seconds=1))
    with pytest.raises(LinkForged):
        path_behind("nothing", NOW)
    with pytest.raises(ValueError, match="this site"):
        shorten("https://elsewhere.example/", TOMORROW)
    ShortLink.objects.update(until=datetime(2099, 1, 1, tzinfo=UTC))
    assert client.get(f"/s/{code}").headers["Location"] == "/reunion/abc"
    assert forget_short_links(datetime(2099, 1, 2, tzinfo=UTC)) == 1
