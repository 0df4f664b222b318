"""What the concierge asks of a side that is in: less, never more. Nobody opens a microphone or a camera from afar."""

from datetime import datetime
from typing import Final

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from maillage.booking.models import Party
from maillage.conference.errors import AskUnknown, NotIn
from maillage.conference.models import Attendance
from maillage.core.journal import record

ASKS: Final = ("mute", "sound-only")


@transaction.atomic
def ask_side(*, party: Party, what: str, agent_id: int, now: datetime) -> None:
    """Ask the page of `party` to cut its sound, or to go on with the sound only; it says so to its people.

    Raises AskUnknown, NotIn if the side is not in.
    """
    if what not in ASKS:
        raise AskUnknown
    if not Attendance.objects.filter(party=party, left_at=None).exists():
        raise NotIn
    subject = f"booking:{party.booking.reference}"
    record(f"conference.asked-{what}", subject, through="agent", agent_id=agent_id, party=party.pk, at=now.isoformat())
    layer = get_channel_layer()
    if layer is not None:
        note = {"type": "party.asked", "what": what}
        transaction.on_commit(lambda: async_to_sync(layer.group_send)(f"party.{party.pk}", note))
