"""Documents and pointers on the socket of a meeting."""

from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.utils import timezone

from maillage.booking.models import Party
from maillage.conference.models import Document
from maillage.conference.services import open_conference
from maillage.conference.tests.sockets import hello, meeting_now, page_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


@pytest.fixture(autouse=True)
def private_files(settings: Any, tmp_path: Path) -> None:
    settings.PRIVATE_FILES = tmp_path


@database_sync_to_async
def plan_of(party_id: int) -> int:
    party = Party.objects.get(pk=party_id)
    conference = open_conference(party.booking_id)
    made = Document.objects.create(
        conference=conference, party=party, name="Plan", pages=5, size=9, digest="d", brought_at=timezone.now()
    )
    return made.pk


async def test_pages_turn_together_and_are_found_again_after_a_reconnection() -> None:
    _, (callac, _rennes), tokens = await meeting_now()
    plan = await plan_of(callac)
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b:
        for page, name in ((a, "a"), (b, "b")):
            await hello(page, name)
            await page.say("enter")
        await a.say("document", document=plan, page=1)
        await a.say("document", document=plan, page=4)
        for page in (a, b):
            pages = [0]
            while pages[-1] != 4:  # one who has just come in may hear a page twice
                pages.append((await page.hear("document"))["page"])
            assert pages[-1] == 4
            assert set(pages) <= {0, 1, 4}
    async with page_of(tokens[1]) as again:
        await hello(again, "b", entered=True)
        shown = await again.hear("document")
        assert (shown["document"], shown["name"], shown["page"], shown["by"]) == (plan, "Plan", 4, callac)
        assert shown["version"] == 2


async def test_the_others_see_where_one_points() -> None:
    _, (callac, _rennes), tokens = await meeting_now()
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b:
        for page, name in ((a, "a"), (b, "b")):
            await hello(page, name)
            await page.say("enter")
        await b.hear("presence")
        await a.say("pointer", x=0.25, y=0.5)
        await a.say("pointer", x=0.3, y=0.5)  # at once: dropped
        await a.say("pointer", screen=callac, x=None, y=None)
        assert await b.hear("pointer") == {"type": "pointer", "from": callac, "screen": None, "x": 0.25, "y": 0.5}
        assert await b.hear("pointer") == {"type": "pointer", "from": callac, "screen": callac, "x": None, "y": None}


async def test_a_document_of_nowhere_is_refused_and_the_meeting_goes_on() -> None:
    _, _parties, tokens = await meeting_now()
    async with page_of(tokens[0]) as a:
        await hello(a, "a")
        await a.say("document", document=None, page=1)
        assert (await a.hear("refused"))["code"] == "not-in"
        await a.say("enter")
        await a.say("document", document=99_999, page=1)
        assert (await a.hear("refused"))["code"] == "document-unknown"
        await a.say("beat")
        await a.hear("beat")
