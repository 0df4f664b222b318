"""A page of a meeting, on its socket: reads its messages, calls the services, tells the others. See docs/protocol.md.

Who is in lives in the database, never here: any web process may hold any socket, and a restart loses nothing.
"""

import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from maillage.booking.models import Party
from maillage.conference import errors
from maillage.conference.domain import messages as said
from maillage.conference.domain.door import Door
from maillage.conference.domain.flow import Bucket
from maillage.conference.domain.presence import BEAT_SECONDS, VANISHED_AFTER, Presence
from maillage.conference.domain.topology import topology_for
from maillage.conference.domain.turn import Relay, ice_servers
from maillage.conference.models import Conference, EndReason
from maillage.conference.selectors import Guest, guest_by_link, presence_of
from maillage.conference.services import (
    Entry,
    Screen,
    ask_help,
    change_state,
    end_if_emptied,
    end_meeting,
    enter_meeting,
    leave_meeting,
    open_conference,
    record_failure,
    record_quality,
    rename_party,
    sweep_vanished,
    touch_stay,
)
from maillage.core.errors import DomainError

logger = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

CLOSE_CODES = {
    "message-unknown": 4400,
    "door-closed": 4403,
    "party-unknown": 4403,
    "link-unknown": 4404,
    "open-elsewhere": 4409,
    "link-expired": 4410,
    "meeting-over": 4410,
    "meeting-cancelled": 4410,
    "message-too-large": 4413,
    "message-flood": 4429,
}


def _in_database(act: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    return database_sync_to_async(act)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a socket needs to know when it opens."""

    guest: Guest
    conference_id: int
    kinds: Mapping[int, str]


def _arrive(token: str) -> Arrival:
    """Return who stands at which door. Raises why they may not enter."""
    guest = guest_by_link(token, timezone.now())
    match guest.door:
        case Door.OVER:
            raise errors.MeetingOver
        case Door.CANCELLED:
            raise errors.MeetingCancelled
        case Door.EARLY | Door.LATE | Door.UNCONFIRMED:
            raise errors.DoorClosed
    conference = guest.conference or open_conference(guest.booking.pk)
    kinds = dict(Party.objects.filter(booking=guest.booking).values_list("pk", "kind"))
    return Arrival(guest, conference.pk, kinds)


def _who_is_in(conference_id: int) -> Presence:
    return presence_of(Conference.objects.get(pk=conference_id))


class MeetingConsumer(AsyncWebsocketConsumer):
    """One socket of one page of one party."""

    guest: Guest
    conference_id: int
    kinds: Mapping[int, str]
    screen: Screen | None = None
    stay_id: int | None = None

    async def connect(self) -> None:
        """Accept, so that a refusal can be said in words, then check the link."""
        await self.accept()
        self.bucket = Bucket(at=time.monotonic())
        self.since = timezone.now()
        self.token: str = self.scope["url_route"]["kwargs"]["token"]
        try:
            arrival = await _in_database(_arrive)(self.token)
        except DomainError as refusal:
            await self._turn_away(refusal)
            return
        self.guest, self.conference_id, self.kinds = arrival.guest, arrival.conference_id, arrival.kinds
        self.meeting = f"meeting.{self.conference_id}"
        await self.channel_layer.group_add(self.meeting, self.channel_name)
        await self.channel_layer.group_add(f"party.{self.guest.party.pk}", self.channel_name)

    async def disconnect(self, code: int) -> None:
        """Stop listening. The stay goes on: only silence or a word ends it, so a restart ends nothing."""
        if hasattr(self, "meeting"):
            await self.channel_layer.group_discard(self.meeting, self.channel_name)
            await self.channel_layer.group_discard(f"party.{self.guest.party.pk}", self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Read one message, refuse what the protocol does not have, do the rest."""
        if not hasattr(self, "meeting"):
            return
        try:
            await self._handle(self._read(text_data))
        except (errors.NotIn, errors.OpenElsewhere) as refusal:
            await self._refuse(refusal)
        except DomainError as refusal:
            logger.warning("party %s refused: %s", self.guest.party.pk, refusal.code)
            await self._turn_away(refusal)

    def _read(self, text: str | None) -> said.AnyMessage:
        bucket = self.bucket.take(time.monotonic())
        if bucket is None:
            raise errors.MessageFlood(wait_seconds=10)
        self.bucket = bucket
        if text is None:
            raise errors.MessageUnknown
        if len(text) > said.MAX_MESSAGE:
            raise errors.MessageTooLarge
        try:
            return said.read_message(text)
        except ValueError as wrong:
            logger.info("party %s wrote no message of ours: %s", self.guest.party.pk, wrong)
            raise errors.MessageUnknown from wrong

    async def _handle(self, message: said.AnyMessage) -> None:
        match message:
            case said.Hello():
                await self._hello(message)
            case said.Enter():
                await self._enter(message)
            case said.Beat() if self.stay_id is None:
                await self._say("beat")
            case said.Trouble() | said.Help():
                await self._note(message)
            case said.Signal():
                await self._signal(message)
            case _:
                await self._handle_inside(message, self._stay())

    async def _handle_inside(self, message: said.AnyMessage, stay: int) -> None:
        now = timezone.now()
        match message:
            case said.Beat():
                await self._beat(stay)
            case said.State(microphone=m, camera=c, screen=s, sound_only=o):
                change = partial(change_state, stay_id=stay, microphone=m, camera=c, screen=s, sound_only=o, now=now)
                await self._tell(await _in_database(change)())
            case said.Rename(name=name, head_count=count):
                await self._tell(await _in_database(rename_party)(stay_id=stay, name=name, head_count=count))
            case said.Quality(samples=samples):
                await _in_database(record_quality)(
                    stay_id=stay, samples=samples, parties=frozenset(self.kinds), now=now
                )
            case said.Leave():
                await self._leave(stay)
            case said.End():
                await self._end()

    def _stay(self) -> int:
        if self.stay_id is None:
            raise errors.NotIn
        return self.stay_id

    async def _hello(self, message: said.Hello) -> None:
        if self.screen is not None:
            raise errors.MessageUnknown
        self.screen = Screen(message.connection, message.page, message.device, message.microphone, message.camera)
        relay = Relay(settings.STUN_URLS, settings.TURN_URLS, settings.TURN_SECRET)
        await self._say(
            "welcome",
            party=self.guest.party.pk,
            parties=sorted(self.kinds),
            topology=topology_for(list(self.kinds.values())),
            ice_servers=ice_servers(relay, name=str(self.guest.party.pk), now=timezone.now()),
            beat_seconds=BEAT_SECONDS,
            presence=(await _in_database(_who_is_in)(self.conference_id)).as_json(),
        )
        if message.entered:
            await self._come_in(self.screen, take_over=False)

    async def _enter(self, message: said.Enter) -> None:
        if self.screen is None:
            raise errors.MessageUnknown
        self.screen = Screen(
            self.screen.connection, self.screen.page, self.screen.device, message.microphone, message.camera
        )
        await self._come_in(self.screen, take_over=message.take_over)

    async def _come_in(self, screen: Screen, *, take_over: bool) -> None:
        try:
            entry = await self._database_entry(screen, take_over)
        except errors.OpenElsewhere:
            await self._say("elsewhere")
            return
        self.stay_id = entry.stay_id
        note = {"type": "party.entered", "page": screen.page, "channel": self.channel_name}
        await self.channel_layer.group_send(f"party.{self.guest.party.pk}", note)
        await self._tell(entry.presence)

    def _database_entry(self, screen: Screen, take_over: bool) -> Awaitable[Entry]:
        return _in_database(enter_meeting)(
            conference_id=self.conference_id,
            party_id=self.guest.party.pk,
            screen=screen,
            take_over=take_over,
            now=timezone.now(),
        )

    async def _signal(self, message: said.Signal) -> None:
        if message.to not in self.kinds:
            raise errors.PartyUnknown
        if self.screen is None:
            raise errors.MessageUnknown
        note: dict[str, Any] = {
            "type": "party.signal",
            "to_page": message.page,
            "from": self.guest.party.pk,
            "page": self.screen.page,
            "at_door": self.stay_id is None,
            "description": message.description.model_dump() if message.description else None,
            "candidates": [one.model_dump() for one in message.candidates],
        }
        await self.channel_layer.group_send(f"party.{message.to}", note)

    async def _beat(self, stay: int) -> None:
        now = timezone.now()
        if not await _in_database(touch_stay)(stay_id=stay, now=now) and self.screen:
            await self._come_in(self.screen, take_over=False)
        if now - self.since > VANISHED_AFTER:  # after a restart, everyone first has the time to come back
            swept = await _in_database(sweep_vanished)(conference_id=self.conference_id, now=now)
            if swept:
                await self._tell(swept[0], dict.fromkeys(swept[1], "lost"))
        await self._say("beat")

    async def _leave(self, stay: int) -> None:
        self.stay_id = None
        presence = await _in_database(leave_meeting)(stay_id=stay, now=timezone.now())
        await self._tell(presence, {self.guest.party.pk: "left"})
        if not presence.present:
            await _in_database(end_if_emptied)(conference_id=self.conference_id, now=timezone.now())

    async def _end(self) -> None:
        party = self.guest.party.pk
        await _in_database(end_meeting)(
            conference_id=self.conference_id, reason=EndReason.ENDED, party_id=party, now=timezone.now()
        )
        await self.channel_layer.group_send(self.meeting, {"type": "meeting.over", "by": party})

    async def _note(self, message: said.Trouble | said.Help) -> None:
        if isinstance(message, said.Help):
            await _in_database(_help)(self.conference_id, self.guest.party)
            return
        await _in_database(record_failure)(
            conference_id=self.conference_id,
            party_id=self.guest.party.pk,
            code=message.code,
            detail=message.detail,
            now=timezone.now(),
        )

    # What the other sockets of the meeting say

    async def meeting_presence(self, event: dict[str, Any]) -> None:
        """Pass on who is in."""
        await self._say("presence", version=event["version"], present=event["present"], left=event["left"])

    async def meeting_over(self, event: dict[str, Any]) -> None:
        """Pass on that the meeting is over, and hang up."""
        self.stay_id = None
        await self._say("over", by=event["by"])
        await self.close(1000)

    async def party_entered(self, event: dict[str, Any]) -> None:
        """Another socket of this party is in: this one is not any more."""
        if event["channel"] == self.channel_name or self.stay_id is None:
            return
        self.stay_id = None
        if self.screen is None or event["page"] != self.screen.page:
            await self._say("superseded")
        await self.close(CLOSE_CODES["open-elsewhere"])

    async def party_asked(self, event: dict[str, Any]) -> None:
        """Pass on what the concierge asks of the screen that is in."""
        if self.stay_id is not None:
            await self._say("asked", what=event["what"])

    async def party_signal(self, event: dict[str, Any]) -> None:
        """Pass on what the page of another party says to this page."""
        is_for_this_page = self.screen is not None and event["to_page"] == self.screen.page
        if not is_for_this_page or (event["at_door"] and self.stay_id is None):
            return  # those at the door prepare a line with those who are in, not with each other
        heard = {key: event[key] for key in ("from", "page", "description", "candidates")}
        await self.send(json.dumps({"type": "signal", **heard}))

    async def _tell(self, presence: Presence, left: dict[int, str] | None = None) -> None:
        note = {"type": "meeting.presence", **presence.as_json(), "left": {str(k): v for k, v in (left or {}).items()}}
        await self.channel_layer.group_send(self.meeting, note)

    async def _say(self, kind: str, **fields: Any) -> None:
        await self.send(json.dumps({"type": kind, **fields}))

    async def _refuse(self, refusal: DomainError) -> None:
        language = self.guest.booking.language if hasattr(self, "guest") else settings.LANGUAGE_CODE
        with translation.override(language):
            await self._say("refused", code=refusal.code, sentence=refusal.sentence(), advice=refusal.advice())

    async def _turn_away(self, refusal: DomainError) -> None:
        await self._refuse(refusal)
        await self.close(CLOSE_CODES.get(refusal.code, CLOSE_CODES["door-closed"]))


def _help(conference_id: int, party: Party) -> None:
    with transaction.atomic():
        ask_help(conference=Conference.objects.get(pk=conference_id), party=party)
