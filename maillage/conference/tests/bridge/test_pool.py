"""Placing and re-homing conferences over several servers, with servers in memory."""

from datetime import UTC, datetime

import pytest

from maillage.conference.domain.janus_requests import Participant, RoomPlan
from maillage.conference.gateways.errors import NoBridge
from maillage.conference.gateways.janus_fake import FakeBridge
from maillage.conference.gateways.pool import BridgePool, Placement, PooledServer

NOON = datetime(2015, 11, 24, 12, tzinfo=UTC)
PLAN = RoomPlan("conf-7")


def make_pool(*bridges: FakeBridge) -> BridgePool:
    return BridgePool([PooledServer(bridge, f"wss://{bridge.name}.example", "secret") for bridge in bridges])


def test_a_conference_is_placed_on_the_lightest_server_and_its_room_made() -> None:
    busy, calm = FakeBridge("busy"), FakeBridge("calm")
    busy.open_room(RoomPlan("other"))
    for number in range(20):
        busy.enter("other", Participant(f"site-{number}", "", True, False))
    assert make_pool(busy, calm).place(PLAN) == Placement("calm", 1)
    assert calm.rooms() == ["conf-7"]


def test_asking_again_moves_nothing() -> None:
    pool = make_pool(FakeBridge("a"), FakeBridge("b"))
    first = pool.place(PLAN)
    assert pool.place(PLAN, current=first) == first


def test_when_its_server_dies_a_conference_gets_a_room_on_another_and_a_new_generation() -> None:
    a, b = FakeBridge("a"), FakeBridge("b")
    pool = make_pool(a, b)
    first = pool.place(PLAN)
    lost, other = (a, b) if first.server == "a" else (b, a)
    lost.crash()
    moved = pool.place(PLAN, current=first)
    assert moved == Placement(other.name, 2)
    assert other.rooms() == ["conf-7"]


def test_a_server_that_restarted_empty_gets_its_rooms_again_before_clients_come_back() -> None:
    alone = FakeBridge("a")
    pool = make_pool(alone)
    first = pool.place(PLAN)
    alone.crash()
    with pytest.raises(NoBridge):
        pool.place(PLAN, current=first)
    alone.is_alive = True
    assert pool.place(PLAN, current=first) == first
    assert alone.rooms() == ["conf-7"]


def test_clients_get_the_present_server_first_then_every_other() -> None:
    pool = make_pool(FakeBridge("a"), FakeBridge("b"), FakeBridge("c"))
    told = pool.addresses("conf-7", Placement("b", 1), until=NOON)
    assert [address.name for address in told] == ["b", "a", "c"]
    assert all("room=conf-7" in address.room_token and "room=" not in address.door_token for address in told)


def test_without_any_server_a_bridge_is_refused() -> None:
    with pytest.raises(NoBridge):
        BridgePool([]).place(PLAN)


def test_closing_a_conference_whose_server_is_dead_or_gone_is_harmless() -> None:
    a = FakeBridge("a")
    pool = make_pool(a)
    placement = pool.place(PLAN)
    a.crash()
    pool.close("conf-7", placement)
    pool.close("conf-7", Placement("no longer configured", 1))
