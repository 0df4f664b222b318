"""What a demonstration sends with: mails and text messages are kept, none leaves."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from maillage.core.gsm import message_count
from maillage.portal.models import DemoMail, DemoText


class DemoMailbox(BaseEmailBackend):
    """Keeps messages as DemoMail, to be read at /demo/courrier."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each message that has a recipient; return how many."""
        kept = [
            DemoMail(
                subject=message.subject[:200],
                sender=message.from_email,
                recipients=", ".join(message.recipients()),
                source=message.message().as_bytes(),
            )
            for message in email_messages
            if message.recipients()
        ]
        return len(DemoMail.objects.bulk_create(kept))


class DemoTelephone:
    """Keeps text messages as DemoText, to be read at /demo/courrier."""

    def send(self, number: str, text: str, key: str) -> None:
        """Keep the message; the same `key` again keeps one."""
        values = {"number": number, "text": text, "messages": message_count(text)}
        DemoText.objects.update_or_create(key=key, defaults=values)
