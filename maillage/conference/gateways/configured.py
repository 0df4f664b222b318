"""The bridge servers and the SIP gateway as the settings describe them."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from maillage.conference.domain.janus_requests import Keys
from maillage.conference.gateways.janus_admin import AdminDoor, JanusBridge
from maillage.conference.gateways.janus_look import ClientDoor
from maillage.conference.gateways.pool import BridgePool, PooledServer
from maillage.conference.gateways.sip.agent import AgentSettings
from maillage.conference.gateways.sip.outgoing import Line
from maillage.conference.gateways.sipgate.directory import BridgeAccess
from maillage.conference.gateways.sipgate.gateway import GatewaySettings

NEEDED = ("name", "client_url", "admin_url")


def _described() -> list[dict[str, Any]]:
    """Return the servers of MAILLAGE_BRIDGES_FILE. Raises ImproperlyConfigured, saying which line is missing what."""
    if not settings.BRIDGES_FILE:
        return []
    try:
        described: list[dict[str, Any]] = tomllib.loads(Path(settings.BRIDGES_FILE).read_text()).get("janus", [])
    except (OSError, tomllib.TOMLDecodeError) as unreadable:
        raise ImproperlyConfigured(f"MAILLAGE_BRIDGES_FILE: {unreadable}") from unreadable
    for number, server in enumerate(described, start=1):
        missing = [key for key in NEEDED if not server.get(key)]
        if missing:
            raise ImproperlyConfigured(f"{settings.BRIDGES_FILE}: server {number} has no {', '.join(missing)}")
    return described


def _secret(server: dict[str, Any], name: str) -> str:
    return str(server.get(name) or settings.JANUS_SECRETS[name])


def _bridge_of(server: dict[str, Any]) -> JanusBridge:
    name = server["name"]
    return JanusBridge(
        name,
        AdminDoor(server["admin_url"], _secret(server, "admin_secret"), server=name),
        Keys(_secret(server, "plugin_key")),
        ClientDoor(server.get("api_url") or _absolute(server["client_url"]), _secret(server, "token_secret"), name),
    )


def _absolute(client_url: str) -> str:
    """Return where a browser goes for `client_url`, which may be a path of the house's own address."""
    return urljoin(str(settings.BASE_URL).replace("http", "ws", 1), client_url)


def configured_servers() -> list[tuple[JanusBridge, str]]:
    """Return each server and where browsers reach it, read anew. Raises ImproperlyConfigured."""
    return [(_bridge_of(server), _absolute(server["client_url"])) for server in _described()]


@cache
def configured_pool() -> BridgePool:
    """Return the bridge servers of this network; an empty pool without any."""
    return BridgePool(
        [
            PooledServer(
                _bridge_of(server),
                server["client_url"],
                _secret(server, "token_secret"),
                int(server.get("capacity", 100)),
                bool(server.get("draining", False)),
            )
            for server in _described()
        ]
    )


@cache
def _accesses() -> dict[str, BridgeAccess]:
    return {
        server["name"]: BridgeAccess(
            server["name"],
            server.get("api_url") or server["client_url"],
            _secret(server, "token_secret"),
            _secret(server, "plugin_key"),
            server.get("media_address", ""),
        )
        for server in _described()
    }


def access_of(server: str) -> BridgeAccess:
    """Return how the SIP gateway reaches one server."""
    return _accesses()[server]


def forget_configuration() -> None:
    """Read the settings again at the next call, for tests."""
    configured_pool.cache_clear()
    _accesses.cache_clear()


def _host_and_port(address: str, setting: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise ImproperlyConfigured(f"{setting} is {address!r}, should be an address and a port: 192.0.2.10:5060")
    return host, int(port)


def gateway_settings() -> GatewaySettings:
    """Return the SIP gateway's settings. Raises ImproperlyConfigured."""
    if not settings.SIP_ADDRESS:
        raise ImproperlyConfigured("Set MAILLAGE_SIP_ADDRESS, where terminals call: 192.0.2.10:5060")
    host, port = _host_and_port(settings.SIP_ADDRESS, "MAILLAGE_SIP_ADDRESS")
    first, _, last = settings.SIP_MEDIA_PORTS.partition("-")
    if not (first.isdigit() and last.isdigit() and int(first) < int(last)):
        raise ImproperlyConfigured(f"MAILLAGE_SIP_MEDIA_PORTS is {settings.SIP_MEDIA_PORTS!r}, not as 40000-40999")
    agent = AgentSettings(
        host, port, settings.SIP_REALM, settings.SIP_OPEN, frozenset(settings.SIP_TRUSTED), settings.SECRET_KEY
    )
    return GatewaySettings(agent, int(first), int(last), _line())


def _line() -> Line | None:
    if not settings.SIP_LINE:
        return None
    identity, _, address = settings.SIP_LINE.rpartition("@")
    username, _, password = identity.partition(":")
    host, port = _host_and_port(address, "MAILLAGE_SIP_LINE")
    return Line(host, port, username, password)


class SettingsAccounts:
    """The terminals of MAILLAGE_SIP_ACCOUNTS."""

    def password_of(self, username: str) -> str | None:
        """Return the password, None for an unknown name."""
        password: str | None = settings.SIP_ACCOUNTS.get(username)
        return password
