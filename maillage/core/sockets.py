"""What sockets share: their cookies, and how they hang up when messages may be missing, for the page to come back."""

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

from channels.generic.websocket import AsyncWebsocketConsumer

MISSED: Final = {"type": "layer.missed"}
OPEN_AGAIN: Final = 1012
"""The closing code that says: the service restarted, come back."""


class Resumed(AsyncWebsocketConsumer):
    """A socket whose page hears all that matters when it opens again."""

    async def layer_missed(self, _event: dict[str, Any]) -> None:
        """Hang up: what was said to this page while the channel layer was away is lost."""
        await self.close(OPEN_AGAIN)


def cookie_in(scope: Mapping[str, Any], name: str) -> str:
    """Return a cookie of an ASGI scope, empty if there is none."""
    for header, value in scope["headers"]:
        if header == b"cookie":
            try:
                found = SimpleCookie(value.decode("latin-1")).get(name)
            except CookieError:
                return ""
            return found.value if found else ""
    return ""
