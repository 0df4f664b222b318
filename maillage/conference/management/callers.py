"""The SIP gateway's questions answered from the database, and its news written there."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.utils import timezone

from maillage.booking.models import PartyKind
from maillage.conference.domain.door import Door
from maillage.conference.domain.keypad import KeyCommand
from maillage.conference.domain.lobby import Standing
from maillage.conference.domain.presence import Presence
from maillage.conference.domain.recording import Step
from maillage.conference.errors import MeetingOver, NobodyAtDoor, RecordingUnknown
from maillage.conference.gateways.configured import access_of, configured_pool
from maillage.conference.gateways.sipgate.directory import BridgeAccess, Caller, Invitation, LegFacts, Recorded, Turned
from maillage.conference.models import Attendance, BridgeRoom, KnockAnswer
from maillage.conference.selectors import meeting_by_code, presence_of
from maillage.conference.selectors.conduct import may_be_heard
from maillage.conference.selectors.recordings import answers_to, running_recording
from maillage.conference.services import (
    Screen,
    add_spoken,
    answer_recording,
    can_record,
    come_to_door,
    enter_meeting,
    forget_admission,
    has_guessed_too_often,
    leave_door,
    leave_meeting,
    note_wrong_code,
    open_conference,
    party_for_call,
    put_on_bridge,
    raise_hand_by_key,
    settle_route,
    touch_stay,
    wait_on,
)
from maillage.core.journal import record

logger = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")
DOORS = {Door.EARLY: Turned.EARLY, Door.OPEN: None}


def _in_database(act: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    return database_sync_to_async(act)


class DatabaseDirectory:
    """The `Directory` of the running service. Rooms are named as at the bridge."""

    async def find(self, code: str, caller: Caller) -> Invitation | Turned:
        """Return what `code` opens for this caller, or why nothing."""
        return await _in_database(find_meeting)(code, caller)

    async def access(self, room: str) -> BridgeAccess:
        """Return where the room is now, made if need be. Raises NoBridge."""
        return await _in_database(_access)(room)

    async def joined(self, leg: LegFacts) -> None:
        """A call entered its conference."""
        await self._tell(leg, await _in_database(_enter)(leg))

    async def waiting(self, leg: LegFacts) -> None:
        """A call waits to be let in."""
        await _in_database(_note)("conference.caller-waits", leg)

    async def answered(self, leg: LegFacts) -> bool | None:
        """Note that a call still waits; tell whether it was let in, None while nobody has answered."""
        return await _in_database(_answer)(leg)

    async def follow_floor(self, leg: LegFacts, spoken_seconds: float) -> bool:
        """Note for how long a call has spoken since last told; tell whether the floor lets it be heard."""
        return await _in_database(_follow_floor)(leg, spoken_seconds)

    async def recorded(self, leg: LegFacts) -> Recorded:
        """Return whether the conference is recorded, and whether this caller has to answer first."""
        return await _in_database(_recorded)(leg)

    async def consents(self, leg: LegFacts, *, accepts: bool) -> bool:
        """Keep what a caller answers about being recorded; False if nothing is asked any more."""
        return await _in_database(_consents)(leg, accepts)

    async def still_in(self, leg: LegFacts) -> bool:
        """Note that a call goes on; tell whether its conference does too."""
        return await _in_database(_touch)(leg)

    async def left(self, leg: LegFacts, reason: str) -> None:
        """A call that had joined or waited is over."""
        await self._tell(leg, await _in_database(_leave)(leg, reason), left=True)

    async def pressed(self, leg: LegFacts, command: str) -> None:
        """Someone in the conference asked for something by keys."""
        await _in_database(_note)(f"conference.key-{command}", leg)
        if command == KeyCommand.RAISE_HAND:
            await _in_database(_raise_hand)(leg)

    async def _tell(self, leg: LegFacts, heard: tuple[int, Presence] | None, *, left: bool = False) -> None:
        """Tell the pages of the meeting who is in."""
        layer = get_channel_layer()
        if heard is None or layer is None:
            return
        conference, presence = heard
        if await _in_database(_settle)(conference):
            await layer.group_send(f"meeting.{conference}", {"type": "meeting.route"})
        gone = {str(leg.party): "left"} if left else {}
        note: dict[str, Any] = {"type": "meeting.presence", **presence.as_json(), "left": gone}
        await layer.group_send(f"meeting.{conference}", note)


def find_meeting(code: str, caller: Caller) -> Invitation | Turned:
    """Return the invitation that `code` is for this caller, or why there is none."""
    if has_guessed_too_often(caller.address):
        return Turned.TOO_MANY
    meeting = meeting_by_code(code, timezone.now())
    if meeting is None:
        note_wrong_code(caller.address)
        return Turned.UNKNOWN
    turned = DOORS.get(meeting.door, Turned.OVER)
    if turned is not None:
        return turned
    conference = meeting.conference or open_conference(meeting.booking.pk)
    party = party_for_call(conference=conference, name=caller.name, has_picture=caller.has_picture)
    standing = come_to_door(conference_id=conference.pk, party_id=party.pk, now=timezone.now())
    if standing is Standing.REFUSED:
        return Turned.NOT_ADMITTED
    room = put_on_bridge(conference_id=conference.pk, pool=configured_pool())
    waits = standing is Standing.WAITS
    return Invitation(room.room, party.name, party=party.pk, must_wait=waits, language=meeting.booking.language)


def _access(room: str) -> BridgeAccess:
    held = BridgeRoom.objects.get(room=room)
    return access_of(put_on_bridge(conference_id=held.conference_id, pool=configured_pool()).server)


def _enter(leg: LegFacts) -> tuple[int, Presence] | None:
    held = BridgeRoom.objects.select_related("conference").get(room=leg.room)
    kind = PartyKind.SIP if leg.has_picture else PartyKind.PHONE
    screen = Screen(leg.id, leg.id, f"{kind} {leg.address}", microphone=True, camera=leg.has_picture)
    try:
        entry = enter_meeting(
            conference_id=held.conference_id, party_id=leg.party, screen=screen, take_over=True, now=timezone.now()
        )
    except MeetingOver:
        return None
    return held.conference_id, entry.presence


def _stay(leg: LegFacts) -> Attendance | None:
    return Attendance.objects.filter(party_id=leg.party, connection=leg.id, left_at=None).first()


def _touch(leg: LegFacts) -> bool:
    stay = _stay(leg)
    return stay is not None and touch_stay(stay_id=stay.pk, now=timezone.now())


def _answer(leg: LegFacts) -> bool | None:
    held = BridgeRoom.objects.get(room=leg.room)
    try:
        knock, _may_open = wait_on(conference_id=held.conference_id, party_id=leg.party, now=timezone.now())
    except NobodyAtDoor:
        return None
    return None if knock.answer == KnockAnswer.WAITING else knock.answer == KnockAnswer.ADMITTED


def _follow_floor(leg: LegFacts, spoken_seconds: float) -> bool:
    stay = _stay(leg)
    if stay is None:
        return True
    if spoken_seconds:
        add_spoken(conference_id=stay.conference_id, party_id=leg.party, seconds=spoken_seconds, now=timezone.now())
    return may_be_heard(conference_id=stay.conference_id, party_id=leg.party)


def _recorded(leg: LegFacts) -> Recorded:
    if not can_record():
        return Recorded.NOT
    stay = _stay(leg)
    running = running_recording(stay.conference_id) if stay else None
    if running is None:
        return Recorded.NOT
    if leg.party not in answers_to(running):
        return Recorded.ASKED
    return Recorded.ON if running.step == Step.ON else Recorded.WAITING


def _consents(leg: LegFacts, accepts: bool) -> bool:
    stay = _stay(leg)
    if stay is None:
        return False
    try:
        answer_recording(conference_id=stay.conference_id, party_id=leg.party, accepts=accepts, now=timezone.now())
    except RecordingUnknown:
        return False
    return True


def _raise_hand(leg: LegFacts) -> None:
    stay = _stay(leg)
    if stay is not None:
        raise_hand_by_key(conference=stay.conference, party_id=leg.party, now=timezone.now())


def _leave(leg: LegFacts, reason: str) -> tuple[int, Presence] | None:
    stay = _stay(leg)
    if stay is None:
        held = BridgeRoom.objects.get(room=leg.room)
        leave_door(conference_id=held.conference_id, party_id=leg.party, now=timezone.now())
        forget_admission(conference_id=held.conference_id, party_id=leg.party)
        return None
    logger.info("call %s left: %s", leg.id, reason)
    forget_admission(conference_id=stay.conference_id, party_id=leg.party)
    return stay.conference_id, leave_meeting(stay_id=stay.pk, now=timezone.now())


def _settle(conference: int) -> bool:
    """Choose the route again; tell whether it changed."""
    return settle_route(conference_id=conference, pool=configured_pool(), now=timezone.now()).is_new


def _note(verb: str, leg: LegFacts) -> None:
    held = BridgeRoom.objects.select_related("conference__booking").get(room=leg.room)
    record(verb, f"booking:{held.conference.booking.reference}", through="link", party=leg.party)


def presence_in(room: str) -> Presence:
    """Return who is in the meeting that is in `room` at its bridge."""
    return presence_of(BridgeRoom.objects.select_related("conference").get(room=room).conference)
