"""Short-lived credentials for the relay (TURN), as coturn checks them with `use-auth-secret`.

Source: draft-uberti-behave-turn-rest-00, section 2.2, read 2026-11-21: username is "expiry:name", password is
base64(HMAC-SHA1(secret, username)).
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

LIFETIME = timedelta(hours=12)


class IceServer(TypedDict, total=False):
    """One entry of a browser's RTCConfiguration.iceServers."""

    urls: list[str]
    username: str
    credential: str


@dataclass(frozen=True, slots=True)
class Relay:
    """Where relays are, and the secret they share with us."""

    stun_urls: Sequence[str]
    turn_urls: Sequence[str]
    secret: str


def ice_servers(relay: Relay, *, name: str, now: datetime, lifetime: timedelta = LIFETIME) -> list[IceServer]:
    """Return what the browser of `name` may use, its relay credentials valid `lifetime` from `now`."""
    servers: list[IceServer] = []
    if relay.stun_urls:
        servers.append({"urls": list(relay.stun_urls)})
    if relay.turn_urls and relay.secret:
        username = f"{int((now + lifetime).timestamp())}:{name}"
        digest = hmac.new(relay.secret.encode(), username.encode(), hashlib.sha1).digest()
        credential = base64.b64encode(digest).decode()
        servers.append({"urls": list(relay.turn_urls), "username": username, "credential": credential})
    return servers
