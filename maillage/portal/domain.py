"""Reading what a person pastes, and what a mail holds. No database, no request."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Literal, cast

Pasted = Literal["link", "code", "reference", "unknown"]
_LINK = re.compile(r"/(?:r|reunion)/[\w.=-]{8,200}", re.ASCII)
_CODE = re.compile(r"([0-9]{3})[ .-]?([0-9]{3})")
_REFERENCE = re.compile(r"([0-9A-HJ-NP-Z]{4})[ -]?([0-9A-HJ-NP-Z]{2})")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a pasted text is: a link of ours with its path, a code of six digits, a reference as K7Q2-M4, or neither."""

    kind: Pasted
    text: str = ""


def read_pasted(text: str) -> Reading:
    """Return what `text` is, wherever the link stands in it. Hosts are ignored: only our own path is followed."""
    if found := _LINK.search(text):
        return Reading("link", found.group().rstrip("."))
    if found := _CODE.fullmatch(text.strip().strip(".")):
        return Reading("code", f"{found.group(1)}{found.group(2)}")
    if found := _REFERENCE.fullmatch(text.strip().upper().strip(".")):
        return Reading("reference", f"{found.group(1)}-{found.group(2)}")
    return Reading("unknown")


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: as text, as a page, and its files, calendar invitations included."""

    text: str
    html: str
    attachments: tuple[Attachment, ...]


def _content(part: EmailMessage) -> bytes:
    return cast("bytes", part.get_payload(decode=True) or b"")


def _said(part: EmailMessage) -> str:
    return _content(part).decode(part.get_content_charset("utf-8"), errors="replace")


def read_letter(source: bytes) -> Letter:
    """Return what the mail `source` (RFC 5322) says. A part that is neither text nor page is a file.

    An invitation sent both ways, as a part and as a file, counts once, under its first name.
    """
    message = message_from_bytes(source, policy=policy.default)
    text = html = ""
    files: list[Attachment] = []
    for part in cast("list[EmailMessage]", list(message.walk())):
        kind = part.get_content_type()
        if part.is_multipart():
            continue
        if kind == "text/plain" and not part.is_attachment() and not text:
            text = _said(part)
        elif kind == "text/html" and not part.is_attachment() and not html:
            html = _said(part)
        else:
            name = part.get_filename() or ("invitation.ics" if kind == "text/calendar" else f"piece-{len(files) + 1}")
            files.append(Attachment(name, kind, _content(part)))
    return Letter(text, html, tuple({file.content: file for file in reversed(files)}.values())[::-1])
