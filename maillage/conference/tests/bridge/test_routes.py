"""Which way a meeting takes as people come and go, and when a bridge dies; on both databases."""

from datetime import datetime, timedelta

import pytest

from maillage.booking.models import Booking, Party, PartyKind
from maillage.conference.domain.topology import Topology
from maillage.conference.gateways.janus_fake import FakeBridge
from maillage.conference.gateways.pool import BridgePool, PooledServer
from maillage.conference.models import BridgeRoom, EndReason
from maillage.conference.selectors import route_of
from maillage.conference.services import (
    end_meeting,
    free_rooms,
    leave_meeting,
    open_conference,
    prepare_route,
    repair_route,
    settle_route,
)
from maillage.conference.services.routes import Settled
from maillage.conference.tests.factories import NINE, enter, make_meeting, parties_of

pytestmark = pytest.mark.django_db
FOUR = "Callac", "Rennes", "Houat", "Ouessant"


class Network:
    """Two servers, and a meeting of four whose parties enter and leave by their number."""

    def __init__(self) -> None:
        self.bridges = [FakeBridge("a"), FakeBridge("b")]
        self.pool = BridgePool([PooledServer(one, f"wss://{one.name}.example", "secret") for one in self.bridges])
        self.booking: Booking = make_meeting(names=FOUR)
        self.parties: list[Party] = parties_of(self.booking)
        self.conference = open_conference(self.booking.pk).pk
        self.stays: dict[int, int] = {}

    def enter(self, *numbers: int) -> None:
        for number in numbers:
            self.stays[number] = enter(self.parties[number], name=f"screen-{number}", page=self.page(number)).stay_id

    def page(self, number: int) -> str:
        return f"page-000{number}"

    def leave(self, number: int) -> None:
        leave_meeting(stay_id=self.stays.pop(number), now=NINE)

    def settle(self, seconds: float = 0) -> Settled:
        return settle_route(conference_id=self.conference, pool=self.pool, now=self.at(seconds))

    @staticmethod
    def at(seconds: float) -> datetime:
        return NINE + timedelta(seconds=seconds)

    def crash(self, name: str) -> None:
        next(one for one in self.bridges if one.name == name).crash()


@pytest.fixture
def network() -> Network:
    return Network()


def test_the_third_party_takes_all_to_a_bridge_and_pages_are_told_once(network: Network) -> None:
    network.enter(0, 1)
    assert network.settle() == Settled(route_of(network.conference))
    network.enter(2)
    up = network.settle()
    assert (up.route.topology, up.is_new) == (Topology.BRIDGE, True)
    assert any(up.route.room in one.rooms() for one in network.bridges)
    assert network.settle() == Settled(up.route)


def test_two_who_are_left_alone_speak_directly_after_a_moment_and_not_before(network: Network) -> None:
    network.enter(0, 1, 2)
    up = network.settle().route
    network.leave(2)
    assert network.settle(0).route == up
    assert network.settle(4).route == up
    down = network.settle(6)
    assert (down.route.topology, down.is_new) == (Topology.P2P, True)
    assert down.route.generation > up.generation


def test_one_who_comes_back_in_time_moves_nobody(network: Network) -> None:
    network.enter(0, 1, 2)
    up = network.settle().route
    network.leave(2)
    network.settle(0)
    network.enter(2)
    network.settle(3)
    network.leave(2)
    assert network.settle(7).route == up


def test_a_telephone_or_a_recording_takes_two_to_the_bridge(network: Network) -> None:
    Party.objects.filter(pk=network.parties[1].pk).update(kind=PartyKind.PHONE)
    network.enter(0, 1)
    assert network.settle().route.topology is Topology.BRIDGE
    other = Network()
    other.enter(0, 1)
    BridgeRoom.objects.create(conference_id=other.conference, room="recorded", is_recorded=True)
    assert other.settle().route.topology is Topology.BRIDGE
    assert other.settle(60).route.topology is Topology.BRIDGE


def test_a_page_at_the_door_prepares_the_way_it_would_take_and_the_others_notice_nothing(network: Network) -> None:
    network.enter(0)
    second = prepare_route(conference_id=network.conference, kind="browser", pool=network.pool)
    assert second.topology is Topology.P2P
    network.enter(1)
    third = prepare_route(conference_id=network.conference, kind="browser", pool=network.pool)
    assert third.topology is Topology.BRIDGE
    assert route_of(network.conference).topology is Topology.P2P
    network.enter(2)
    up = network.settle().route
    assert (up.server, up.room) == (third.server, third.room)


def test_when_the_bridge_dies_the_first_page_to_say_so_moves_all_and_the_next_ones_follow(network: Network) -> None:
    network.enter(0, 1, 2)
    up = network.settle().route
    network.crash(up.server)
    moved = repair_route(conference_id=network.conference, generation=up.generation, pool=network.pool)
    assert moved.is_new
    assert moved.route.server != up.server
    late = repair_route(conference_id=network.conference, generation=up.generation, pool=network.pool)
    assert late == Settled(moved.route)


def test_a_bridge_that_restarted_empty_gets_its_room_again(network: Network) -> None:
    network.enter(0, 1, 2)
    up = network.settle().route
    bridge = next(one for one in network.bridges if one.name == up.server)
    bridge.crash()
    bridge.is_alive = True
    again = repair_route(conference_id=network.conference, generation=up.generation, pool=network.pool)
    assert again == Settled(up)
    assert bridge.rooms() == [up.room]


def test_with_no_bridge_left_four_browsers_are_linked_to_each_other_and_go_back_when_one_lives(
    network: Network,
) -> None:
    network.enter(0, 1, 2)
    up = network.settle().route
    for bridge in network.bridges:
        bridge.crash()
    down = repair_route(conference_id=network.conference, generation=up.generation, pool=network.pool)
    assert (down.route.topology, down.is_new) == (Topology.P2P, True)
    assert network.settle(1).route.topology is Topology.P2P
    network.bridges[0].is_alive = True
    back = network.settle(2)
    assert (back.route.topology, back.route.server) == (Topology.BRIDGE, "a")
    assert back.route.generation > down.route.generation


def test_the_room_of_a_finished_meeting_is_given_back_once(network: Network) -> None:
    network.enter(0, 1, 2)
    network.settle()
    end_meeting(conference_id=network.conference, reason=EndReason.ENDED, party_id=network.parties[0].pk, now=NINE)
    assert free_rooms(pool=network.pool) == 1
    assert [one.rooms() for one in network.bridges] == [[], []]
    assert free_rooms(pool=network.pool) == 0
