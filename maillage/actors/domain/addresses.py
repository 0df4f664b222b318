"""Where a terminal or a telephone is called: one spelling for each. Text in, text out."""

import re
from typing import Final

from maillage.actors.errors import BadPhoneNumber, BadSipAddress

MOST_LETTERS: Final = 120
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_USER = r"[a-z0-9._~+!$*=-]{1,64}"
_SIP: Final = re.compile(rf"(?:(sips?):)?({_USER})@({_LABEL}(?:\.{_LABEL})*)(:[0-9]{{2,5}})?", re.IGNORECASE)
_PHONE: Final = re.compile(r"\+?[0-9]{4,15}")
_BETWEEN_DIGITS: Final = re.compile(r"[\s.\-()/]")


def sip_address(text: str) -> str:
    """Return « visio@region.bzh » as sip:visio@region.bzh: no parameter, no header. Raises BadSipAddress."""
    found = _SIP.fullmatch(text.strip()) if len(text) <= MOST_LETTERS else None
    if found is None:
        raise BadSipAddress(typed=text.strip()[:MOST_LETTERS])
    scheme, user, host, port = found.groups()
    return f"{(scheme or 'sip').lower()}:{user}@{host.lower()}{port or ''}"


def phone_number(text: str) -> str:
    """Return the digits of a number, a leading + kept. Raises BadPhoneNumber."""
    number = _BETWEEN_DIGITS.sub("", text)
    if not _PHONE.fullmatch(number):
        raise BadPhoneNumber(typed=text.strip()[:40])
    return number


def called_at(kind: str, text: str) -> str:
    """Return the address of a way of that kind, "" for a guest link or what is not given.

    Raises BadSipAddress, BadPhoneNumber.
    """
    if not text.strip() or kind not in {"sip", "phone"}:
        return ""
    return sip_address(text) if kind == "sip" else phone_number(text)
