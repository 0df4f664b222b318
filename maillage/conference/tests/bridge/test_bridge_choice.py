"""Which way sound and image go, and on which server."""

from hypothesis import given
from hypothesis import strategies as st

from maillage.conference.domain.bridge_choice import (
    STEP_DOWN_SECONDS,
    ServerState,
    next_topology,
    order_servers,
)
from maillage.conference.domain.topology import Topology

kinds_in = st.lists(st.sampled_from(["room", "browser", "sip", "phone"]), max_size=6)
servers = st.lists(
    st.builds(
        ServerState,
        name=st.sampled_from(["a", "b", "c", "d", "e"]),
        is_alive=st.booleans(),
        load=st.integers(0, 200),
        capacity=st.integers(0, 150),
        is_draining=st.booleans(),
    ),
    max_size=5,
    unique_by=lambda server: server.name,
)


def test_two_browsers_talk_directly() -> None:
    assert next_topology(Topology.P2P, ["room", "browser"], bridge_available=True) is Topology.P2P


@given(kinds_in, st.booleans(), st.sampled_from(Topology), st.floats(0, 60))
def test_a_meeting_that_two_browsers_alone_would_not_do_is_on_the_bridge_at_once(
    kinds: list[str], recorded: bool, current: Topology, fitted: float
) -> None:
    chosen = next_topology(current, kinds, bridge_available=True, is_recorded=recorded, fitted_direct_seconds=fitted)
    if recorded or len(kinds) > 2 or {"sip", "phone"} & set(kinds):
        assert chosen is Topology.BRIDGE
    elif current is Topology.P2P or fitted >= STEP_DOWN_SECONDS:
        assert chosen is Topology.P2P


@given(kinds_in, st.booleans(), st.sampled_from(Topology))
def test_without_a_bridge_nobody_is_sent_to_one(kinds: list[str], recorded: bool, current: Topology) -> None:
    assert next_topology(current, kinds, bridge_available=False, is_recorded=recorded) is Topology.P2P


def test_a_third_site_that_comes_back_within_five_seconds_moves_nobody() -> None:
    def after(seconds: float) -> Topology:
        pair = ["room", "room"]
        return next_topology(Topology.BRIDGE, pair, bridge_available=True, fitted_direct_seconds=seconds)

    assert after(STEP_DOWN_SECONDS - 0.1) is Topology.BRIDGE
    assert after(STEP_DOWN_SECONDS) is Topology.P2P


@given(servers, st.text(max_size=8))
def test_every_living_server_is_listed_once_and_no_dead_one(states: list[ServerState], conference: str) -> None:
    order = order_servers(conference, states)
    assert sorted(order) == sorted(state.name for state in states if state.is_alive)


@given(servers, st.text(max_size=8), st.randoms())
def test_all_clients_get_the_same_order(states: list[ServerState], conference: str, shuffle: object) -> None:
    assert order_servers(conference, states) == order_servers(conference, list(reversed(states)))


@given(servers, st.text(max_size=8), st.sampled_from(["a", "b", "c", "d", "e"]))
def test_a_conference_stays_on_its_server_while_that_one_lives(
    states: list[ServerState], conference: str, current: str
) -> None:
    order = order_servers(conference, states, current=current)
    if any(state.name == current and state.is_alive for state in states):
        assert order[0] == current


@given(servers, st.text(max_size=8))
def test_a_full_or_draining_server_comes_after_every_willing_one(states: list[ServerState], conference: str) -> None:
    willing = {state.name: not state.is_draining and state.load < state.capacity for state in states}
    ranks = [willing[name] for name in order_servers(conference, states)]
    assert ranks == sorted(ranks, reverse=True)


def test_conferences_spread_over_servers_that_are_equally_free() -> None:
    states = [ServerState(name, True, 0) for name in "abcd"]
    first = {order_servers(f"conference {number}", states)[0] for number in range(60)}
    assert first == set("abcd")


def test_the_lighter_server_is_preferred() -> None:
    states = [ServerState("busy", True, 60), ServerState("calm", True, 5)]
    assert {order_servers(f"conference {number}", states)[0] for number in range(20)} == {"calm"}
