"""Run the SIP gateway: terminals and telephones call in, their sound and picture are relayed."""

import asyncio
import signal
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from maillage.conference.gateways.configured import SettingsAccounts, configured_pool, gateway_settings
from maillage.conference.gateways.sip.call import CallRefused
from maillage.conference.gateways.sip.outgoing import register_line
from maillage.conference.gateways.sipgate.gateway import GatewaySettings, gateway
from maillage.conference.gateways.sipgate.switchboard import Switchboard
from maillage.conference.management.callers import DatabaseDirectory
from maillage.conference.management.dialler import Dialler
from maillage.conference.management.ending import end_within

RETRY_SECONDS = 30
LOOK_SECONDS = 1
LONGEST_END_SECONDS = 6
"""How long the end may take: calls are hung up at once, a database or a server that does not answer is left."""


class Command(BaseCommand):
    help = "Run the SIP gateway: terminals and telephones call in with the code of their meeting. Stops on SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            settings = gateway_settings()
            servers = len(configured_pool())
        except ImproperlyConfigured as wrong:
            raise CommandError(str(wrong)) from wrong
        if not servers:
            raise CommandError("No bridge server: describe one in MAILLAGE_BRIDGES_FILE, see docs/operations.md.")
        try:
            asyncio.run(self._serve(settings))
        except OSError as taken:
            raise CommandError(f"{settings.agent.host} port {settings.agent.port}: {taken.strerror}") from taken

    async def _serve(self, settings: GatewaySettings) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def ends(*_given: object) -> None:
            end_within(LONGEST_END_SECONDS)
            loop.call_soon_threadsafe(stop.set)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, ends)
        async with gateway(settings, DatabaseDirectory(), SettingsAccounts()) as board:
            self.stdout.write(f"Terminals call sip:CODE@{settings.agent.host}:{settings.agent.port}")
            work = [asyncio.create_task(self._keep_line(board)), asyncio.create_task(self._call_out(board))]
            await stop.wait()
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    async def _call_out(self, board: Switchboard) -> None:
        """Make the calls that the desk asks for."""
        dialler = Dialler(board)
        while True:
            await dialler.make_calls()
            await asyncio.sleep(LOOK_SECONDS)

    async def _keep_line(self, board: Switchboard) -> None:
        """Stay registered with the operator's exchange, if there is one that asks who we are."""
        while board.line and board.line.username and board.agent:
            try:
                wait = await register_line(board.agent, board.line) * 0.8
            except CallRefused as refusal:
                self.stderr.write(f"{board.line.host} does not register us: {refusal}")
                wait = RETRY_SECONDS
            await asyncio.sleep(wait)
