"""The gateway's calls out: takes what the desk asked for, rings, and says what became of it."""

import asyncio

from channels.db import database_sync_to_async
from django.utils import timezone

from maillage.conference.domain import sdp
from maillage.conference.domain.dialling import is_number, uri_of
from maillage.conference.gateways.configured import configured_pool
from maillage.conference.gateways.relay.udp import NoPort
from maillage.conference.gateways.sip.call import CallRefused
from maillage.conference.gateways.sip.transactions import NoAnswer
from maillage.conference.gateways.sipgate.switchboard import Switchboard
from maillage.conference.models import DialState
from maillage.conference.services import CallOut, note_dialled, take_dial_orders


class Dialler:
    """Makes each call in a task of its own, so that one that rings delays no other."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._ringing: set[asyncio.Task[None]] = set()

    async def make_calls(self) -> int:
        """Take the calls that wait; return how many."""
        waiting = await database_sync_to_async(take_dial_orders)(pool=configured_pool(), now=timezone.now())
        for call in waiting:
            task = asyncio.create_task(self._ring(call))
            self._ringing.add(task)
            task.add_done_callback(self._ringing.discard)
        return len(waiting)

    async def _ring(self, call: CallOut) -> None:
        host = self._board.line.host if self._board.line else ""
        state, reason = DialState.IN, ""
        try:
            await self._board.call_out(
                uri_of(call.target, host), call.invitation, with_video=not is_number(call.target)
            )
        except (CallRefused, NoAnswer, NoPort, ValueError, sdp.Unacceptable, OSError) as refusal:
            state, reason = DialState.FAILED, str(refusal) or type(refusal).__name__
        await database_sync_to_async(note_dialled)(
            order_id=call.order_id, state=state, reason=reason, now=timezone.now()
        )
