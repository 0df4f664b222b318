"""Choose what hangs behind a room in its meetings."""

import hashlib
from datetime import datetime

from django.db import transaction

from maillage.conference.errors import BackdropMissing
from maillage.conference.gateways.pictures import drawn_again
from maillage.conference.models import Backdrop, BackdropKind
from maillage.core.journal import record


@transaction.atomic
def choose_backdrop(
    *, room_id: int, kind: BackdropKind, content: bytes | None, agent_id: int, now: datetime
) -> Backdrop:
    """Keep the choice of a room; a picture given before serves again when none comes with it. Journaled.

    Raises BackdropUnreadable, BackdropMissing for one's own without a picture.
    """
    chosen = Backdrop.objects.select_for_update().filter(room=room_id).first() or Backdrop(room_id=room_id)
    if content:
        chosen.picture = drawn_again(content)
        chosen.digest = hashlib.sha256(chosen.picture).hexdigest()
    if kind is BackdropKind.OWN and not chosen.digest:
        raise BackdropMissing
    chosen.kind, chosen.changed_at = kind, now
    chosen.save()
    record("room.backdrop", f"room:{room_id}", through="agent", agent_id=agent_id, kind=kind.value)
    return chosen
