"""Private media servers for the tests of the bridge, started once for each test process."""

from collections.abc import Iterator

import pytest

from maillage.conference.domain.janus_requests import Keys
from maillage.conference.gateways.janus_admin import AdminDoor, JanusBridge
from maillage.conference.gateways.janus_look import ClientDoor
from tooling import media


def bridge_of(server: media.PrivateJanus) -> JanusBridge:
    """Return our side of a private Janus."""
    door = AdminDoor(server.admin_url, server.place.admin_secret, server=server.place.name)
    client = ClientDoor(server.client_url, server.place.token_secret, server.place.name)
    return JanusBridge(server.place.name, door, Keys(server.place.plugin_key), client)


@pytest.fixture(scope="session")
def started_janus() -> Iterator[media.PrivateJanus]:
    with media.janus() as server:
        yield server


@pytest.fixture
def janus(started_janus: media.PrivateJanus) -> Iterator[media.PrivateJanus]:
    """A real Janus, emptied of its rooms afterwards."""
    yield started_janus
    emptied = bridge_of(started_janus)
    for room in emptied.rooms():
        emptied.close_room(room)


@pytest.fixture
def bridge(janus: media.PrivateJanus) -> JanusBridge:
    return bridge_of(janus)
