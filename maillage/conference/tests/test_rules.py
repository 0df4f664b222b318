"""Door, topology, relay credentials, flow, messages: no database."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conference.domain.door import Door, Opening, door_at
from maillage.conference.domain.flow import Bucket
from maillage.conference.domain.messages import CLIENT_MESSAGES, MAX_MESSAGE, Signal, read_message
from maillage.conference.domain.topology import Topology, topology_for
from maillage.conference.domain.turn import Relay, ice_servers

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
END = START + timedelta(hours=1)
WINDOW = Opening(timedelta(minutes=30), timedelta(minutes=30))


def door(minutes: int, status: str = "confirmed", *, is_over: bool = False) -> Door:
    now = START + timedelta(minutes=minutes)
    return door_at(status=status, is_over=is_over, start=START, end=END, opening=WINDOW, now=now)


@pytest.mark.parametrize(
    ("minutes", "expected"), [(-31, Door.EARLY), (-30, Door.OPEN), (0, Door.OPEN), (90, Door.OPEN), (91, Door.LATE)]
)
def test_the_door_is_open_from_before_the_start_to_after_the_end(minutes: int, expected: Door) -> None:
    assert door(minutes) is expected


def test_a_cancelled_or_finished_meeting_keeps_its_door_shut_whatever_the_time() -> None:
    assert door(0, "cancelled") is Door.CANCELLED
    assert door(0, "done") is Door.OVER
    assert door(0, is_over=True) is Door.OVER
    assert door(0, "held") is Door.UNCONFIRMED


def test_two_browsers_are_linked_directly_and_three_go_through_a_bridge_when_there_is_one() -> None:
    assert topology_for(["room", "browser"], bridge_available=True) is Topology.P2P
    assert topology_for(["room", "room", "browser"], bridge_available=True) is Topology.BRIDGE
    assert topology_for(["room", "phone"], bridge_available=True) is Topology.BRIDGE
    assert topology_for(["room"] * 4) is Topology.P2P


def test_relay_credentials_are_what_coturn_computes_and_carry_their_end() -> None:
    relay = Relay(["stun:relay.example"], ["turn:relay.example"], "secret")
    stun, turn = ice_servers(relay, name="7", now=START)
    assert stun == {"urls": ["stun:relay.example"]}
    expiry, _, name = turn["username"].partition(":")
    assert (int(expiry), name) == (int((START + timedelta(hours=12)).timestamp()), "7")
    digest = hmac.new(b"secret", turn["username"].encode(), hashlib.sha1).digest()
    assert turn["credential"] == base64.b64encode(digest).decode()


def test_without_its_secret_no_relay_is_offered() -> None:
    assert ice_servers(Relay([], ["turn:relay.example"], ""), name="7", now=START) == []


@given(gaps=st.lists(st.floats(0, 3), max_size=600))
def test_a_bucket_never_lets_through_more_than_its_size_and_its_rate(gaps: list[float]) -> None:
    bucket, now, passed = Bucket(size=10, per_second=2, tokens=10), 0.0, 0
    for gap in gaps:
        now += gap
        taken = bucket.take(now)
        bucket, passed = (taken, passed + 1) if taken else (bucket, passed)
    assert passed <= 10 + 2 * now + 1e-6


def test_every_message_of_a_page_is_read() -> None:
    examples: dict[str, dict[str, object]] = {
        "hello": {"connection": "screen-1", "page": "page-0001"},
        "state": {"microphone": True, "camera": True, "screen": False, "sound_only": False},
        "signal": {"to": 2, "page": "page-0002", "description": {"type": "offer", "sdp": "v=0"}},
        "rename": {"name": "Mairie de Houat", "head_count": 4},
        "quality": {"samples": [{"remote": 2, "rtt_ms": 12.5, "path": "host"}]},
        "failure": {"code": "no-camera"},
        "floor": {"verb": "grant", "site": 2, "seconds": 120},
        "agenda": {"item": 0},
        "introduce": {"text": "la maire et deux adjoints"},
        "answer": {"party": 2, "admit": True},
        "entry": {"rule": "knock"},
        "chat": {"key": "line-0001", "text": "Bonjour"},
        "spoke": {"seconds": 4.5},
        "bridge-lost": {"generation": 2},
        "document": {"document": 3, "page": 2},
        "recording": {"act": "ask"},
    }
    for kind in CLIENT_MESSAGES:
        assert read_message(json.dumps({"type": kind, **examples.get(kind, {})})).type == kind


def test_a_signal_keeps_paths_as_browsers_write_them() -> None:
    path = {"candidate": "candidate:1 1 udp 2 192.0.2.1 9 typ host", "sdpMid": "0", "sdpMLineIndex": 0}
    read = read_message(json.dumps({"type": "signal", "to": 2, "page": "page-0002", "candidates": [path]}))
    assert isinstance(read, Signal)
    assert read.candidates[0].sdpMLineIndex == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '{"type": "shutdown"}',
        '{"type": "beat", "more": 1}',
        '{"type": "hello", "connection": "<b>", "page": "page-0001"}',
        '{"type": "signal", "to": "2", "page": "page-0002"}',
        '{"type": "quality", "samples": []}',
        '{"type": "quality", "samples": [{"remote": 1, "rtt_ms": NaN}]}',
        "[" * 50_000,
        json.dumps({"type": "rename", "name": "x" * 121, "head_count": 1}),
    ],
)
def test_what_is_no_message_is_refused(text: str) -> None:
    assert len(text) < MAX_MESSAGE
    with pytest.raises(ValueError, match=r"'loc'"):
        read_message(text)


def test_a_nul_is_refused_before_it_reaches_a_database() -> None:
    with pytest.raises(ValueError, match="u0000"):
        read_message(json.dumps({"type": "rename", "name": "Mairie\0", "head_count": 1}))


@given(text=st.text(max_size=200))
def test_no_text_makes_the_reader_fail_otherwise(text: str) -> None:
    with pytest.raises(ValueError, match=r"'loc'"):
        read_message(text)
