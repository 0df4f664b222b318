"""Signed links: what a public act needs instead of an account.

A link says what it allows (`purpose`), on what (`subject`), and until when. It proves only that we wrote it: the
caller still loads the object and checks its state. Tokens are safe in an address and hold nothing personal.
"""

from datetime import UTC, datetime

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_noop

from maillage.core.errors import Gone, Missing


class LinkForged(Missing):
    """A link that we did not write, or that was cut when it was copied."""

    code = "link-unknown"
    message = gettext_noop("This link is not complete, or not one of ours.")
    next_step = gettext_noop("Open it again from the message you received, or copy it whole.")


class LinkExpired(Gone):
    """A link whose time has passed."""

    code = "link-expired"
    message = gettext_noop("This link was valid until %(until)s.")
    next_step = gettext_noop("Ask the person who invited you for a new one.")


def sign_link(purpose: str, subject: str, until: datetime) -> str:
    """Return a token that allows `purpose` on `subject` until `until` (aware). About 50 characters."""
    body = f"{subject}.{int(until.timestamp()):x}"
    signature = Signer(salt=f"link:{purpose}").signature(body)
    return f"{body}.{signature}"


def read_link(purpose: str, token: str, now: datetime) -> str:
    """Return the subject of `token`.

    Raises LinkForged if we did not write it for `purpose`, LinkExpired after its time.
    """
    body, _, signature = token.rpartition(".")
    signer = Signer(salt=f"link:{purpose}")
    try:
        signer.unsign(f"{body}:{signature}")
    except BadSignature as forged:
        raise LinkForged from forged
    subject, _, until_hex = body.rpartition(".")
    until = datetime.fromtimestamp(int(until_hex, 16), tz=UTC)
    if now > until:
        raise LinkExpired(until=until.astimezone(now.tzinfo).strftime("%d/%m/%Y"))
    return subject
