"""What a socket does about the table of its meeting: documents shown and turned, and where one points."""

import time
from functools import partial
from typing import Any

from django.utils import timezone

from maillage.conference.consumers.page_socket import PageSocket, in_database
from maillage.conference.domain import messages as said
from maillage.conference.domain.table_messages import Pointer, ShowPage
from maillage.conference.selectors.documents import shown_in
from maillage.conference.services import show_page

POINTER_SECONDS = 0.05
"""Pointers that come faster are dropped: the next one says where it is."""


class TableActs(PageSocket):
    """The part of a meeting's socket that turns pages and points."""

    conference_id: int
    meeting: str
    stay_id: int | None
    pointed_at = 0.0

    async def say_table(self) -> None:
        """Tell a page that comes in what all look at."""
        shown = await in_database(shown_in)(self.conference_id)
        if shown.version:
            await self.say("document", **shown.as_json())

    async def at_table(self, message: said.AnyMessage) -> None:
        """Do what a page that is in says of the table."""
        match message:
            case Pointer():
                await self._point(message)
            case ShowPage():
                await self._show(message)

    async def _show(self, message: ShowPage) -> None:
        show = partial(show_page, document_id=message.document, page=message.page, now=timezone.now())
        await in_database(show)(conference_id=self.conference_id, party_id=self.guest.party.pk)

    async def _point(self, message: Pointer) -> None:
        instant = time.monotonic()
        if message.x is not None and instant - self.pointed_at < POINTER_SECONDS:
            return
        self.pointed_at = instant
        note = {"type": "meeting.pointer", "from": self.guest.party.pk, "x": message.x, "y": message.y}
        await self.channel_layer.group_send(self.meeting, note)

    async def meeting_pointer(self, event: dict[str, Any]) -> None:
        """Pass on where a side points; its own page knows already."""
        if self.stay_id is not None and event["from"] != self.guest.party.pk:
            await self.say("pointer", **{key: event[key] for key in ("from", "x", "y")})
