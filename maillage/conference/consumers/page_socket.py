"""What every socket of a page does: reads messages of the protocol, refuses the rest in words, keeps floods out."""

import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.conf import settings
from django.utils import translation

from maillage.conference import errors
from maillage.conference.domain import messages as said
from maillage.conference.domain.flow import Bucket
from maillage.conference.selectors import Guest
from maillage.core.errors import DomainError
from maillage.core.sockets import Resumed

logger = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

KEEPS_OPEN = (
    errors.NotIn,
    errors.OpenElsewhere,
    errors.NotPresent,
    errors.NotInChair,
    errors.FloorMisused,
    errors.NobodyAtDoor,
    errors.DoorNotYours,
    errors.ChatFlood,
    errors.DocumentUnknown,
    errors.RecordingUnavailable,
    errors.RecordingUnknown,
)
"""What an honest page may ask a moment too late: refused in words, and the socket stays open."""
CLOSE_CODES = {
    "message-unknown": 4400,
    "door-closed": 4403,
    "no-place-left": 4403,
    "not-admitted": 4403,
    "party-unknown": 4403,
    "link-unknown": 4404,
    "open-elsewhere": 4409,
    "link-expired": 4410,
    "meeting-over": 4410,
    "meeting-cancelled": 4410,
    "side-talk-over": 4410,
    "message-too-large": 4413,
    "message-flood": 4429,
}


def in_database(act: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """Return `act` to be awaited, run where the database may be asked."""
    return database_sync_to_async(act)


class PageSocket(Resumed):
    """One socket of one page of one party. `guest` is there once its link was found good."""

    guest: Guest

    async def connect(self) -> None:
        """Accept, so that a refusal can be said in words, then check the link."""
        await self.accept()
        self.bucket = Bucket(at=time.monotonic())
        self.token: str = self.scope["url_route"]["kwargs"]["token"]
        try:
            await self.arrive(self.token)
        except DomainError as refusal:
            await self.turn_away(refusal)

    async def arrive(self, token: str) -> None:
        """Find who stands at the door and begin to listen; raise why they may not enter."""
        raise NotImplementedError

    async def handle(self, message: said.AnyMessage) -> None:
        """Do what the page says; raise what is refused."""
        raise NotImplementedError

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Read one message, refuse what the protocol does not have, do the rest."""
        if not hasattr(self, "guest"):
            return
        try:
            await self.handle(self._read(text_data))
        except KEEPS_OPEN as refusal:
            await self.refuse(refusal)
        except DomainError as refusal:
            logger.warning("party %s refused: %s", self.guest.party.pk, refusal.code)
            await self.turn_away(refusal)

    def _read(self, text: str | None) -> said.AnyMessage:
        bucket = self.bucket.take(time.monotonic())
        if bucket is None:
            raise errors.MessageFlood(wait_seconds=10)
        self.bucket = bucket
        if text is None:
            raise errors.MessageUnknown
        if len(text) > said.MAX_MESSAGE:
            raise errors.MessageTooLarge
        try:
            return said.read_message(text)
        except ValueError as wrong:
            logger.info("party %s wrote no message of ours: %s", self.guest.party.pk, wrong)
            raise errors.MessageUnknown from wrong

    async def say(self, kind: str, **fields: Any) -> None:
        """Say one message of the protocol to this page."""
        await self.send(json.dumps({"type": kind, **fields}))

    async def refuse(self, refusal: DomainError, *, closes: bool = False) -> None:
        """Say a refusal in the words of the booking's language."""
        language = self.guest.booking.language if hasattr(self, "guest") else settings.LANGUAGE_CODE
        with translation.override(language):
            words = {"sentence": refusal.sentence(), "advice": refusal.advice()}
            await self.say("refused", code=refusal.code, closes=closes, **words)

    async def turn_away(self, refusal: DomainError) -> None:
        """Say a refusal and hang up."""
        await self.refuse(refusal, closes=True)
        await self.close(CLOSE_CODES.get(refusal.code, CLOSE_CODES["door-closed"]))
