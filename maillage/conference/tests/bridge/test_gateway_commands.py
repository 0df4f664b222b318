"""The commands of the bridge, and a call through them from a real terminal to a row in the database."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from channels.db import database_sync_to_async
from django.core.management import CommandError, call_command
from django.utils import timezone

from maillage.conference.gateways.configured import forget_configuration, gateway_settings
from maillage.conference.gateways.sipgate.gateway import gateway
from maillage.conference.management.callers import DatabaseDirectory
from maillage.conference.management.dialler import Dialler
from maillage.conference.models import Attendance, DialOrder, DialState
from maillage.conference.services import ask_dial, dial_code_of
from maillage.conference.tests.factories import make_meeting
from tooling import media

SECRETS = {"admin_secret": "a", "token_secret": "t", "plugin_key": "p"}


@pytest.fixture(autouse=True)
def fresh_configuration() -> Iterator[None]:
    forget_configuration()
    yield
    forget_configuration()


def test_a_servers_files_hold_the_secrets_of_the_settings(settings: SimpleNamespace, tmp_path: Path) -> None:
    settings.JANUS_SECRETS = SECRETS
    call_command("janus_files", str(tmp_path / "janus"), "--address", "192.0.2.11", "--public-address", "203.0.113.5")
    written = (tmp_path / "janus" / "janus.jcfg").read_text()
    assert 'nat_1_1_mapping = "203.0.113.5"' in written
    assert 'token_auth_secret = "t"' in written
    assert 'admin_key = "p"' in (tmp_path / "janus" / "janus.plugin.videoroom.jcfg").read_text()


def test_without_secrets_no_files_are_written(settings: SimpleNamespace, tmp_path: Path) -> None:
    settings.JANUS_SECRETS = {**SECRETS, "plugin_key": ""}
    with pytest.raises(CommandError, match="MAILLAGE_JANUS_PLUGIN_KEY"):
        call_command("janus_files", str(tmp_path / "janus"), "--address", "192.0.2.11")
    assert not (tmp_path / "janus").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SIP_ADDRESS": ""}, "MAILLAGE_SIP_ADDRESS"),
        ({"SIP_ADDRESS": "192.0.2.10"}, "MAILLAGE_SIP_ADDRESS"),
        ({"SIP_MEDIA_PORTS": "40000"}, "MAILLAGE_SIP_MEDIA_PORTS"),
        ({"SIP_LINE": "user:secret@exchange"}, "MAILLAGE_SIP_LINE"),
        ({"BRIDGES_FILE": "/nowhere.toml"}, "MAILLAGE_BRIDGES_FILE"),
        ({"BRIDGES_FILE": ""}, "No bridge server"),
    ],
)
def test_the_gateway_says_which_setting_is_missing_or_wrong(
    settings: SimpleNamespace, changes: dict[str, str], said: str
) -> None:
    settings.SIP_ADDRESS = "127.0.0.1:5060"
    for name, value in changes.items():
        setattr(settings, name, value)
    with pytest.raises(CommandError, match=said):
        call_command("bridge")


def test_a_server_without_its_address_is_named(settings: SimpleNamespace, tmp_path: Path) -> None:
    described = tmp_path / "bridges.toml"
    described.write_text('[[janus]]\nname = "a"\nclient_url = "ws://x"\n')
    settings.BRIDGES_FILE, settings.SIP_ADDRESS = str(described), "127.0.0.1:5060"
    with pytest.raises(CommandError, match="server 1 has no admin_url"):
        call_command("bridge")


@pytest.mark.media
@pytest.mark.django_db(transaction=True)
def test_a_terminal_calls_a_booked_meeting_and_is_called_back_by_the_desk(
    settings: SimpleNamespace, tmp_path: Path, janus: media.PrivateJanus
) -> None:
    described = tmp_path / "bridges.toml"
    described.write_text(
        f'[[janus]]\nname = "a"\nclient_url = "{janus.client_url}"\nadmin_url = "{janus.admin_url}"\n'
        f'media_address = "{janus.place.address}"\n'
    )
    first, last = media.free_range(40)
    settings.BRIDGES_FILE, settings.SIP_MEDIA_PORTS = str(described), f"{first}-{last}"
    settings.SIP_ADDRESS = f"{media.machine_address()}:{media.free_range(2)[0]}"
    settings.JANUS_SECRETS = {name: getattr(janus.place, name) for name in SECRETS}
    now = timezone.now()
    start = now.replace(minute=0, second=0, microsecond=0) - timedelta(minutes=0)
    booking = make_meeting(start=start)
    code = dial_code_of(booking_id=booking.pk)

    @database_sync_to_async
    def stays() -> list[str]:
        return list(Attendance.objects.values_list("leave_reason", flat=True))

    async def until(wanted: list[str]) -> None:
        async with asyncio.timeout(10):
            while await stays() != wanted:
                await asyncio.sleep(0.05)

    async def call(terminal: media.PrivateTerminal) -> None:
        nobody = SimpleNamespace(password_of=lambda _name: None)
        async with gateway(gateway_settings(), DatabaseDirectory(), nobody) as board:
            await asyncio.to_thread(terminal.command, "dial", f"sip:{code}@{settings.SIP_ADDRESS}")
            await until([""])
            await asyncio.to_thread(terminal.command, "hangup")
            await until(["left"])
            await database_sync_to_async(ask_dial)(
                booking=booking, target=terminal.uri, name="", party=None, agent_id=None, now=timezone.now()
            )
            assert await Dialler(board).make_calls() == 1
            await until(["left", ""])
            await asyncio.to_thread(terminal.command, "hangup")
            await until(["left", "left"])

    with media.terminal() as terminal:
        asyncio.run(call(terminal))
    (party,) = {stay.party for stay in Attendance.objects.select_related("party")}
    assert (party.booking_id, party.kind) == (booking.pk, "sip")
    assert DialOrder.objects.get().state == DialState.IN
