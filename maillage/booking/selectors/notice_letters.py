"""A notice, plain sentences, facts and worded links, laid out as a mail: as text and as MJML."""

from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string

from maillage.booking.gateways.mail import Letter, lay_out
from maillage.booking.selectors.notice_parts import Notice
from maillage.core.theme import current_network
from maillage.core.words import typography


def laid_out(notice: Notice, *, to: str, mark: str, language: str, reference: str = "") -> Letter:
    """Return `notice` as a mail, in the active language, which is `language`. `mark`: the same for the same mail."""
    context: dict[str, object] = {
        "notice": notice,
        "heading": typography(notice.heading),
        "sentences": [typography(sentence) for sentence in notice.sentences],
        "reference": reference,
        "network": current_network(),
        "help_phone": settings.HELP_PHONE,
        "language": language,
    }
    return Letter(
        to=to,
        subject=notice.subject,
        text=render_to_string("booking/mail/notice.txt", context),
        html=lay_out("booking/mail/notice.mjml.html", context),
        message_id=f"<{mark}@{urlsplit(settings.BASE_URL).hostname}>",
        language=language,
        reply_to=notice.reply_to,
    )
