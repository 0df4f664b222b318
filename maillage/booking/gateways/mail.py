"""Mails that read well on a telephone: plain text, HTML laid out by MJML, and the calendar entry inside.

Knows no table: it is given a Letter. Sending is Django's; the layout is mrml's.
"""

from dataclasses import dataclass
from email.utils import parseaddr

import mrml
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare, salted_hmac

from maillage.booking.domain.bounces import LETTER_HEADER
from maillage.booking.gateways.calendar import Method


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail ready to leave. `message_id` is the same each time the same letter is tried again.
    `token` is what brings its delivery report back to it."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    language: str
    reply_to: str = ""
    calendar: bytes = b""
    method: Method = Method.REQUEST
    token: str = ""


def lay_out(template: str, context: dict[str, object]) -> str:
    """Return the MJML `template`, filled with `context` (escaped by Django), as HTML for mail clients."""
    return str(mrml.to_html(render_to_string(template, context)).content)


def sender_address() -> str:
    """Return the bare address we write from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def letter_token(letter_id: int) -> str:
    """Return the token of a letter: its number, and the proof that we wrote it."""
    return f"{letter_id}.{salted_hmac('maillage letter', str(letter_id)).hexdigest()[:24]}"


def letter_of_token(token: str) -> int | None:
    """Return the number of the letter whose token this is, None if we did not write it."""
    number, _dot, _proof = token.partition(".")
    is_ours = number.isascii() and number.isdigit() and constant_time_compare(token, letter_token(int(number)))
    return int(number) if is_ours else None


def envelope_sender(token: str) -> str:
    """Return where the mail server reports to: the address for that, marked with the token, else our sender."""
    local, at, domain = settings.BOUNCES_TO.partition("@")
    return f"{local}+{token}@{domain}" if at and token else settings.DEFAULT_FROM_EMAIL


def send_letter(letter: Letter) -> None:
    """Hand `letter` to the mail server. Raises what the server refuses (SMTPException, OSError)."""
    mail = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split()),
        body=letter.text,
        to=[letter.to],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        from_email=envelope_sender(letter.token),
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            LETTER_HEADER: letter.token,
            "Message-ID": letter.message_id,
            "Content-Language": letter.language,
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(letter.html, "text/html")
    if letter.calendar:
        method = letter.method.value
        mail.attach_alternative(letter.calendar.decode(), f"text/calendar; method={method}")
        mail.attach("invitation.ics", letter.calendar, "application/ics")
    mail.send()
