"""The switchboard: every call of the gateway, from the first ring to the conference and out again."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass, field
from time import monotonic

from maillage.conference.domain import sdp
from maillage.conference.domain.bridge_names import CALLER
from maillage.conference.domain.keypad import ANSWERS, CODE_DIGITS, EntryState, KeyCommand
from maillage.conference.gateways.errors import BridgeDown, BridgeRefused, NoBridge
from maillage.conference.gateways.relay.prompts import prompt
from maillage.conference.gateways.relay.terminal import TerminalMedia
from maillage.conference.gateways.relay.udp import NoPort, PortRange
from maillage.conference.gateways.sip.agent import SipAgent
from maillage.conference.gateways.sip.call import Call, CallState
from maillage.conference.gateways.sip.outgoing import Line, dial
from maillage.conference.gateways.sipgate.bridges import GatewayRooms
from maillage.conference.gateways.sipgate.directory import Directory, Invitation, Recorded, Turned
from maillage.conference.gateways.sipgate.leg import Leg, LegState
from maillage.conference.gateways.sipgate.place import Place

logger = logging.getLogger(__name__)
CODE_SECONDS = 40
"""How long a caller may take for the code."""
BEAT_SECONDS = 4
WAIT_SECONDS = 20
"""How often a waiting caller is told that they are waiting."""
ANSWER_SECONDS = 2
"""How often it is asked whether someone opened."""
RECORDING_ASKS = "recording-asks"
FAREWELL_SECONDS = 1.5
"""How long the end of the gateway waits for the calls to be noted as over, then for the servers."""
ASK_AGAIN_SECONDS = 20
"""How often a caller is asked whether they may be recorded."""


@dataclass
class Switchboard:
    """Calls in and out of conferences. `agent` is given after, since it needs `take` first."""

    directory: Directory
    rooms: GatewayRooms
    ports: PortRange
    line: Line | None = None
    agent: SipAgent | None = None
    legs: dict[str, Leg] = field(default_factory=dict)
    _tasks: "dict[str, set[asyncio.Task[None]]]" = field(default_factory=dict)

    # calls in

    async def take(self, call: Call) -> None:
        """Answer a call: into its conference if the code was dialled, else ask for the code."""
        leg = await self._new_leg(call)
        if leg is None:
            return
        try:
            answer = leg.agree(call.body)
        except sdp.Unacceptable:
            leg.media.close()
            call.refuse(488)
            return
        self._know(leg)
        call.accept(answer)
        found = await self.directory.find(call.dialled, leg.caller()) if _is_code(call.dialled) else Turned.UNKNOWN
        if leg.state is LegState.OVER:
            return
        if isinstance(found, Invitation):
            await self._invite(leg, found)
        elif found is not Turned.UNKNOWN:
            self._run(leg, self._turn_away(leg, found))
        else:
            leg.media.on_key = lambda key: self._run(leg, self._typed(leg, key))
            self._run(leg, self._ask_for_code(leg))

    async def _new_leg(self, call: Call) -> Leg | None:
        try:
            media = await TerminalMedia.opened(self.ports)
        except NoPort:
            logger.warning("no port left for a call from %s", call.peer.host)
            call.refuse(503)
            return None
        return Leg(f"{CALLER}{secrets.token_hex(4)}", call, media)

    def _know(self, leg: Leg) -> None:
        self.legs[leg.id] = leg
        leg.call.on_end = lambda reason: self._ended(leg, reason)
        leg.call.on_change = leg.agree

    async def _ask_for_code(self, leg: Leg) -> None:
        try:
            async with asyncio.timeout(CODE_SECONDS):
                while leg.state is LegState.ASKING:
                    await leg.media.play(prompt("code", leg.language))
                    await asyncio.sleep(6)
        except TimeoutError:
            leg.call.hang_up("no code typed")

    async def _typed(self, leg: Leg, key: str) -> None:
        if leg.state is not LegState.ASKING:
            return
        leg.media.hush()
        leg.entry = leg.entry.press(key)
        if leg.entry.state is not EntryState.COMPLETE:
            return
        found = await self.directory.find(leg.entry.digits, leg.caller())
        if isinstance(found, Invitation):
            await self._invite(leg, found)
            return
        leg.entry = leg.entry.wrong()
        if found is Turned.UNKNOWN and leg.entry.state is not EntryState.REFUSED:
            await leg.media.play(prompt(found, leg.language))
        else:
            await self._turn_away(leg, Turned.TOO_MANY if found is Turned.UNKNOWN else found)

    async def _turn_away(self, leg: Leg, why: Turned) -> None:
        await leg.media.play(prompt(why, leg.language))
        leg.call.hang_up(f"turned away: {why}")

    async def _invite(self, leg: Leg, invitation: Invitation) -> None:
        leg.accept(invitation)
        if invitation.must_wait:
            leg.state = LegState.WAITING
            await self.directory.waiting(leg.facts())
            self._run(leg, self._keep_company(leg))
        else:
            await self.admit(leg.id)

    async def _keep_company(self, leg: Leg) -> None:
        """Tell a caller now and then that they wait; let them in, or say goodbye, once someone has answered."""
        answer: bool | None = None
        while leg.state is LegState.WAITING and answer is None:
            await leg.media.play(prompt("waiting", leg.language))
            for _time in range(WAIT_SECONDS // ANSWER_SECONDS):
                answer = await self.directory.answered(leg.facts())
                if answer is not None or leg.state is not LegState.WAITING:
                    break
                await asyncio.sleep(ANSWER_SECONDS)
        if leg.state is LegState.WAITING:
            await (self.admit(leg.id) if answer else self._turn_away(leg, Turned.NOT_ADMITTED))

    # into the conference and out

    async def admit(self, leg_id: str) -> bool:
        """Let a call into its conference; False if it is not there to be let in."""
        leg = self.legs.get(leg_id)
        if leg is None or leg.state in {LegState.IN, LegState.OVER} or not leg.room:
            return False
        leg.state = LegState.IN
        leg.media.on_key = lambda key: self._run(leg, self._command(leg, key))
        self._run(leg, leg.media.play(prompt("joined", leg.language)))
        try:
            await self.rooms.enter(leg.room, lambda at: Place(at, leg.id, leg.name, leg.media))
        except (NoBridge, BridgeDown, BridgeRefused) as failure:
            logger.warning("no place in %s: %s", leg.room, failure)
            await leg.media.play(prompt("trouble", leg.language))
            leg.call.hang_up("no bridge")
            return False
        if self.legs.get(leg_id) is None:  # hung up meanwhile
            await self.rooms.leave(leg.room, leg.id)
            return False
        await self.directory.joined(leg.facts())
        self._run(leg, self._beat(leg))
        return True

    async def _beat(self, leg: Leg) -> None:
        """Say that the call goes on, until its conference is over."""
        while await self.directory.still_in(leg.facts()):
            await self._follow_floor(leg)
            self._say_recorded(leg, await self.directory.recorded(leg.facts()))
            await asyncio.sleep(BEAT_SECONDS)
        await self._turn_away(leg, Turned.OVER)

    async def _follow_floor(self, leg: Leg) -> None:
        """Shut a caller's sound while the floor is another's. When it is theirs, only the caller opens it (`*6`)."""
        leg.is_held_back = not await self.directory.follow_floor(leg.facts(), leg.media.take_spoken())
        if leg.is_held_back and not leg.media.is_muted:
            leg.media.is_muted = True
            await leg.media.play(prompt("muted", leg.language))

    async def _command(self, leg: Leg, key: str) -> None:
        command = leg.commands.press(key)
        if command is None:
            return
        if command in ANSWERS:
            await self._consent(leg, accepts=ANSWERS[command])
            return
        if command is KeyCommand.MUTE:
            leg.media.is_muted = leg.is_held_back or not leg.media.is_muted
            await leg.media.play(prompt("muted" if leg.media.is_muted else "unmuted", leg.language))
        await self.directory.pressed(leg.facts(), command)

    def _say_recorded(self, leg: Leg, now: Recorded) -> None:
        """Tell a caller what changed about the recording; ask again while their answer is missing.

        Not awaited: a caller that listens to a sentence is still there at the next beat.
        """
        before, leg.recorded = leg.recorded, now
        told = recording_prompt(before, now, asked_for=monotonic() - leg.asked_at)
        if told == RECORDING_ASKS:
            leg.asked_at = monotonic()
        if told:
            self._run(leg, leg.media.play(prompt(told, leg.language)))

    async def _consent(self, leg: Leg, *, accepts: bool) -> None:
        if await self.directory.consents(leg.facts(), accepts=accepts):
            leg.recorded = Recorded.WAITING
            await leg.media.play(prompt("recording-yes" if accepts else "recording-no", leg.language))

    def mute(self, leg_id: str) -> bool:
        """Silence a terminal, as the chair may. Only the terminal itself can speak again (`*6`)."""
        leg = self.legs.get(leg_id)
        if leg:
            leg.media.is_muted = True
        return leg is not None

    def hang_up(self, leg_id: str) -> bool:
        """End a call."""
        leg = self.legs.get(leg_id)
        if leg:
            leg.call.hang_up("put out")
        return leg is not None

    def _ended(self, leg: Leg, reason: str) -> None:
        before, leg.state = leg.state, LegState.OVER
        if self.legs.pop(leg.id, None) is None:
            return
        for task in self._tasks.pop(leg.id, set()):
            if task is not _current_task():
                task.cancel()
        farewell = asyncio.ensure_future(self._clear(leg, before, reason))
        self._tasks.setdefault("farewells", set()).add(farewell)
        farewell.add_done_callback(self._tasks["farewells"].discard)

    async def _clear(self, leg: Leg, before: LegState, reason: str) -> None:
        """Take an ended call out of its room and note that it left; neither waits for the other."""
        rooms, directory = self.rooms, self.directory
        leaves = [rooms.leave(leg.room, leg.id)] if before is LegState.IN else []
        notes = [directory.left(leg.facts(), reason)] if before in {LegState.IN, LegState.WAITING} else []
        try:
            await asyncio.gather(*leaves, *notes)
        finally:
            leg.media.close()

    # calls out

    async def call_out(self, uri: str, invitation: Invitation, *, with_video: bool = True) -> str:
        """Call a terminal or a phone into a conference; return the leg's id once it is in.

        Raises CallRefused with its reason, ValueError for an address that is none, NoPort when full.
        """
        if self.agent is None:
            raise RuntimeError("the switchboard has no line yet")
        media = await TerminalMedia.opened(self.ports)
        try:
            offer = sdp.offer(media.ours(), with_video=with_video)
            call = await dial(self.agent, uri, offer, line=self.line, name=invitation.name)
        except BaseException:
            media.close()
            raise
        leg = Leg(f"{CALLER}{secrets.token_hex(4)}", call, media)
        try:
            leg.take_answer()
        except sdp.Unacceptable:
            call.hang_up("nothing in common")
            media.close()
            raise
        self._know(leg)
        leg.accept(invitation)
        if call.state is CallState.OVER:
            self._ended(leg, "hung up there")
        else:
            await self.admit(leg.id)
        return leg.id

    # housekeeping

    def _run(self, leg: Leg, work: "asyncio.Future[None] | object") -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)  # type: ignore[arg-type]
        mine = self._tasks.setdefault(leg.id, set())
        mine.add(task)
        task.add_done_callback(mine.discard)

    async def stop(self) -> None:
        """End every call, leave every room. A server or a database that does not answer is waited for a moment only."""
        for leg in list(self.legs.values()):
            leg.call.hang_up("closing")
        await self.rooms.stay_put()
        await _within(FAREWELL_SECONDS, *self._tasks.get("farewells", set()))
        await _within(FAREWELL_SECONDS, self.rooms.stop())
        if self.agent:
            await self.agent.stop()


async def _within(seconds: float, *work: "Awaitable[None]") -> None:
    """Wait for `work`, that long at most; what is not done by then is given up."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*work, return_exceptions=True), seconds)


def recording_prompt(before: Recorded, now: Recorded, *, asked_for: float) -> str:
    """Return the prompt for a caller whose conference was recorded as `before`, and is as `now`; "" for none.

    asked_for: seconds since they were last asked for their answer.
    """
    if now is Recorded.ASKED:
        return RECORDING_ASKS if before is not now or asked_for > ASK_AGAIN_SECONDS else ""
    if now is Recorded.ON:
        return "recording-on" if before is not now else ""
    return "recording-over" if before is Recorded.ON else ""


def _is_code(dialled: str) -> bool:
    return len(dialled) == CODE_DIGITS and dialled.isdigit()


def _current_task() -> "asyncio.Task[None] | None":
    with contextlib.suppress(RuntimeError):
        return asyncio.current_task()
    return None
