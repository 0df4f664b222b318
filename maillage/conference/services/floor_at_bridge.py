"""The floor kept at the bridge too: where it is another's, whoever sends sound all the same is held back there.

Pages shut their own microphone, and let nothing of the others be heard (ADR 0125); this is for a page that was changed.
Callers are held back by the gateway that takes their call, and here like everyone.
"""

import logging

from maillage.conference.domain.bridge_names import owners
from maillage.conference.domain.floor import Floor, Mode, may_speak
from maillage.conference.domain.floor_record import read_floor
from maillage.conference.gateways.errors import BridgeDown, BridgeRefused, NoBridge
from maillage.conference.gateways.janus_admin import Bridge
from maillage.conference.gateways.pool import BridgePool
from maillage.conference.models import Attendance, BridgeRoom, Conduct

logger = logging.getLogger(__name__)


def keep_floor_at_bridge(*, conference_id: int, pool: BridgePool) -> int:
    """Hold back at the bridge every sound that the floor does not let through, let the others pass; return how many
    changed. Asked when the floor changes, and at beats while it is strict: nothing stays half done.

    Two queries where there is nothing to do. A server that does not answer is asked again at the next beat.
    """
    room = BridgeRoom.objects.filter(conference_id=conference_id, is_in_use=True).exclude(server="").first()
    conduct = Conduct.objects.filter(booking__conference=conference_id).first() if room else None
    if room is None or conduct is None:
        return 0
    floor = read_floor(conduct.floor)
    is_strict = floor.mode is not Mode.FREE
    if not (is_strict or room.is_floor_held):
        return 0
    if is_strict and not room.is_floor_held:
        BridgeRoom.objects.filter(pk=room.pk).update(is_floor_held=True)
    try:
        changed = _hold_back(pool.bridge(room.server), room.room, floor, _parties(conference_id))
    except (BridgeDown, BridgeRefused, NoBridge) as failure:
        logger.warning("conference %s: the bridge did not follow its floor: %s", conference_id, failure.code)
        return 0
    if not is_strict:
        BridgeRoom.objects.filter(pk=room.pk).update(is_floor_held=False)
    return changed


def _parties(conference_id: int) -> dict[str, int]:
    """Return whose page is whose; a caller's page is its call."""
    stays = Attendance.objects.filter(conference_id=conference_id, left_at=None)
    return dict(stays.values_list("page", "party_id"))


def _hold_back(bridge: Bridge, room: str, floor: Floor, parties: dict[str, int]) -> int:
    changed = 0
    sounds = bridge.sounds(room)
    pages = owners((sound.participant for sound in sounds), parties)
    for sound in sounds:
        muted = not _may_pass(parties.get(pages.get(sound.participant, "")), floor)
        if muted is sound.is_muted:
            continue
        try:
            bridge.mute(room, sound.participant, sound.mid, muted=muted)
        except BridgeRefused:
            continue  # gone meanwhile
        changed += 1
    return changed


def _may_pass(party: int | None, floor: Floor) -> bool:
    """Tell whether the sound of a side passes; that of nobody who is in does on a free floor only."""
    return floor.mode is Mode.FREE or (party is not None and may_speak(floor, party))
