"""What `doctor` finds of a bridge server, against a real Janus."""

from dataclasses import replace
from typing import Any

import pytest

from maillage.conference.domain.janus_requests import Keys
from maillage.conference.gateways.inspection import Fault, inspect
from maillage.conference.gateways.janus_admin import AdminDoor, JanusBridge
from maillage.conference.gateways.janus_look import ClientDoor
from tooling import media

pytestmark = pytest.mark.media


def test_a_good_server_is_told_with_its_version_and_left_without_a_trace(
    bridge: JanusBridge, janus: media.PrivateJanus
) -> None:
    seen = inspect(bridge, janus.client_url)
    assert (seen.fault, seen.detail) == (None, "1.1.2")
    assert bridge.rooms() == []


def test_each_fault_is_told_from_the_others(bridge: JanusBridge, janus: media.PrivateJanus) -> None:
    def seen(client_url: str = janus.client_url, **changed: Any) -> Fault | None:
        parts: dict[str, Any] = {
            "name": "x",
            "door": bridge.door,
            "keys": bridge.keys,
            "client": bridge.client,
        } | changed
        return inspect(JanusBridge(**parts), client_url).fault

    assert seen(door=AdminDoor("ws://127.0.0.1:9", "s")) is Fault.UNREACHABLE
    assert seen(door=AdminDoor(janus.admin_url, "wrong")) is Fault.ADMINISTRATION
    assert seen(keys=Keys("wrong")) is Fault.PLUGIN_KEY
    assert seen(client=replace(bridge.client, token_secret="wrong")) is Fault.TOKENS
    assert seen(client=ClientDoor("ws://127.0.0.1:9", "s")) is Fault.CLIENTS
    assert seen(client_url="ws://127.0.0.1:9") is Fault.CLIENTS
