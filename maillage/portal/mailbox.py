"""The mail backend of a demonstration: keeps every message, sends none."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from maillage.portal.models import DemoMail


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
