"""Mails that read well on a telephone: plain text, HTML laid out by MJML, and the calendar entry inside.

Knows no table: it is given a Letter. Sending is Django's; the layout is mrml's.
"""

from dataclasses import dataclass
from email.utils import parseaddr

import mrml
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from maillage.booking.gateways.calendar import Method


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail ready to leave. `message_id` is the same each time the same letter is tried again."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    language: str
    reply_to: str = ""
    calendar: bytes = b""
    method: Method = Method.REQUEST


def lay_out(template: str, context: dict[str, object]) -> str:
    """Return the MJML `template`, filled with `context` (escaped by Django), as HTML for mail clients."""
    return str(mrml.to_html(render_to_string(template, context)).content)


def sender_address() -> str:
    """Return the bare address we write from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def send_letter(letter: Letter) -> None:
    """Hand `letter` to the mail server. Raises what the server refuses (SMTPException, OSError)."""
    mail = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split()),
        body=letter.text,
        to=[letter.to],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={
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
