"""On a strict floor the bridge itself holds back whoever has not the floor; on both databases."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maillage.conference.domain.bridge_names import MOST, digest, joining, owners
from maillage.conference.domain.conduct_messages import FloorAct
from maillage.conference.domain.janus_requests import Participant, Sound
from maillage.conference.gateways.janus_fake import FakeBridge
from maillage.conference.models import BridgeRoom, Conduct
from maillage.conference.services import act_on_floor, keep_floor_at_bridge, leave_meeting
from maillage.conference.tests.bridge.test_routes import Network
from maillage.conference.tests.factories import NINE

pytestmark = pytest.mark.django_db


def row(number: int) -> list[str]:
    """Return the name of the page of a site, then what it joins with, in that order."""
    links = [f"{number:032x}"]
    while len(links) <= MOST:
        links.append(digest(links[-1]))
    return links[::-1]


class Meeting(Network):
    """Three sites on a bridge, each sending sound; the first one leads."""

    def __init__(self) -> None:
        super().__init__()
        self.enter(0, 1, 2)
        self.route = self.settle().route
        self.bridge: FakeBridge = next(one for one in self.bridges if one.name == self.route.server)
        for number in (0, 1, 2):
            self.send(self.joined(number))

    def page(self, number: int) -> str:
        return row(number)[0]

    def joined(self, number: int, again: int = 0) -> str:
        """Return the name that the page of a site joins with, `again` times after the first."""
        return f"{self.page(number)}.{row(number)[1 + again]}"

    def send(self, participant: str) -> None:
        self.bridge.enter(self.route.room, Participant(participant, "", True, False))

    def say(self, number: int, verb: str, **fields: object) -> None:
        act_on_floor(stay_id=self.stays[number], wish=FloorAct(type="floor", verb=verb, **fields), now=NINE)  # type: ignore[arg-type]

    def keep(self) -> int:
        return keep_floor_at_bridge(conference_id=self.conference, pool=self.pool)

    def silent(self) -> list[str]:
        """Return the sites whose sound is held back."""
        muted = [one.participant.partition(".")[0] for one in self.bridge.sounds(self.route.room) if one.is_muted]
        return [f"page-000{number}" for number in (0, 1, 2) if self.page(number) in muted]


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
    meeting.bridge.mids[meeting.joined(1)] = ("0", "7")
    meeting.send("stranger")
    meeting.say(0, "set-mode", mode="strict")
    meeting.keep()
    muted = [sound for sound in meeting.bridge.sounds(meeting.route.room) if sound.is_muted]
    assert Sound(meeting.joined(1), "7", is_muted=True) in muted
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


def test_a_member_who_takes_the_name_of_who_has_the_floor_is_held_back(meeting: Meeting) -> None:
    page = meeting.page(0)
    forged = [page, f"{page}.abc123", f"{page}.{page}", f"{page}.{'f' * 32}", f"{meeting.joined(0)}x"]
    for name in forged:
        meeting.send(name)
    meeting.say(0, "set-mode", mode="strict")
    meeting.keep()
    muted = {one.participant for one in meeting.bridge.sounds(meeting.route.room) if one.is_muted}
    assert muted == {*forged, meeting.joined(1), meeting.joined(2)}


def test_a_name_that_a_page_has_left_behind_is_nobodys_any_more(meeting: Meeting) -> None:
    meeting.send(meeting.joined(0, again=1))
    meeting.say(0, "set-mode", mode="strict")
    meeting.keep()
    muted = {one.participant for one in meeting.bridge.sounds(meeting.route.room) if one.is_muted}
    assert meeting.joined(0) in muted
    assert meeting.joined(0, again=1) not in muted


def test_the_names_of_pages_are_told_from_those_of_calls() -> None:
    links = row(7)
    page, names = links[0], [f"{links[0]}.{link}" for link in links[1:]]
    assert [joining(name, page) for name in names] == list(range(1, MOST + 1))
    assert owners([names[0], names[4], "sip.12ab", "sip.99"], [page, "sip.12ab"]) == {
        names[4]: page,
        "sip.12ab": "sip.12ab",
    }
