"""What every socket of a page does when messages to it may be missing: it hangs up, and the page comes back."""

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
