"""On a strict floor the bridge itself holds back whoever has not the floor; on both databases."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maillage.conference.domain.conduct_messages import FloorAct
from maillage.conference.domain.janus_requests import Participant, Sound
from maillage.conference.gateways.janus_fake import FakeBridge
from maillage.conference.models import BridgeRoom, Conduct
from maillage.conference.services import act_on_floor, keep_floor_at_bridge, leave_meeting
from maillage.conference.tests.bridge.test_routes import Network
from maillage.conference.tests.factories import NINE

pytestmark = pytest.mark.django_db


class Meeting(Network):
    """Three sites on a bridge, each sending sound; the first one leads."""

    def __init__(self) -> None:
        super().__init__()
        self.enter(0, 1, 2)
        self.route = self.settle().route
        self.bridge: FakeBridge = next(one for one in self.bridges if one.name == self.route.server)
        for number in (0, 1, 2):
            self.send(f"page-000{number}.abc123")

    def send(self, participant: str) -> None:
        self.bridge.enter(self.route.room, Participant(participant, "", True, False))

    def say(self, number: int, verb: str, **fields: object) -> None:
        act_on_floor(stay_id=self.stays[number], wish=FloorAct(type="floor", verb=verb, **fields), now=NINE)  # type: ignore[arg-type]

    def keep(self) -> int:
        return keep_floor_at_bridge(conference_id=self.conference, pool=self.pool)

    def silent(self) -> list[str]:
        return [sound.participant.partition(".")[0] for sound in self.bridge.sounds(self.route.room) if sound.is_muted]


@pytest.fixture
def meeting() -> Meeting:
    return Meeting()


def test_only_who_has_the_floor_and_who_leads_pass_and_all_do_once_it_is_free(meeting: Meeting) -> None:
    assert meeting.keep() == 0
    meeting.say(0, "set-mode", mode="strict")
    assert meeting.keep() == 2
    assert meeting.silent() == ["page-0001", "page-0002"]
    meeting.say(0, "grant", site=meeting.parties[2].pk)
    assert meeting.keep() == 1
    assert meeting.silent() == ["page-0001"]
    assert meeting.keep() == 0
    meeting.say(0, "set-mode", mode="free")
    assert meeting.keep() == 1
    assert meeting.silent() == []


def test_a_second_sound_and_one_sent_under_a_name_of_nobody_are_held_back_too(meeting: Meeting) -> None:
    meeting.bridge.mids["page-0001.abc123"] = ("0", "7")
    meeting.send("stranger")
    meeting.say(0, "set-mode", mode="strict")
    meeting.keep()
    muted = [sound for sound in meeting.bridge.sounds(meeting.route.room) if sound.is_muted]
    assert Sound("page-0001.abc123", "7", is_muted=True) in muted
    assert Sound("stranger", "0", is_muted=True) in muted


def test_when_who_leads_leaves_the_next_one_leads_and_passes(meeting: Meeting) -> None:
    meeting.say(0, "set-mode", mode="strict")
    meeting.keep()
    leave_meeting(stay_id=meeting.stays[0], now=NINE)
    assert Conduct.objects.get().floor["chair"] == meeting.parties[1].pk
    meeting.keep()
    assert meeting.silent() == ["page-0000", "page-0002"]


def test_a_bridge_that_does_not_answer_is_asked_again_and_nobody_stays_held_back(meeting: Meeting) -> None:
    meeting.say(0, "set-mode", mode="strict")
    meeting.keep()
    meeting.say(0, "set-mode", mode="free")
    meeting.bridge.is_alive = False
    assert meeting.keep() == 0
    assert BridgeRoom.objects.get().is_floor_held
    meeting.bridge.is_alive = True
    assert meeting.keep() == 2
    assert not BridgeRoom.objects.get().is_floor_held
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert meeting.keep() == 0
    assert len(asked) == 2
