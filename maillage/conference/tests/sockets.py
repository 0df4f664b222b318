# mypy: disable-error-code="no-untyped-call"
"""Pages of parties for tests of the sockets: they say and hear the protocol's messages, without a browser."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from django.utils import timezone

from maillage.booking.models import Booking, BookingStatus
from maillage.conference.models import Attendance
from maillage.conference.routing import websocket_urlpatterns
from maillage.conference.tests.factories import make_meeting, parties_of, token_of

APPLICATION = URLRouter(websocket_urlpatterns)


class Page(ApplicationCommunicator):
    """A page of a party, for tests: says and hears JSON. (Channels' own would bring a second web server.)"""

    async def connect(self) -> None:
        await self.send_input({"type": "websocket.connect"})
        accepted = await self.receive_output(timeout=5)
        assert accepted["type"] == "websocket.accept"

    async def write(self, text: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": text})

    async def say(self, kind: str, **fields: object) -> None:
        await self.write(json.dumps({"type": kind, **fields}))

    async def hear(self, kind: str) -> dict[str, Any]:
        """Return the next message of `kind`, skipping others."""
        while True:
            output = await self.receive_output(timeout=5)
            assert output["type"] == "websocket.send", output
            heard: dict[str, Any] = json.loads(output["text"])
            if heard["type"] == kind:
                return heard

    async def closed_with(self) -> int:
        """Return the code with which the server closes, skipping what it says before."""
        while True:
            output = await self.receive_output(timeout=5)
            if output["type"] == "websocket.close":
                return int(output["code"])

    async def disconnect(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1001})
        await self.wait(timeout=5)


@asynccontextmanager
async def page_of(token: str) -> AsyncIterator[Page]:
    path = f"/ws/reunion/{token}"
    page = Page(
        APPLICATION, {"type": "websocket", "path": path, "headers": [], "query_string": b"", "subprotocols": []}
    )
    await page.connect()
    try:
        yield page
    finally:
        await page.disconnect()


async def hello(page: Page, name: str, **fields: object) -> dict[str, Any]:
    await page.say("hello", connection=f"screen-{name}", page=fields.pop("page", f"page-{name}-1"), **fields)
    return await page.hear("welcome")


@database_sync_to_async
def meeting_now(
    status: str = BookingStatus.CONFIRMED, names: tuple[str, ...] = ("Callac", "Rennes")
) -> tuple[Booking, list[int], list[str]]:
    start = timezone.now().replace(minute=0, second=0, microsecond=0)
    booking = make_meeting(start=start, status=status, names=names)
    parties = parties_of(booking)
    until = start + timedelta(days=1)
    return booking, [party.pk for party in parties], [token_of(party, until=until) for party in parties]


@database_sync_to_async
def count_open() -> int:
    return Attendance.objects.filter(left_at=None).count()


async def come_in(page: Page, name: str) -> None:
    """Bring a page into its meeting."""
    await hello(page, name)
    await page.say("enter", microphone=True, camera=True)
    await page.hear("chat")
