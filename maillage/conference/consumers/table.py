"""What a socket does about the table of its meeting: documents shown and turned, and where one points."""

import json
import time
from functools import partial
from typing import Any

from django.utils import timezone

from maillage.conference.consumers.page_socket import PageSocket, in_database
from maillage.conference.domain import messages as said
from maillage.conference.domain.table_messages import Pointer, RecordAct, ShowPage
from maillage.conference.gateways.configured import configured_pool
from maillage.conference.selectors.documents import shown_in
from maillage.conference.selectors.recordings import recording_told, running_recording
from maillage.conference.services import (
    answer_recording,
    apply_recording,
    ask_recording,
    can_record,
    show_page,
    stop_recording,
)

POINTER_SECONDS = 0.05
"""Pointers that come faster are dropped: the next one says where it is."""
RECORDING_SECONDS = 10.0


class TableActs(PageSocket):
    """The part of a meeting's socket that turns pages, points, and answers for the recording."""

    conference_id: int
    meeting: str
    stay_id: int | None
    pointed_at = 0.0
    looked_at = 0.0

    async def say_table(self) -> None:
        """Tell a page that comes in what all look at."""
        shown = await in_database(shown_in)(self.conference_id)
        if shown.version:
            await self.say("document", **shown.as_json())
        if can_record():
            told = await in_database(recording_told)(self.conference_id)
            await self.send(json.dumps(told))

    async def at_table(self, message: said.AnyMessage) -> None:
        """Do what a page that is in says of the table."""
        match message:
            case Pointer():
                await self._point(message)
            case ShowPage():
                await self._show(message)
            case RecordAct(act=act):
                await self._record(act)

    async def _show(self, message: ShowPage) -> None:
        show = partial(show_page, document_id=message.document, page=message.page, now=timezone.now())
        await in_database(show)(conference_id=self.conference_id, party_id=self.guest.party.pk)

    async def _record(self, act: str) -> None:
        conference, party, now = self.conference_id, self.guest.party.pk, timezone.now()
        match act:
            case "ask":
                await in_database(ask_recording)(conference_id=conference, party_id=party, now=now)
            case "stop":
                await in_database(stop_recording)(conference_id=conference, party_id=party, now=now)
            case _:
                answer = partial(answer_recording, accepts=act == "accept")
                await in_database(answer)(conference_id=conference, party_id=party, now=now)

    async def keep_recording(self) -> None:
        """At beats: make the bridge do what was decided, should it have restarted or not have answered."""
        if not can_record() or time.monotonic() - self.looked_at < RECORDING_SECONDS:
            return
        self.looked_at = time.monotonic()
        if await in_database(running_recording)(self.conference_id):
            await in_database(apply_recording)(self.conference_id, configured_pool())

    async def _point(self, message: Pointer) -> None:
        instant = time.monotonic()
        if message.x is not None and instant - self.pointed_at < POINTER_SECONDS:
            return
        self.pointed_at = instant
        note = {"type": "meeting.pointer", "from": self.guest.party.pk, **message.model_dump(exclude={"type"})}
        await self.channel_layer.group_send(self.meeting, note)

    async def meeting_pointer(self, event: dict[str, Any]) -> None:
        """Pass on where a side points; its own page knows already."""
        if self.stay_id is not None and event["from"] != self.guest.party.pk:
            await self.say("pointer", **{key: event[key] for key in ("from", "screen", "x", "y")})
