# mypy: disable-error-code="no-untyped-call"
"""The conduct of a meeting on its sockets: the floor, the door, words; and what hostile pages try."""

from datetime import timedelta
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.utils import timezone

from maillage.booking.models import Party
from maillage.conference.domain.agenda import make_agenda
from maillage.conference.models import ChatLine, Conduct, EntryRule, Knock, Spoken
from maillage.conference.tests.sockets import Page, come_in, count_open, hello, meeting_now, page_of
from maillage.core.models import JournalEntry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
THREE = ("Ouessant", "Houat", "Rennes")


async def conduct_until(page: Page, holds: Any) -> dict[str, Any]:
    """Return the first account of the conduct of which `holds`."""
    told = await page.hear("conduct")
    while not holds(told):
        told = await page.hear("conduct")
    return told


@database_sync_to_async
def someone_opens(booking: Any) -> None:
    organiser = booking.parties.order_by("position").first()
    Conduct.objects.create(booking=booking, entry_rule=EntryRule.KNOCK, leader=organiser)


async def test_hands_are_raised_in_order_and_the_leading_side_gives_the_floor_for_a_time() -> None:
    _, (ouessant, houat, rennes), tokens = await meeting_now(names=THREE)
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b, page_of(tokens[2]) as c:
        for page, name in ((a, "a"), (b, "b"), (c, "c")):
            await come_in(page, name)
        await c.say("floor", verb="ask")
        await c.say("floor", verb="ask")
        await conduct_until(a, lambda told: len(told["floor"]["queue"]) == 1)
        await b.say("floor", verb="ask")
        told = await conduct_until(a, lambda told: len(told["floor"]["queue"]) == 2)
        assert told["floor"]["chair"] == ouessant
        assert [hand["site"] for hand in told["floor"]["queue"]] == [rennes, houat]
        await a.say("floor", verb="reorder", order=[houat, rennes])
        await a.say("floor", verb="set-mode", mode="strict")
        await a.say("floor", verb="grant", site=houat, seconds=120)
        heard = await conduct_until(b, lambda told: told["floor"]["holder"] == houat)
        assert (heard["floor"]["mode"], heard["floor"]["box_seconds"]) == ("strict", 120)
        assert [hand["site"] for hand in heard["floor"]["queue"]] == [rennes]


async def test_a_side_that_does_not_lead_is_refused_in_words_and_stays_in() -> None:
    _, _, tokens = await meeting_now()
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b:
        await come_in(a, "a")
        await come_in(b, "b")
        version = (await conduct_until(a, lambda told: len(told["floor"]["present"]) == 2))["version"]
        for forged in (
            {"verb": "set-mode", "mode": "strict"},
            {"verb": "grant", "site": 1},
            {"verb": "give-chair", "site": 1},
            {"verb": "withdraw"},
        ):
            await b.say("floor", **forged)
            refused = await b.hear("refused")
            assert (refused["code"], refused["closes"]) == ("not-in-chair", False)
        await b.say("agenda", item=0)
        assert (await b.hear("refused"))["code"] == "not-in-chair"
        await b.say("entry", rule="knock")
        assert (await b.hear("refused"))["code"] == "not-in-chair"
        await b.say("beat")
        await b.hear("beat")
        await a.say("floor", verb="ask")
        assert (await a.hear("conduct"))["version"] == version + 1
        assert await count_open() == 2


async def test_the_lead_passes_on_and_comes_back_to_the_organisers_side() -> None:
    _, (ouessant, houat, rennes), tokens = await meeting_now(names=THREE)
    async with page_of(tokens[1]) as b, page_of(tokens[2]) as c:
        await come_in(b, "b")
        await come_in(c, "c")
        async with page_of(tokens[0]) as a:
            await come_in(a, "a")
            await conduct_until(b, lambda told: told["floor"]["chair"] == ouessant)
            await a.say("leave")
            await conduct_until(b, lambda told: told["floor"]["chair"] == houat)
        await b.say("floor", verb="give-chair", site=rennes)
        await conduct_until(c, lambda told: told["floor"]["chair"] == rennes)
        async with page_of(tokens[0]) as a:
            await come_in(a, "a")
            told = await conduct_until(b, lambda told: ouessant in told["floor"]["present"])
            assert told["floor"]["chair"] == rennes


async def test_the_floor_survives_a_reconnection() -> None:
    _, (callac, rennes), tokens = await meeting_now()
    async with page_of(tokens[0]) as a:
        await come_in(a, "a")
        async with page_of(tokens[1]) as b:
            await come_in(b, "b")
            await b.say("floor", verb="ask")
            await conduct_until(b, lambda told: told["floor"]["queue"])
        async with page_of(tokens[1]) as again:
            await hello(again, "b", entered=True)
            told = await again.hear("conduct")
            assert [hand["site"] for hand in told["floor"]["queue"]] == [rennes]
            assert told["floor"]["chair"] == callac


async def test_where_someone_opens_a_side_waits_and_enters_once_let_in() -> None:
    booking, (_callac, rennes), tokens = await meeting_now()
    await someone_opens(booking)
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b:
        await come_in(a, "a")
        await hello(b, "b")
        await b.say("enter", microphone=True)
        assert (await b.hear("waiting"))["may_open"] is False
        told = await conduct_until(a, lambda told: told["knocks"])
        assert [(knock["party"], knock["name"]) for knock in told["knocks"]] == [(rennes, "Rennes")]
        await b.say("floor", verb="ask")
        assert (await b.hear("refused"))["code"] == "not-in"
        assert await count_open() == 1
        await a.say("answer", party=rennes, admit=True)
        assert {one["party"] for one in (await b.hear("presence"))["present"]} == {_callac, rennes}
        assert (await a.hear("note"))["what"] == "admitted"
    async with page_of(tokens[1]) as again:
        await hello(again, "b", entered=True)
        await again.hear("conduct")
    assert await JournalEntry.objects.filter(verb="conference.admitted").acount() == 1


async def test_a_side_turned_away_hears_it_in_words_and_may_not_insist_at_once() -> None:
    booking, (_callac, rennes), tokens = await meeting_now()
    await someone_opens(booking)
    async with page_of(tokens[0]) as a:
        await come_in(a, "a")
        async with page_of(tokens[1]) as b:
            await hello(b, "b")
            await b.say("enter")
            await b.hear("waiting")
            await a.say("answer", party=rennes, admit=False)
            assert (await b.hear("refused"))["code"] == "not-admitted"
            assert await b.closed_with() == 4403
        async with page_of(tokens[1]) as b:
            await hello(b, "b")
            await b.say("enter")
            assert (await b.hear("refused"))["code"] == "not-admitted"
    assert await count_open() == 1


async def test_only_the_leading_side_opens_at_first_then_any_side() -> None:
    booking, (_ouessant, _houat, rennes), tokens = await meeting_now(names=THREE)
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b, page_of(tokens[2]) as c:
        await come_in(a, "a")
        await come_in(b, "b")
        await a.say("entry", rule="knock")
        await conduct_until(b, lambda told: told["entry"] == "knock")
        await hello(c, "c")
        await c.say("enter")
        await c.hear("waiting")
        await b.say("answer", party=rennes, admit=True)
        assert (await b.hear("refused"))["code"] == "door-not-yours"
        await Knock.objects.aupdate(asked_at=timezone.now() - timedelta(minutes=3))
        await b.say("answer", party=rennes, admit=True)
        await c.hear("presence")
        await b.say("answer", party=rennes, admit=True)
        assert (await b.hear("refused"))["code"] == "nobody-at-door"
    assert await Conduct.objects.filter(booking=booking, entry_rule="knock").acount() == 1


async def test_with_nobody_in_an_invited_side_opens_for_itself_after_a_while() -> None:
    booking, (_callac, rennes), tokens = await meeting_now()
    await someone_opens(booking)
    async with page_of(tokens[1]) as b:
        await hello(b, "b")
        await b.say("enter")
        await b.hear("waiting")
        await b.say("open")
        assert (await b.hear("refused"))["code"] == "door-not-yours"
        await Knock.objects.aupdate(asked_at=timezone.now() - timedelta(minutes=6))
        await b.say("beat")
        assert (await b.hear("waiting"))["may_open"] is True
        await b.say("open")
        assert [one["party"] for one in (await b.hear("presence"))["present"]] == [rennes]


async def test_a_side_that_goes_away_no_longer_waits() -> None:
    booking, _, tokens = await meeting_now()
    await someone_opens(booking)
    async with page_of(tokens[0]) as a:
        await come_in(a, "a")
        async with page_of(tokens[1]) as b:
            await hello(b, "b")
            await b.say("enter")
            await conduct_until(a, lambda told: told["knocks"])
        await conduct_until(a, lambda told: not told["knocks"])


async def test_lines_reach_those_inside_once_and_late_comers_read_them() -> None:
    _, (callac, _), tokens = await meeting_now()
    hostile = "<img src=x onerror=alert(1)>"
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b:
        await come_in(a, "a")
        await hello(b, "b")
        await a.say("chat", key="line-0001", text=f"  {hostile} ")
        assert [line["text"] for line in (await a.hear("chat"))["lines"]] == [hostile]
        await a.say("chat", key="line-0001", text=hostile)
        await a.say("beat")
        await a.hear("beat")
        await b.say("chat", key="line-0002", text="Bonjour")
        assert (await b.hear("refused"))["code"] == "not-in"
        await b.say("enter")
        lines = (await b.hear("chat"))["lines"]
        assert [(line["party"], line["text"]) for line in lines] == [(callac, hostile)]
    assert await ChatLine.objects.acount() == 1


async def test_a_page_that_comes_back_finds_the_floor_the_agenda_and_the_words_as_they_are() -> None:
    booking, (callac, rennes), tokens = await meeting_now()
    agenda = make_agenda([("Budget", 10), ("Divers", 5)]).as_json()
    await Conduct.objects.acreate(booking=booking, leader_id=callac, agenda=agenda)
    async with page_of(tokens[0]) as a:
        await come_in(a, "a")
        async with page_of(tokens[1]) as b:
            await come_in(b, "b")
            await a.say("agenda", item=1)
            await a.say("floor", verb="set-mode", mode="strict")
            await a.say("floor", verb="grant", site=rennes)
            await a.say("introduce", text="la maire")
            await b.say("chat", key="line-0001", text="Bonjour")
            await conduct_until(b, lambda told: told["introductions"])
        async with page_of(tokens[1]) as again:
            await hello(again, "b", entered=True)
            told = await again.hear("conduct")
            assert (told["floor"]["mode"], told["floor"]["holder"]) == ("strict", rennes)
            assert told["agenda"]["current"] == 1
            assert told["introductions"] == {str(callac): "la maire"}
            assert [line["text"] for line in (await again.hear("chat"))["lines"]] == ["Bonjour"]


async def test_a_flood_of_lines_is_refused_without_hanging_up() -> None:
    _, _, tokens = await meeting_now()
    async with page_of(tokens[0]) as a:
        await come_in(a, "a")
        for number in range(12):
            await a.say("chat", key=f"line-{number:04}", text="encore")
        refused = await a.hear("refused")
        assert (refused["code"], refused["closes"]) == ("chat-flood", False)
        await a.say("beat")
        await a.hear("beat")
    assert await ChatLine.objects.acount() < 12


async def test_a_side_renames_another_and_everyone_is_told() -> None:
    _, (callac, rennes), tokens = await meeting_now()
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b:
        await come_in(a, "a")
        await come_in(b, "b")
        await a.say("rename", party=rennes, name="Mairie de Houat", head_count=4)
        note = await b.hear("note")
        assert (note["what"], note["by"], note["party"], note["name"]) == ("renamed", callac, rennes, "Mairie de Houat")
        assert "Mairie de Houat" in [one["name"] for one in (await b.hear("presence"))["present"]]
        await a.say("introduce", party=rennes, text="la maire et  deux adjoints")
        told = await conduct_until(b, lambda told: told["introductions"])
        assert told["introductions"] == {str(rennes): "la maire et deux adjoints"}
    assert (await Party.objects.aget(pk=rennes)).name == "Mairie de Houat"
    assert await JournalEntry.objects.filter(verb="conference.renamed").acount() == 1


async def test_one_side_does_nothing_to_the_sides_of_another_meeting() -> None:
    _, (callac, _), tokens = await meeting_now()
    _, (stranger, _), others = await meeting_now()
    async with page_of(tokens[0]) as hostile, page_of(others[0]) as victim:
        await come_in(hostile, "h")
        await come_in(victim, "v")
        for kind, fields in (
            ("floor", {"verb": "grant", "site": stranger}),
            ("floor", {"verb": "give-chair", "site": stranger}),
            ("rename", {"party": stranger, "name": "Pris", "head_count": 1}),
            ("introduce", {"party": stranger, "text": "Pris"}),
        ):
            await hostile.say(kind, **fields)
            assert (await hostile.hear("refused"))["code"] == "not-present", kind
        await hostile.say("answer", party=stranger, admit=True)
        assert (await hostile.hear("refused"))["code"] == "nobody-at-door"
        assert await victim.receive_nothing(timeout=0.2) or (await victim.hear("conduct"))["floor"]["chair"] == stranger
    assert not await Party.objects.filter(name="Pris").aexists()
    assert callac != stranger


@pytest.mark.parametrize(
    "message",
    [
        {"type": "floor", "verb": "arrive"},
        {"type": "floor", "verb": "grant", "site": "1"},
        {"type": "floor", "verb": "set-box", "seconds": 10**9},
        {"type": "floor", "verb": "reorder", "order": list(range(1000))},
        {"type": "agenda", "item": -1},
        {"type": "chat", "key": "line-0001", "text": "x" * 1001},
        {"type": "chat", "key": "line-0001", "text": "a", "file": "aGVsbG8="},
        {"type": "chat", "key": "../../etc", "text": "a"},
        {"type": "spoke", "seconds": -5},
        {"type": "entry", "rule": "everyone"},
        {"type": "answer", "party": 1, "admit": "yes"},
        {"type": "signal", "to": 1, "page": "page-a-1", "description": {"type": "offer", "sdp": "x" * 60_001}},
    ],
)
async def test_a_forged_message_hangs_up_its_sender_and_nobody_else(message: dict[str, Any]) -> None:
    _, _, tokens = await meeting_now()
    async with page_of(tokens[0]) as honest, page_of(tokens[1]) as hostile:
        await come_in(honest, "a")
        await come_in(hostile, "h")
        await hostile.say(message.pop("type"), **message)
        assert (await hostile.hear("refused"))["code"] == "message-unknown"
        assert await hostile.closed_with() == 4400
        await honest.say("floor", verb="ask")
        await conduct_until(honest, lambda told: told["floor"]["queue"])


async def test_time_spoken_is_counted_per_side_and_never_more_than_has_passed() -> None:
    _, (callac, _), tokens = await meeting_now()
    async with page_of(tokens[0]) as a:
        await come_in(a, "a")
        await a.say("spoke", seconds=4)
        assert (await a.hear("spoken")) == {"type": "spoken", "party": callac, "seconds": 4}
        for _ in range(5):
            await a.say("spoke", seconds=60)
        await a.say("beat")
        await a.hear("beat")
    spoken = await Spoken.objects.aget(party=callac)
    assert 4 <= spoken.seconds < 15
