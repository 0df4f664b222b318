"""Passwords of calendars and codes of doors, unreadable in a copy of the database. The key is from SECRET_KEY."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from maillage.booking.errors.calendars import CalendarForbidden


def seal(text: str) -> str:
    """Return `text` sealed; empty stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """Return what was sealed. Raises CalendarForbidden if the key has changed: the password must be entered again."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as other_key:
        raise CalendarForbidden from other_key


def _box() -> Fernet:
    digest = hashlib.sha256(f"maillage calendar passwords {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
