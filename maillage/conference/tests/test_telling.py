"""What pages are told after an act: a channel layer that fails undoes nothing."""

from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer, channel_layers

from maillage.accounts.models import User
from maillage.conference.models import Attendance
from maillage.conference.services import ask_side
from maillage.conference.tests.factories import NINE, enter, make_meeting, parties_of
from maillage.core.models import JournalEntry


class LayerAway(InMemoryChannelLayer):
    async def group_send(self, group: str, message: dict[str, object]) -> None:
        raise ConnectionError("Redis is away")


@pytest.mark.django_db
def test_what_was_done_stays_done_when_the_channel_layer_is_away(
    django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    party = parties_of(make_meeting())[0]
    enter(party)
    agent = User.objects.create_user("agent@maillage.example")
    channel_layers.backends["default"] = LayerAway()
    with django_capture_on_commit_callbacks(execute=True) as told:
        ask_side(party=party, what="mute", agent_id=agent.pk, now=NINE)
    assert len(told) == 1
    assert "Redis is away" in caplog.text
    assert JournalEntry.objects.filter(verb="conference.asked-mute").exists()
    assert Attendance.objects.get().left_at is None
