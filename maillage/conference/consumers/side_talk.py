"""« Le couloir » on its socket: the protocol of a meeting, for two sides, directly linked, for some minutes."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.utils import timezone

from maillage.conference import errors
from maillage.conference.consumers.page_socket import CLOSE_CODES, PageSocket, in_database
from maillage.conference.domain import messages as said
from maillage.conference.domain.presence import BEAT_SECONDS
from maillage.conference.domain.topology import Topology
from maillage.conference.domain.turn import Relay, ice_servers
from maillage.conference.models import SideTalk
from maillage.conference.selectors import Guest, guest_by_link
from maillage.conference.selectors.side_talks import open_talk_of
from maillage.conference.services import Screen
from maillage.conference.services.side_talks import Seated, change_seat, end_late_talk, sit_down, stand_up

T = TypeVar("T")


def _arrive(token: str) -> tuple[Guest, SideTalk]:
    now = timezone.now()
    guest = guest_by_link(token, now)
    talk = open_talk_of(guest.party, now)
    if talk is None:
        raise errors.SideTalkOver
    return guest, talk


class SideTalkConsumer(PageSocket):
    """One socket of one of the two sides."""

    talk: SideTalk
    screen: Screen | None = None
    is_in = False

    async def arrive(self, token: str) -> None:
        """Find the talk of this side, and listen to the other one."""
        self.guest, self.talk = await in_database(_arrive)(token)
        self.me = self.guest.party.pk
        self.other = self.talk.second_id if self.me == self.talk.first_id else self.talk.first_id
        self.group = f"side.{self.talk.pk}"
        await self.channel_layer.group_add(self.group, self.channel_name)

    async def disconnect(self, code: int) -> None:
        """Stop listening; the seat is kept while its page may come back."""
        if hasattr(self, "group"):
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def handle(self, message: said.AnyMessage) -> None:
        """Do what the page says; what belongs to a meeting alone is let pass."""
        match message:
            case said.Hello():
                await self._hello(message)
            case said.Enter() if self.screen is not None:
                self.screen = Screen(
                    self.screen.connection, self.screen.page, self.screen.device, message.microphone, message.camera
                )
                await self._come_in(take_over=message.take_over)
            case said.Beat():
                await self._beat()
            case said.State() if self.is_in:
                await self._tell(await self._in_talk(change_seat, **message.model_dump(exclude={"type"})))
            case said.Signal() if self.screen is not None:
                await self._signal(message, self.screen.page)
            case said.Leave() | said.End() if self.is_in:
                self.is_in = False
                await self._tell(await self._in_talk(stand_up), {self.me: "left"})

    async def _in_talk(self, act: Callable[..., T], **fields: Any) -> T:
        return await in_database(act)(talk_id=self.talk.pk, party_id=self.me, now=timezone.now(), **fields)

    async def _hello(self, message: said.Hello) -> None:
        self.screen = Screen(message.connection, message.page, message.device, message.microphone, message.camera)
        relay = Relay(settings.STUN_URLS, settings.TURN_URLS, settings.TURN_SECRET)
        seated = await self._in_talk(change_seat)
        await self.say(
            "welcome",
            party=self.me,
            parties=sorted([self.me, self.other]),
            transport={"topology": Topology.P2P, "generation": 0, "room": "", "bridges": []},
            ice_servers=ice_servers(relay, name=str(self.me), now=timezone.now()),
            beat_seconds=BEAT_SECONDS,
            presence=seated.presence.as_json(),
        )
        if message.entered:
            await self._come_in(take_over=False)

    async def _come_in(self, *, take_over: bool) -> None:
        try:
            seated = await self._in_talk(sit_down, screen=self.screen, take_over=take_over)
        except errors.OpenElsewhere:
            await self.say("elsewhere")
            return
        self.is_in = True
        await self._tell(seated)

    async def _beat(self) -> None:
        if await in_database(end_late_talk)(talk_id=self.talk.pk, now=timezone.now()):
            await self.channel_layer.group_send(self.group, {"type": "side.over"})
            return
        before = await self._in_talk(change_seat)
        if len(before.presence.present) != self.known:
            await self._tell(before)
        await self.say("beat")

    async def _signal(self, message: said.Signal, page: str) -> None:
        if message.to != self.other:
            raise errors.PartyUnknown
        note: dict[str, Any] = {
            "type": "side.signal",
            "to": message.to,
            "to_page": message.page,
            "from": self.me,
            "page": page,
            "description": message.description.model_dump() if message.description else None,
            "candidates": [one.model_dump() for one in message.candidates],
        }
        await self.channel_layer.group_send(self.group, note)

    # What the other side's sockets say

    known = 0

    async def side_presence(self, event: dict[str, Any]) -> None:
        """Pass on who is in; a page of this side that is not the seated one has been continued elsewhere."""
        self.known = len(event["presence"]["present"])
        await self.say("presence", **event["presence"], left=event["left"])
        pages: Mapping[int, str] = {one["party"]: one["page"] for one in event["presence"]["present"]}
        if self.is_in and self.screen and pages.get(self.me, self.screen.page) != self.screen.page:
            self.is_in = False
            await self.say("superseded")
            await self.close(CLOSE_CODES["open-elsewhere"])

    async def side_over(self, _event: dict[str, Any]) -> None:
        """Pass on that the talk is over, and hang up."""
        self.is_in = False
        await self.say("over", by=None)
        await self.close(1000)

    async def side_signal(self, event: dict[str, Any]) -> None:
        """Pass on what the other side's page says to this one."""
        if event["to"] == self.me and self.screen is not None and event["to_page"] == self.screen.page:
            await self.say("signal", **{key: event[key] for key in ("from", "page", "description", "candidates")})

    async def _tell(self, seated: Seated, left: dict[int, str] | None = None) -> None:
        if seated.is_over:
            await self.channel_layer.group_send(self.group, {"type": "side.over"})
            return
        told = {str(party): why for party, why in (left or {}).items()}
        await self.channel_layer.group_send(
            self.group, {"type": "side.presence", "presence": seated.presence.as_json(), "left": told}
        )
