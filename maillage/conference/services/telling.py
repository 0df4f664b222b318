"""What the pages of a meeting are told once an act is committed, whichever process holds their sockets."""

from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction


def _send(group: str, note: dict[str, Any]) -> None:
    """Send `note` after the commit. What was done stays done if Redis is away: that is logged, and pages come back."""
    layer = get_channel_layer()
    if layer is not None:
        transaction.on_commit(lambda: async_to_sync(layer.group_send)(group, note), robust=True)


def tell_inside(conference_id: int, message: dict[str, Any]) -> None:
    """Say `message` to every page that is in the meeting, not to those at its door."""
    _send(f"meeting.{conference_id}", {"type": "meeting.told", "message": message})


def tell_party(party_id: int, **note: Any) -> None:
    """Tell the sockets of one party `note`; its `type` names who takes it."""
    _send(f"party.{party_id}", note)


def tell_routes(conference_id: int) -> None:
    """Tell every socket of the meeting that its sound and image take another way."""
    _send(f"meeting.{conference_id}", {"type": "meeting.route"})
