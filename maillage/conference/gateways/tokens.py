"""Tokens that let one browser use one room of Janus until a given time. The browser never sees a secret.

Format of Janus's signed tokens: `expiry,realm,item…:base64(HMAC-SHA1(secret, data))`.
"""

import base64
import hashlib
import hmac
from datetime import datetime

from maillage.conference.domain.janus_requests import VIDEOROOM


def _signed(secret: str, until: datetime, realm: str, *items: str) -> str:
    data = ",".join([str(int(until.timestamp())), realm, *items])
    mark = hmac.new(secret.encode(), data.encode(), hashlib.sha1).digest()
    return f"{data}:{base64.b64encode(mark).decode()}"


def door_token(secret: str, until: datetime, *plugins: str) -> str:
    """Return the token of the connection itself: which `plugins` may be used, the VideoRoom alone by default."""
    return _signed(secret, until, "janus", *(plugins or (VIDEOROOM,)))


def room_token(secret: str, until: datetime, room: str) -> str:
    """Return the token given when joining `room`, to send and to receive."""
    return _signed(secret, until, VIDEOROOM, f"room={room}")
