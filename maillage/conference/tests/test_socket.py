# mypy: disable-error-code="no-untyped-call"
"""The socket of a meeting, message by message, and what hostile pages try; on both databases."""

import json

import pytest
from channels.db import database_sync_to_async
from django.utils import timezone

from maillage.accounts.models import User
from maillage.booking.models import BookingStatus, Party
from maillage.conference.errors import AskUnknown, NotIn
from maillage.conference.models import Attendance, Conference, Failure
from maillage.conference.services import ask_side
from maillage.conference.tests.sockets import count_open, hello, meeting_now, page_of
from maillage.core.models import JournalEntry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


async def test_two_pages_meet_and_speak_to_each_other_only() -> None:
    _, (callac, rennes), tokens = await meeting_now()
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b:
        welcome = await hello(a, "a")
        assert (welcome["party"], welcome["parties"]) == (callac, [callac, rennes])
        assert welcome["transport"] == {"topology": "p2p", "generation": 0, "room": "", "bridges": []}
        await a.say("enter", microphone=True, camera=True)
        assert [one["party"] for one in (await a.hear("presence"))["present"]] == [callac]
        assert [one["party"] for one in (await hello(b, "b"))["presence"]["present"]] == [callac]
        await b.say("enter")
        told = await a.hear("presence")
        assert [one["party"] for one in told["present"]] == [callac, rennes]
        await b.say("signal", to=callac, page="page-a-1", description={"type": "offer", "sdp": "v=0"})
        heard = await a.hear("signal")
        assert (heard["from"], heard["page"], heard["description"]["sdp"]) == (rennes, "page-b-1", "v=0")
        await b.say("signal", to=callac, page="page-old-1", description={"type": "offer", "sdp": "v=1"})
        await b.say("state", microphone=False, camera=True, screen=False, sound_only=False)
        assert (await a.hear("presence"))["present"][1]["microphone"] is False


async def test_a_socket_that_closes_ends_nothing_and_the_same_screen_comes_back() -> None:
    _, (callac, _rennes), tokens = await meeting_now()
    async with page_of(tokens[0]) as a:
        await hello(a, "a")
        await a.say("enter")
        await a.hear("presence")
    assert await count_open() == 1
    async with page_of(tokens[0]) as again:
        await hello(again, "a", entered=True)
        assert [one["party"] for one in (await again.hear("presence"))["present"]] == [callac]
    assert await database_sync_to_async(Attendance.objects.count)() == 1


async def test_the_link_opened_twice_asks_then_moves_the_meeting() -> None:
    _, _, tokens = await meeting_now()
    async with page_of(tokens[0]) as first, page_of(tokens[0]) as second:
        await hello(first, "a")
        await first.say("enter")
        await first.hear("presence")
        await hello(second, "b")
        await second.say("enter")
        await second.hear("elsewhere")
        await second.say("enter", take_over=True)
        await second.hear("presence")
        await first.hear("superseded")
        assert await first.closed_with() == 4409
    assert await count_open() == 1


async def test_a_party_that_ends_it_for_all_hangs_everyone_up() -> None:
    booking, (callac, _), tokens = await meeting_now()
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b:
        for page, name in ((a, "a"), (b, "b")):
            await hello(page, name)
            await page.say("enter")
            await page.hear("presence")
        await a.say("end")
        assert (await b.hear("over"))["by"] == callac
        assert await b.closed_with() == 1000
    assert await count_open() == 0
    await database_sync_to_async(booking.refresh_from_db)()
    assert booking.status == BookingStatus.DONE


async def test_leaving_is_told_with_its_reason() -> None:
    _, (callac, rennes), tokens = await meeting_now()
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as b:
        for page, name in ((a, "a"), (b, "b")):
            await hello(page, name)
            await page.say("enter")
            await page.hear("presence")
        await b.say("leave")
        told = await a.hear("presence")
        while len(told["present"]) > 1:
            told = await a.hear("presence")
        assert ([one["party"] for one in told["present"]], told["left"]) == ([callac], {str(rennes): "left"})


async def test_failures_and_help_are_kept_even_before_entering() -> None:
    booking, (callac, _), tokens = await meeting_now()
    async with page_of(tokens[0]) as a:
        await hello(a, "a")
        await a.say("failure", code="no-camera", detail="NotFoundError")
        await a.say("help")
        await a.say("beat")
        await a.hear("beat")
    failure = await database_sync_to_async(Failure.objects.get)()
    conference = await database_sync_to_async(Conference.objects.get)(booking=booking)
    assert (failure.party_id, failure.code, failure.conference_id) == (callac, "no-camera", conference.pk)


async def test_an_echo_is_noted_with_the_side_it_comes_from_if_that_side_is_of_the_meeting() -> None:
    _booking, (callac, rennes), tokens = await meeting_now()
    _other, (stranger, _), _tokens = await meeting_now()
    async with page_of(tokens[0]) as a:
        await hello(a, "a")
        await a.say("failure", code="echo", detail="240 ms", about=rennes)
        await a.say("failure", code="echo", detail="240 ms", about=stranger)
        await a.say("beat")
        await a.hear("beat")
    kept = await database_sync_to_async(lambda: list(Failure.objects.values_list("party_id", "about_id")))()
    assert kept == [(callac, rennes), (callac, None)]


@pytest.mark.parametrize(
    ("status", "code"), [(BookingStatus.CANCELLED, 4410), (BookingStatus.HELD, 4403), (BookingStatus.DONE, 4410)]
)
async def test_a_link_to_a_meeting_that_is_not_open_is_refused_in_words(status: str, code: int) -> None:
    _, _, tokens = await meeting_now(status)
    async with page_of(tokens[0]) as a:
        refused = await a.hear("refused")
        assert refused["sentence"]
        assert refused["advice"]
        assert await a.closed_with() == code


async def test_a_forged_link_is_refused() -> None:
    async with page_of("1.6f000000.forged") as a:
        assert (await a.hear("refused"))["code"] == "link-unknown"
        assert await a.closed_with() == 4404


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no json", 4400),
        ('{"type": "shutdown"}', 4400),
        ('{"type": "enter"}', 4400),
        (json.dumps({"type": "rename", "name": "x" * 70_000, "head_count": 1}), 4413),
    ],
)
async def test_a_hostile_page_is_told_and_hung_up_and_the_others_notice_nothing(text: str, code: int) -> None:
    _, _, tokens = await meeting_now()
    async with page_of(tokens[0]) as honest, page_of(tokens[1]) as hostile:
        await hello(honest, "a")
        await honest.say("enter")
        await honest.hear("presence")
        await hostile.write(text)
        await hostile.hear("refused")
        assert await hostile.closed_with() == code
        await honest.say("beat")
        await honest.hear("beat")


async def test_a_message_for_another_meeting_is_refused_and_does_not_arrive() -> None:
    _, _, tokens = await meeting_now()
    _, (stranger, _), others = await meeting_now()
    async with page_of(tokens[0]) as hostile, page_of(others[0]) as victim:
        await hello(victim, "v")
        await victim.say("enter")
        await victim.hear("presence")
        await hello(hostile, "h")
        await hostile.say("enter")
        await hostile.say("signal", to=stranger, page="page-v-1", description={"type": "offer", "sdp": "v=0"})
        assert (await hostile.hear("refused"))["code"] == "party-unknown"
        assert await hostile.closed_with() == 4403
        assert await victim.receive_nothing(timeout=0.2)


async def test_at_the_door_one_prepares_a_line_with_those_who_are_in_and_with_nobody_else() -> None:
    _, (callac, rennes), tokens = await meeting_now()
    offer = {"type": "offer", "sdp": "v=0"}
    async with page_of(tokens[0]) as a, page_of(tokens[1]) as outside:
        await hello(a, "a")
        await hello(outside, "b")
        await outside.say("signal", to=callac, page="page-a-1", description=offer)
        assert await a.receive_nothing(timeout=0.2)
        await a.say("enter")
        await a.hear("presence")
        await outside.say("signal", to=callac, page="page-a-1", description=offer)
        assert (await a.hear("signal"))["from"] == rennes
        await outside.say("state", microphone=True, camera=True, screen=False, sound_only=False)
        while (await outside.hear("refused"))["code"] != "not-in":
            pass
        assert await a.receive_nothing(timeout=0.2)


async def test_a_page_says_who_it_is_once_and_before_anything_else() -> None:
    _, (callac, _), tokens = await meeting_now()
    async with page_of(tokens[0]) as twice, page_of(tokens[1]) as nameless:
        await hello(twice, "a")
        await twice.say("hello", connection="screen-b", page="page-b-1")
        assert await twice.closed_with() == 4400
        await nameless.say("signal", to=callac, page="page-a-1", description={"type": "offer", "sdp": "v=0"})
        assert await nameless.closed_with() == 4400


async def test_a_flood_is_cut_short() -> None:
    _, _, tokens = await meeting_now()
    async with page_of(tokens[0]) as a:
        await hello(a, "a")
        for _number in range(260):
            await a.say("beat")
        assert (await a.hear("refused"))["code"] == "message-flood"
        assert await a.closed_with() == 4429


async def test_the_concierge_asks_only_the_side_that_is_in_and_only_for_less() -> None:
    booking, (callac, _rennes), tokens = await meeting_now()
    party = await Party.objects.select_related("booking").aget(pk=callac)
    agent = await User.objects.acreate(email="concierge@example.fr")
    ask = database_sync_to_async(ask_side)
    with pytest.raises(NotIn):
        await ask(party=party, what="mute", agent_id=agent.pk, now=timezone.now())
    async with page_of(tokens[0]) as a:
        await hello(a, "a")
        await a.say("enter", microphone=True, camera=True)
        await a.hear("presence")
        await ask(party=party, what="mute", agent_id=agent.pk, now=timezone.now())
        assert (await a.hear("asked"))["what"] == "mute"
        with pytest.raises(AskUnknown):
            await ask(party=party, what="unmute", agent_id=agent.pk, now=timezone.now())
    lines = JournalEntry.objects.filter(verb="conference.asked-mute", subject=f"booking:{booking.reference}")
    assert await lines.acount() == 1
