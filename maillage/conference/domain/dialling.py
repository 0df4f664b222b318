"""What may be dialled, and how it is written for a SIP line. Pure."""

import re
from typing import Final

_NUMBER: Final = re.compile(r"\+?[0-9][0-9 .()-]{2,24}")
_ADDRESS: Final = re.compile(r"(?:sips?:)?([A-Za-z0-9_.+-]{1,64})@([A-Za-z0-9.-]{1,120})(?::([0-9]{2,5}))?")


def read_target(typed: str) -> str:
    """Return what was typed as we keep it: digits for a telephone, `sip:user@host` for a terminal. "" for neither."""
    text = typed.strip()
    if _NUMBER.fullmatch(text):
        return re.sub(r"[^0-9+]", "", text)
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return ""
    user, host, port = found.groups()
    return f"sip:{user}@{host}" + (f":{port}" if port else "")


def is_number(target: str) -> bool:
    """Tell a telephone from a terminal."""
    return not target.startswith("sip:")


def uri_of(target: str, line_host: str) -> str:
    """Return what the gateway calls: a terminal as it is, a telephone through the operator's line."""
    return f"sip:{target}@{line_host}" if is_number(target) else target
