"""What a mail server says of a letter it could not deliver: refused at once, or told later (RFC 3464). Pure.

What comes back by mail is written by strangers: it proves nothing but by the token of our own letter, see `Bounce`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from typing import Final

MOST_BYTES: Final = 1_000_000
_MOST_PARTS: Final = 40
_TOKEN: Final = re.compile(r"\b(\d{1,18}\.[0-9a-f]{24})\b")
_STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
LETTER_HEADER: Final = "X-Maillage-Letter"


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery that failed for good. `token` is what our letter carried: the caller checks that we wrote it."""

    token: str
    recipient: str
    status: str
    reason: str


class NotABounce(Exception):
    """Not a report of a delivery that failed for good: an answer, a delay, a report of success, or rubbish."""


class TooLarge(NotABounce):
    """Larger than any report; it was not read."""


def read_bounce(content: bytes) -> Bounce:
    """Return the failure that a delivery status notification tells. Raises NotABounce, TooLarge."""
    if len(content) > MOST_BYTES:
        raise TooLarge
    message = message_from_bytes(content, policy=compat32)
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        raise NotABounce
    parts = list(_parts(message))
    fields = _failed(parts)
    token = _token(message, parts)
    if fields is None or token is None:
        raise NotABounce
    recipient = _address(fields.get("Final-Recipient", "")) or _address(fields.get("Original-Recipient", ""))
    if not recipient:
        raise NotABounce
    said = fields.get("Diagnostic-Code", "").partition(";")[2] or fields.get("Diagnostic-Code", "")
    status = _STATUS.search(fields.get("Status", ""))
    return Bounce(token, recipient, status.group(0) if status else "5.0.0", plain_reason(said))


def is_for_good(code: int, said: str) -> bool:
    """Tell whether a server's answer to a recipient means that the address is dead.

    4xx will pass; 5.7.x, and 5.3 or 5.5 about the server and the protocol, are not the address's fault (RFC 3463).
    """
    if not 500 <= code <= 599:
        return False
    status = _STATUS.search(said)
    return status is None or (status.group(1) == "5" and status.group(2) in {"0", "1", "2", "4"})


def plain_reason(said: str) -> str:
    """Return what a server said on one printable line of 200 characters at most."""
    words = " ".join(str(said).split())
    return "".join(mark for mark in words if mark.isprintable())[:200]


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number > _MOST_PARTS:
            raise NotABounce
        yield part


def _failed(parts: list[Message]) -> Message | None:
    """Return the fields of the first recipient whose delivery failed for good."""
    for part in parts:
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        for fields in part.get_payload():
            if isinstance(fields, Message) and str(fields.get("Action", "")).strip().lower() == "failed":
                status = str(fields.get("Status", "5.0.0"))
                if is_for_good(550, status):
                    return _as_text(fields)
    return None


def _as_text(fields: Message) -> Message:
    clean = Message()
    for name, value in fields.items():
        clean[name] = " ".join(str(value).split())
    return clean


def _token(message: Message, parts: list[Message]) -> str | None:
    """Return the token of our letter: in the headers that came back, else in the address the report was sent to."""
    for part in parts:
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}:
            found = _in_returned(part)
            if found:
                return found
    for name in ("To", "Delivered-To", "X-Original-To"):
        match = _TOKEN.search(str(message.get(name, "")))
        if match:
            return match.group(1)
    return None


def _in_returned(part: Message) -> str | None:
    payload = part.get_payload()
    if isinstance(payload, list):
        headers = payload[0] if payload else None
        value = str(headers.get(LETTER_HEADER, "")) if isinstance(headers, Message) else ""
    else:
        text = part.get_payload(decode=True)
        returned = message_from_bytes(text if isinstance(text, bytes) else b"", policy=compat32)
        value = str(returned.get(LETTER_HEADER, ""))
    match = _TOKEN.fullmatch(value.strip())
    return match.group(1) if match else None


def _address(field: str) -> str:
    """Return the address of « rfc822; anne@example.org »."""
    address = field.partition(";")[2].strip().strip("<>")
    return address if re.fullmatch(r"[^\s<>@]{1,64}@[^\s<>@]{1,190}", address) else ""
