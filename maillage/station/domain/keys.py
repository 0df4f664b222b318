"""Keys of stations: long random texts, of which only the digest is kept."""

import hashlib
import secrets
from typing import Final

MAIN_COOKIE: Final = "station"
SECOND_COOKIE: Final = "second-screen"
"""The cookies of a main and of a second screen's key. Only /station receives either."""


def new_key() -> str:
    """Return a key of 256 random bits, safe in a cookie."""
    return secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """Return what is kept of a key. It has enough chance in it to need no salt."""
    return hashlib.sha256(key.encode()).hexdigest()
