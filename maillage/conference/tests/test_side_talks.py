# mypy: disable-error-code="no-untyped-call"
"""« Le couloir »: both sides agree, talk apart for some minutes, and nobody else comes in or learns of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from django.test import Client
from django.utils import timezone

from maillage.booking.models import Booking
from maillage.conference.models import Attendance, EndReason, SideTalk, SideTalkWish
from maillage.conference.routing import websocket_urlpatterns
from maillage.conference.services import end_meeting, open_conference
from maillage.conference.services.side_talks import end_late_talk
from maillage.conference.tests.factories import NINE, enter, make_meeting, parties_of, token_of
from maillage.conference.tests.sockets import Page, hello
from maillage.core.models import JournalEntry

THREE = ("Ouessant", "Houat", "Rennes")
FRENCH = {"Accept-Language": "fr"}


def finished_meeting() -> Booking:
    """Return a meeting of three sides that all came to, ended at ten past nine."""
    booking = make_meeting(names=THREE)
    for party in parties_of(booking):
        enter(party)
    at = NINE + timedelta(minutes=10)
    end_meeting(conference_id=open_conference(booking.pk).pk, reason=EndReason.ENDED, now=at)
    return booking


@pytest.fixture
def just_after() -> Iterator[None]:
    with time_machine.travel(NINE + timedelta(minutes=11), tick=False):
        yield


@pytest.mark.django_db
def test_a_talk_opens_once_both_sides_wish_it_and_the_third_learns_nothing(client: Client, just_after: None) -> None:
    sides = parties_of(finished_meeting())
    ouessant, houat, rennes = (f"/r/{token_of(side)}" for side in sides)
    first = client.get(f"{ouessant}/apres", headers=FRENCH).content.decode()
    assert "Parler avec Houat" in first
    assert "Parler avec Ouessant" not in first
    client.post(f"{ouessant}/couloir", {"wanted": sides[1].pk})
    client.post(f"{ouessant}/couloir", {"wanted": sides[1].pk})
    assert not SideTalk.objects.exists()
    assert "Ouessant aimerait vous parler" in client.get(f"{houat}/couloir", headers=FRENCH).content.decode()
    assert "aimerait vous parler" not in client.get(f"{rennes}/couloir", headers=FRENCH).content.decode()
    client.post(f"{houat}/couloir", {"wanted": sides[0].pk})
    talk = SideTalk.objects.get()
    assert (talk.first_id, talk.second_id) == (sides[0].pk, sides[1].pk)
    assert not SideTalkWish.objects.exists()
    assert client.get(f"{ouessant}/couloir/parler").status_code == 200
    assert client.get(f"{rennes}/couloir/parler").headers["Location"].endswith("/apres")
    assert JournalEntry.objects.filter(verb="conference.side-talk-agreed").count() == 1


@pytest.mark.django_db
def test_no_thank_you_is_told_to_nobody_and_leaves_no_trace(client: Client, just_after: None) -> None:
    sides = parties_of(finished_meeting())
    ouessant, houat, _rennes = (f"/r/{token_of(side)}" for side in sides)
    client.post(f"{ouessant}/couloir", {"wanted": sides[1].pk})
    client.post(f"{houat}/couloir", {"wanted": ""})
    assert not SideTalkWish.objects.exists()
    assert "Parler avec Houat" in client.get(f"{ouessant}/couloir", headers=FRENCH).content.decode()


@pytest.mark.django_db
def test_long_after_or_for_a_stranger_there_is_no_corridor(client: Client) -> None:
    sides = parties_of(finished_meeting())
    stranger = parties_of(make_meeting())[0]
    page = f"/r/{token_of(sides[0])}"
    with time_machine.travel(NINE + timedelta(minutes=11), tick=False):
        assert client.post(f"{page}/couloir", {"wanted": stranger.pk}).status_code == 409
    with time_machine.travel(NINE + timedelta(minutes=40), tick=False):
        assert "couloir" not in client.get(f"{page}/apres", headers=FRENCH).content.decode().lower()
        assert client.post(f"{page}/couloir", {"wanted": sides[1].pk}).status_code == 410
    assert not SideTalkWish.objects.exists()


@database_sync_to_async
def agreed_now() -> tuple[int, list[str], list[int]]:
    now = timezone.now()
    start = now.replace(minute=0, second=0, microsecond=0)
    booking = make_meeting(start=start, names=THREE)
    sides = parties_of(booking)
    for side in sides:
        enter(side, now=now)
    conference = open_conference(booking.pk)
    end_meeting(conference_id=conference.pk, reason=EndReason.ENDED, now=now)
    first, second, _third = sides
    closes = now + timedelta(minutes=10)
    talk = SideTalk.objects.create(conference=conference, first=first, second=second, agreed_at=now, closes_at=closes)
    tokens = [token_of(side, until=now + timedelta(days=1)) for side in sides]
    return talk.pk, tokens, [side.pk for side in sides]


async def side_page(token: str) -> Page:
    scope = {
        "type": "websocket",
        "path": f"/ws/couloir/{token}",
        "headers": [],
        "query_string": b"",
        "subprotocols": [],
    }
    page = Page(URLRouter(websocket_urlpatterns), scope)
    await page.connect()
    return page


@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_two_sides_meet_apart_their_time_is_no_attendance_and_the_third_is_kept_out() -> None:
    talk_id, tokens, (ouessant, houat, rennes) = await agreed_now()
    before = await Attendance.objects.acount()
    a, b, stranger = [await side_page(token) for token in tokens]
    assert (await stranger.hear("refused"))["code"] == "side-talk-over"
    assert await stranger.closed_with() == 4410
    assert (await hello(a, "a"))["transport"]["topology"] == "p2p"
    await a.say("enter", microphone=True, camera=True)
    assert [one["party"] for one in (await a.hear("presence"))["present"]] == [ouessant]
    assert [one["party"] for one in (await hello(b, "b"))["presence"]["present"]] == [ouessant]
    await b.say("enter")
    assert [one["party"] for one in (await a.hear("presence"))["present"]] == [ouessant, houat]
    await b.say("signal", to=ouessant, page="page-a-1", description={"type": "offer", "sdp": "v=0"})
    assert (await a.hear("signal"))["from"] == houat
    await b.say("signal", to=rennes, page="page-c-1", description={"type": "offer", "sdp": "v=0"})
    assert (await b.hear("refused"))["code"] == "party-unknown"
    await b.disconnect()
    await a.say("leave")
    talk = await SideTalk.objects.aget(pk=talk_id)
    assert talk.began_at is not None
    assert await Attendance.objects.acount() == before
    await a.disconnect()


@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_a_talk_ends_for_both_when_its_time_is_over() -> None:
    talk_id, tokens, _sides = await agreed_now()
    a, b = [await side_page(token) for token in tokens[:2]]
    for page, name in ((a, "a"), (b, "b")):
        await hello(page, name)
        await page.say("enter")
        await page.hear("presence")
    await SideTalk.objects.filter(pk=talk_id).aupdate(closes_at=timezone.now())
    await a.say("beat")
    await a.hear("over")
    await b.hear("over")
    assert await b.closed_with() == 1000
    assert await database_sync_to_async(end_late_talk)(talk_id=talk_id, now=timezone.now())
    assert await JournalEntry.objects.filter(verb="conference.side-talk-ended").acount() == 1
    for page in (a, b):
        await page.disconnect()
