"""A page of a meeting, on its socket: reads its messages, calls the services, tells the others. See docs/protocol.md.

Who is in lives in the database, never here: any web process may hold any socket, and a restart loses nothing.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from maillage.booking.models import Party
from maillage.conference import errors
from maillage.conference.consumers.page_socket import CLOSE_CODES, in_database
from maillage.conference.consumers.routes import RouteTeller
from maillage.conference.consumers.table import TableActs
from maillage.conference.consumers.turns import takes_turn
from maillage.conference.domain import messages as said
from maillage.conference.domain.conduct_messages import Chat, ConductMessage, Open
from maillage.conference.domain.door import Door
from maillage.conference.domain.flow import Bucket
from maillage.conference.domain.lobby import Standing
from maillage.conference.domain.presence import BEAT_SECONDS, VANISHED_AFTER, Presence
from maillage.conference.domain.topology import Topology
from maillage.conference.domain.turn import Relay, ice_servers
from maillage.conference.models import Conference, EndReason
from maillage.conference.selectors import Guest, guest_by_link, kinds_of, presence_of
from maillage.conference.selectors.conduct import told_on_entry
from maillage.conference.services import (
    Entry,
    Screen,
    ask_help,
    change_state,
    come_to_door,
    do_act,
    end_if_emptied,
    end_meeting,
    enter_meeting,
    leave_door,
    leave_meeting,
    may_link_at_once,
    open_alone,
    open_conference,
    record_failure,
    record_quality,
    rename_party,
    sweep_vanished,
    touch_stay,
    wait_on,
)
from maillage.core.errors import DomainError

T = TypeVar("T")


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
    return Arrival(guest, conference.pk, kinds_of(guest.booking.pk))


def _who_is_in(conference_id: int) -> Presence:
    return presence_of(Conference.objects.get(pk=conference_id))


class MeetingConsumer(RouteTeller, TableActs):
    """One socket of one page of one party."""

    screen: Screen | None = None
    stay_id: int | None = None
    is_waiting = False

    async def arrive(self, token: str) -> None:
        """Check the link, then listen to the meeting and to what is for this party."""
        self.lines = Bucket(size=8, per_second=0.5, tokens=8, at=time.monotonic())
        self.since = timezone.now()
        arrival = await in_database(_arrive)(token)
        self.guest, self.conference_id, self.kinds = arrival.guest, arrival.conference_id, arrival.kinds
        self.meeting = f"meeting.{self.conference_id}"
        await self.channel_layer.group_add(self.meeting, self.channel_name)
        await self.channel_layer.group_add(f"party.{self.guest.party.pk}", self.channel_name)

    async def disconnect(self, code: int) -> None:
        """Stop listening. The stay goes on: only silence or a word ends it, so a restart ends nothing."""
        if self.is_waiting:
            await self._at_door(leave_door)
        if hasattr(self, "meeting"):
            await self.channel_layer.group_discard(self.meeting, self.channel_name)
            await self.channel_layer.group_discard(f"party.{self.guest.party.pk}", self.channel_name)

    async def handle(self, message: said.AnyMessage) -> None:
        match message:
            case said.Hello():
                await self._hello(message)
            case said.Enter():
                await self._enter(message)
            case said.Beat() if self.stay_id is None:
                if self.is_waiting:
                    await self.say_waiting()
                await self.say("beat")
            case Open() if self.is_waiting:
                await self._at_door(open_alone)
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
            case said.State():
                sends = message.model_dump(exclude={"type"})
                change = partial(change_state, stay_id=stay, now=now, **sends)
                await self._tell(await in_database(change)())
            case said.Rename(name=name, head_count=count, party=other):
                rename = partial(rename_party, stay_id=stay, name=name, head_count=count, party_id=other)
                await self._tell(await in_database(rename)())
            case said.Quality() | said.BridgeLost():
                await self._report(message, stay)
            case said.Leave():
                await self._leave(stay)
            case said.End():
                await self._end()
            case _ if isinstance(message, ConductMessage):
                await self._conduct(message, stay)
            case _:
                await self.at_table(message)

    async def _report(self, message: said.Quality | said.BridgeLost, stay: int) -> None:
        if isinstance(message, said.BridgeLost):
            await self.bridge_lost(message.generation)
            return
        parties = frozenset(self.kinds)
        await in_database(record_quality)(stay_id=stay, samples=message.samples, parties=parties, now=timezone.now())

    async def _conduct(self, message: ConductMessage, stay: int) -> None:
        if isinstance(message, Chat):
            lines = self.lines.take(time.monotonic())
            if lines is None:
                raise errors.ChatFlood(wait_seconds=4)
            self.lines = lines
        await in_database(do_act)(message, stay_id=stay, now=timezone.now())

    def _stay(self) -> int:
        if self.stay_id is None:
            raise errors.NotIn
        return self.stay_id

    async def _hello(self, message: said.Hello) -> None:
        if self.screen is not None:
            raise errors.MessageUnknown
        self.screen = Screen(message.connection, message.page, message.device, message.microphone, message.camera)
        relay = Relay(settings.STUN_URLS, settings.TURN_URLS, settings.TURN_SECRET)
        await self.say(
            "welcome",
            party=self.guest.party.pk,
            parties=sorted(self.kinds),
            transport=await self.prepare_route(self.guest.party.pk),
            ice_servers=ice_servers(relay, name=str(self.guest.party.pk), now=timezone.now()),
            beat_seconds=BEAT_SECONDS,
            presence=(await in_database(_who_is_in)(self.conference_id)).as_json(),
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
        standing, is_sure = await in_database(self._come_to_door)(screen, take_over=take_over)
        if standing is Standing.REFUSED:
            raise errors.NotAdmitted
        self.is_waiting = standing is Standing.WAITS
        if self.is_waiting:
            await self.say_waiting()
            return
        if is_sure:
            await self.say_prepared()  # its line opens while its entry is written down
        try:
            entry = await in_database(self._enter_meeting)(screen, take_over=take_over)
        except errors.OpenElsewhere:
            await self.say("elsewhere")
            return
        self.stay_id = entry.stay_id
        if not is_sure:
            await self.say_prepared()
        note = {"type": "party.entered", "page": screen.page, "channel": self.channel_name}
        await self.channel_layer.group_send(f"party.{self.guest.party.pk}", note)
        await self.enter_route(entry.presence)
        await self._tell(entry.presence)
        for told in await in_database(told_on_entry)(self.conference_id, timezone.now()):
            await self.send(json.dumps(told))
        await self.say_table()

    async def _at_door(self, act: Callable[..., T]) -> T:
        return await in_database(act)(
            conference_id=self.conference_id, party_id=self.guest.party.pk, now=timezone.now()
        )

    async def say_waiting(self) -> None:
        knock, may_open = await self._at_door(wait_on)
        await self.say("waiting", since=knock.asked_at.timestamp(), now=time.time(), may_open=may_open)

    def _come_to_door(self, screen: Screen, *, take_over: bool) -> tuple[Standing, bool]:
        """Return whether the side may enter, and whether its line may open before its entry is written down."""
        who = {"conference_id": self.conference_id, "party_id": self.guest.party.pk}
        standing = come_to_door(**who, now=timezone.now())
        asks = standing is Standing.ENTERS and self.route.topology is Topology.BRIDGE
        return standing, asks and may_link_at_once(**who, connection=screen.connection, take_over=take_over)

    def _enter_meeting(self, screen: Screen, *, take_over: bool) -> Entry:
        """Bring the side in. One turn at the database: people wait for it."""
        who = {"conference_id": self.conference_id, "party_id": self.guest.party.pk}
        most, now = self.most_sites(), timezone.now()
        return enter_meeting(**who, screen=screen, take_over=take_over, most_sites=most, now=now)

    async def _signal(self, message: said.Signal) -> None:
        if message.to not in self.kinds:  # a guest or a caller may have come since
            self.kinds = await in_database(kinds_of)(self.guest.booking.pk)
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
        if not await in_database(touch_stay)(stay_id=stay, now=now) and self.screen:
            await self._come_in(self.screen, take_over=False)
        if takes_turn(self.channel_layer, self.conference_id):
            await self._look_after_all(now)
        elif self.needs_tokens():
            await self.look_at_route()
        await self.keep_recording()
        await self.say("beat")

    async def _look_after_all(self, now: datetime) -> None:
        if now - self.since > VANISHED_AFTER:  # after a restart, everyone first has the time to come back
            swept = await in_database(sweep_vanished)(conference_id=self.conference_id, now=now)
            if swept:
                await self._tell(swept[0], dict.fromkeys(swept[1], "lost"))
        await self.look_at_route()

    async def _leave(self, stay: int) -> None:
        self.stay_id = None
        presence = await in_database(leave_meeting)(stay_id=stay, now=timezone.now())
        await self._tell(presence, {self.guest.party.pk: "left"})
        await self.look_at_route()
        if not presence.present:
            await in_database(end_if_emptied)(conference_id=self.conference_id, now=timezone.now())

    async def _end(self) -> None:
        party = self.guest.party.pk
        await in_database(end_meeting)(
            conference_id=self.conference_id, reason=EndReason.ENDED, party_id=party, now=timezone.now()
        )
        await self.channel_layer.group_send(self.meeting, {"type": "meeting.over", "by": party})

    async def _note(self, message: said.Trouble | said.Help) -> None:
        if isinstance(message, said.Help):
            await in_database(_help)(self.conference_id, self.guest.party)
            return
        await in_database(record_failure)(
            conference_id=self.conference_id,
            party_id=self.guest.party.pk,
            code=message.code,
            detail=message.detail,
            about_id=message.about,
            now=timezone.now(),
        )

    # What the other sockets of the meeting say

    async def meeting_presence(self, event: dict[str, Any]) -> None:
        """Pass on who is in; at the door, prepare for another way if that changes it."""
        await self.hear_presence([one["party"] for one in event["present"]])
        await self.say("presence", version=event["version"], present=event["present"], left=event["left"])

    async def meeting_over(self, event: dict[str, Any]) -> None:
        """Pass on that the meeting is over, and hang up."""
        self.stay_id = None
        await self.say("over", by=event["by"])
        await self.close(1000)

    async def party_entered(self, event: dict[str, Any]) -> None:
        """Another socket of this party is in: this one is not any more."""
        if event["channel"] == self.channel_name or self.stay_id is None:
            return
        self.stay_id = None
        if self.screen is None or event["page"] != self.screen.page:
            await self.say("superseded")
        await self.close(CLOSE_CODES["open-elsewhere"])

    async def meeting_told(self, event: dict[str, Any]) -> None:
        """Pass on what is for those inside."""
        if self.stay_id is not None:
            await self.send(json.dumps(event["message"]))

    async def party_answered(self, event: dict[str, Any]) -> None:
        """Someone answered this side, which waits at the door."""
        if not self.is_waiting or self.screen is None:
            return
        self.is_waiting = False
        if not event["admitted"]:
            await self.turn_away(errors.NotAdmitted())
            return
        try:
            await self._come_in(self.screen, take_over=False)
        except DomainError as refusal:
            await self.turn_away(refusal)

    async def party_asked(self, event: dict[str, Any]) -> None:
        """Pass on what the concierge asks of the screen that is in."""
        if self.stay_id is not None:
            await self.say("asked", what=event["what"], text=event.get("text", ""))

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


def _help(conference_id: int, party: Party) -> None:
    with transaction.atomic():
        ask_help(conference=Conference.objects.get(pk=conference_id), party=party)
