"""The voice line to the desk, on its sockets: callers ring, operators answer, the two pages then speak directly.

Who waits lives in the database, so any web process may hold either end and a restart loses no call. It needs no
meeting: a caller's link or a room's key is enough, early, late, or while the meeting does not work.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.conf import settings
from django.utils import timezone, translation

from maillage.concierge import services
from maillage.concierge.domain import line_messages as said
from maillage.concierge.domain.line import Answering, Standing
from maillage.concierge.errors import CallOver, NotAnOperator
from maillage.concierge.models import CallState, HelpCall
from maillage.concierge.rights import is_operator
from maillage.concierge.selectors import calls_held_by, calls_waiting, desk_standing, help_phone
from maillage.concierge.services.line import Caller
from maillage.concierge.words import missed_words, standing_words
from maillage.conference.domain.flow import Bucket
from maillage.conference.domain.turn import Relay, ice_servers
from maillage.conference.errors import MessageFlood, MessageTooLarge, MessageUnknown
from maillage.conference.selectors import guest_by_link
from maillage.core.errors import DomainError
from maillage.core.sockets import Resumed, cookie_in
from maillage.station.domain.keys import MAIN_COOKIE
from maillage.station.services import identify

logger = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")
DESK = "line.desk"
BEAT_SECONDS = 4
REFUSED = 4403
_LATE = timedelta(seconds=2)


def _in_database(act: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    return database_sync_to_async(act)


class Line(Resumed):
    """One end of the voice line: reads its messages, refuses the rest, says what comes back."""

    language = settings.LANGUAGE_CODE

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Read one message and do what it says; a refusal is said, and the socket stays."""
        try:
            await self.handle(self._read(text_data))
        except (MessageFlood, MessageTooLarge, MessageUnknown) as wrong:
            await self.refuse(wrong)
            await self.close(REFUSED)
        except DomainError as refusal:
            await self.refuse(refusal)

    def _read(self, text: str | None) -> said.AnyLineMessage:
        bucket = getattr(self, "bucket", Bucket(at=time.monotonic())).take(time.monotonic())
        if bucket is None:
            raise MessageFlood(wait_seconds=10)
        self.bucket = bucket
        if text is None:
            raise MessageUnknown
        if len(text) > said.MAX_MESSAGE:
            raise MessageTooLarge
        try:
            return said.read_line_message(text)
        except ValueError as wrong:
            raise MessageUnknown from wrong

    async def handle(self, message: said.AnyLineMessage) -> None:
        """Do what `message` says: each end has its own."""
        raise NotImplementedError

    async def say(self, kind: str, **fields: Any) -> None:
        """Say one message to this page."""
        await self.send(json.dumps({"type": kind, **fields}))

    async def refuse(self, refusal: DomainError) -> None:
        """Say why something cannot be done, in the page's language."""
        with translation.override(self.language):
            await self.say("refused", code=refusal.code, sentence=refusal.sentence(), advice=refusal.advice())

    async def pass_on(self, call_id: int, message: said.LineSignal) -> None:
        """Give the other end of a call what this end says to it."""
        note = {
            "type": "line.signal",
            "channel": self.channel_name,
            "call": call_id,
            "description": message.description.model_dump() if message.description else None,
            "candidates": [one.model_dump() for one in message.candidates],
        }
        await self.channel_layer.group_send(f"line.{call_id}", note)

    async def end(self, call_id: int, agent_id: int | None) -> None:
        """End a call for both ends, and renew the desks' lists."""
        await _in_database(services.hang_up)(call_id=call_id, now=timezone.now(), agent_id=agent_id)
        await self.channel_layer.group_send(f"line.{call_id}", {"type": "line.over", "call": call_id})
        await self.channel_layer.group_send(DESK, {"type": "line.changed"})

    async def line_signal(self, event: dict[str, Any]) -> None:
        """Pass on what the other end says."""
        if event["channel"] != self.channel_name:
            heard = {key: event[key] for key in ("call", "description", "candidates")}
            await self.say("signal", **heard)

    async def line_over(self, event: dict[str, Any]) -> None:
        """Pass on that a call is over."""
        await self.channel_layer.group_discard(f"line.{event['call']}", self.channel_name)
        await self.say("over", call=event["call"])

    def relays(self, name: str) -> list[Any]:
        """Return the paths that the browser of `name` may use."""
        relay = Relay(settings.STUN_URLS, settings.TURN_URLS, settings.TURN_SECRET)
        return list(ice_servers(relay, name=name, now=timezone.now()))


class CallerLine(Line):
    """The caller's end. Subclasses say who calls."""

    caller: Caller
    call_id: int | None = None
    _patience: "asyncio.Task[None] | None" = None

    def who(self) -> Caller:
        """Return who opens this socket. Raises why they may not."""
        raise NotImplementedError

    async def connect(self) -> None:
        """Accept, so that a refusal can be said in words, then check who calls."""
        await self.accept()
        try:
            self.caller = await _in_database(self.who)()
        except DomainError as refusal:
            await self.refuse(refusal)
            await self.close(REFUSED)

    async def disconnect(self, code: int) -> None:
        """Stop listening; the call waits GONE_AFTER for the page to come back."""
        if self._patience:
            self._patience.cancel()
        if self.call_id is not None:
            await self.channel_layer.group_discard(f"line.{self.call_id}", self.channel_name)

    async def handle(self, message: said.AnyLineMessage) -> None:
        """Ring, speak to the operator's page, hang up."""
        match message:
            case said.Ring(language=language) if hasattr(self, "caller"):
                self.language = language
                await self._ring()
            case said.LineBeat():
                if self.call_id is not None:
                    await _in_database(services.hear)(call_id=self.call_id, now=timezone.now())
                await self.say("beat")
            case said.LineSignal() if self.call_id is not None:
                await self.pass_on(self.call_id, message)
            case said.HangUp() if self.call_id is not None:
                await self.end(self.call_id, None)
            case _:
                raise CallOver

    async def _ring(self) -> None:
        now = timezone.now()
        standing = await _in_database(desk_standing)(now)
        is_open = standing.answering is Answering.OPEN
        call = await _in_database(services.ring)(caller=self.caller, is_open=is_open, now=now)
        await self.channel_layer.group_send(DESK, {"type": "line.changed"})
        if call.state == CallState.MISSED:
            await self._tell_closed(standing)
            return
        self.call_id = call.pk
        await self.channel_layer.group_add(f"line.{call.pk}", self.channel_name)
        await self.say(
            "waiting",
            call=call.pk,
            is_answered=call.state == CallState.ANSWERED,
            seconds=settings.HELP_RING_SECONDS,
            beat_seconds=BEAT_SECONDS,
            ice_servers=self.relays(f"caller-{call.pk}"),
        )
        if call.state == CallState.WAITING:
            left = call.rang_at + timedelta(seconds=settings.HELP_RING_SECONDS) - now
            self._patience = asyncio.create_task(self._lose_patience(call.pk, max(left, _LATE).total_seconds()))

    async def _lose_patience(self, call_id: int, seconds: float) -> None:
        """Nobody answered: say the number and what happens next. The ticket stays open at the desk."""
        await asyncio.sleep(seconds)
        missed = await _in_database(services.hang_up)(call_id=call_id, now=timezone.now(), states=(CallState.WAITING,))
        if missed is None:
            return
        self.call_id = None
        await self.channel_layer.group_discard(f"line.{call_id}", self.channel_name)
        await self.channel_layer.group_send(DESK, {"type": "line.changed"})
        with translation.override(self.language):
            await self.say("missed", sentence=missed_words(), phone=help_phone())

    async def _tell_closed(self, standing: Standing) -> None:
        with translation.override(self.language):
            sentence = standing_words(standing, settings.TIME_ZONE)
        await self.say("missed", sentence=sentence, phone=standing.phone)

    async def line_answered(self, event: dict[str, Any]) -> None:
        """Pass on that an operator took the call, and on which page."""
        if self._patience:
            self._patience.cancel()
        await self.say("answered", call=event["call"], page=event["page"])


class PartyLine(CallerLine):
    """A side of a meeting, by its link: before, at the door, in the meeting, or when none of it works."""

    def who(self) -> Caller:
        """Return the side. Raises LinkForged, LinkExpired."""
        guest = guest_by_link(self.scope["url_route"]["kwargs"]["token"], timezone.now())
        self.language = guest.booking.language
        return Caller(
            name=f"{guest.party.name} ({guest.booking.reference})",
            booking_id=guest.booking.pk,
            party_id=guest.party.pk,
            subject=f"booking:{guest.booking.reference}",
        )


class StationLine(CallerLine):
    """A room, by the key of its screen."""

    def who(self) -> Caller:
        """Return the room. Raises NotAStation, KeyUsedTwice."""
        station = identify(key=cookie_in(self.scope, MAIN_COOKIE), now=timezone.now())
        return Caller(
            name=str(station.room), room_id=station.room_id, subject=f"room:{station.room_id}", door="station"
        )


class DeskLine(Line):
    """An operator's end: sees who waits, answers in one press."""

    agent_id: int
    page = ""

    async def connect(self) -> None:
        """Let operators listen."""
        await self.accept()
        agent: Any = self.scope.get("user")
        if not await _in_database(_may_answer)(agent):
            await self.refuse(NotAnOperator())
            await self.close(REFUSED)
            return
        self.agent_id = agent.pk
        self.mine: set[int] = set()
        await self.channel_layer.group_add(DESK, self.channel_name)
        await self._list()

    async def disconnect(self, code: int) -> None:
        """Stop listening; the two pages still hear each other."""
        for group in (DESK, *(f"line.{call}" for call in getattr(self, "mine", ()))):
            await self.channel_layer.group_discard(group, self.channel_name)

    async def handle(self, message: said.AnyLineMessage) -> None:
        """Answer, speak to the caller's page, hang up."""
        if not hasattr(self, "agent_id"):
            return
        match message:
            case said.Answer(call=call, page=page):
                await self._answer(call, page)
            case said.LineSignal(call=int(call)) if call in self.mine:
                await self.pass_on(call, message)
            case said.HangUp(call=int(call)) if call in self.mine:
                await self.end(call, self.agent_id)
            case said.LineBeat():
                for gone in await _in_database(services.close_gone_calls)(timezone.now()):
                    await self.channel_layer.group_send(f"line.{gone}", {"type": "line.over", "call": gone})
                    await self.channel_layer.group_send(DESK, {"type": "line.changed"})
                await self.say("beat")
            case _:
                raise CallOver

    async def _answer(self, call_id: int, page: str) -> None:
        call = await _in_database(services.answer)(call_id=call_id, agent_id=self.agent_id, now=timezone.now())
        self.mine.add(call.pk)
        await self.channel_layer.group_add(f"line.{call.pk}", self.channel_name)
        await self.say("taken", call=call.pk, name=call.name, ice_servers=self.relays(f"desk-{self.agent_id}"))
        note = {"type": "line.answered", "call": call.pk, "page": page}
        await self.channel_layer.group_send(f"line.{call.pk}", note)
        await self.channel_layer.group_send(DESK, {"type": "line.changed"})

    async def line_changed(self, event: dict[str, Any]) -> None:
        """Somebody rang, was answered or went: say who waits now."""
        await self._list()

    async def line_answered(self, event: dict[str, Any]) -> None:
        """Known here already: this message is for the caller."""

    async def _list(self) -> None:
        waiting, held = await _in_database(_calls)(self.agent_id)
        await self.say("calls", waiting=waiting, held=held, beat_seconds=BEAT_SECONDS)


def _calls(agent_id: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    waiting, held = calls_waiting(), calls_held_by(agent_id)
    return [_as_json(call) for call in waiting], [_as_json(call) for call in held]


def _as_json(call: HelpCall) -> dict[str, Any]:
    meeting = str(call.booking_id) if call.booking_id else ""
    return {"call": call.pk, "name": call.name, "meeting": meeting, "since": call.rang_at.isoformat()}


def _may_answer(user: Any) -> bool:
    return user is not None and user.is_authenticated and is_operator(user)
