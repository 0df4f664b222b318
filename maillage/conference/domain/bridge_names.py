"""Whose the names of participants at a bridge are (ADR 0175): the same rule as the pages' own, frontend/names.ts.

The name of a page is the last of a row of digests. It joins with `<page>.<the one before>`, later with those before
that: each is checked by taking digests until the page's name comes out, and nobody else can tell the next one.
"""

import hashlib
import re
from collections.abc import Iterable

MOST = 256
"""How often a page may join a bridge."""
CALLER = "sip."
"""How the name of a call begins: the gateway alone gives it, and joins with just that."""
_MADE = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{32})")


def digest(text: str) -> str:
    """Return the next name of a row."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def joining(name: str, page: str) -> int:
    """Return at which of its joinings `page` made `name`, counted from 1; 0 if it did not make it."""
    if page.startswith(CALLER):
        return int(name == page)
    made = _MADE.fullmatch(name)
    if made is None or made[1] != page:
        return 0
    link = made[2]
    for count in range(1, MOST + 1):
        link = digest(link)
        if link == page:
            return count
    return 0


def owners(names: Iterable[str], pages: Iterable[str]) -> dict[str, str]:
    """Return the page of each name that is one's own: of several of a page, the one it made last."""
    known = set(pages)
    latest: dict[str, tuple[int, str]] = {}
    for name in set(names):
        page = name if name.startswith(CALLER) else name.partition(".")[0]
        count = joining(name, page) if page in known else 0
        if count:
            latest[page] = max(latest.get(page, (0, "")), (count, name))
    return {name: page for page, (_count, name) in latest.items()}
