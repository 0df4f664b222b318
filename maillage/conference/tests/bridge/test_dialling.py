import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from channels.db import database_sync_to_async
from django.utils import timezone

from maillage.accounts.models import User
from maillage.booking.models import Booking
from maillage.conference.domain.dialling import read_target, uri_of
from maillage.conference.errors import DialTargetInvalid, NoLineOut
from maillage.conference.gateways.janus_fake import FakeBridge
from maillage.conference.gateways.pool import BridgePool, PooledServer
from maillage.conference.gateways.sip.call import CallRefused
from maillage.conference.management import dialler
from maillage.conference.models import DialOrder, DialState
from maillage.conference.services import ask_dial, dialling, note_dialled, take_dial_orders
from maillage.conference.tests.factories import NINE, enter, make_meeting
from maillage.core.models import JournalEntry


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("02 96 00 00 00", "0296000000"),
        ("+33 2 96 00 00 00", "+33296000000"),
        ("sip:salle@example.org", "sip:salle@example.org"),
        ("salle@192.0.2.7:5070", "sip:salle@192.0.2.7:5070"),
        ("la mairie", ""),
        ("sip:salle@example.org;transport=tcp", ""),
        ("12", ""),
        ("sip:a@b\r\nX: y", ""),
    ],
)
def test_only_numbers_and_terminals_are_dialled(typed: str, target: str) -> None:
    assert read_target(typed) == target


def test_a_telephone_is_called_through_the_line_and_a_terminal_as_it_is() -> None:
    assert uri_of("0296000000", "192.0.2.1") == "sip:0296000000@192.0.2.1"
    assert uri_of("sip:salle@example.org", "192.0.2.1") == "sip:salle@example.org"


@pytest.fixture
def gateway(settings: SimpleNamespace) -> None:
    settings.SIP_ADDRESS, settings.SIP_LINE = "192.0.2.10:5060", "maillage:secret@192.0.2.1:5060"


def pool() -> BridgePool:
    return BridgePool([PooledServer(FakeBridge("one"), "ws://one", "secret")])


def ask(booking: Booking, target: str = "0296000000") -> DialOrder:
    return ask_dial(booking=booking, target=target, name="Anne", party=None, agent_id=None, now=NINE)


@pytest.mark.django_db
def test_without_a_gateway_or_a_line_nothing_is_promised(settings: SimpleNamespace) -> None:
    booking = make_meeting()
    settings.SIP_ADDRESS = ""
    with pytest.raises(NoLineOut):
        ask(booking, "sip:salle@example.org")
    settings.SIP_ADDRESS, settings.SIP_LINE = "192.0.2.10:5060", ""
    assert ask(booking, "sip:salle@example.org").state == DialState.ASKED
    with pytest.raises(NoLineOut):
        ask(booking)
    with pytest.raises(DialTargetInvalid):
        ask(booking, "la mairie")


@pytest.mark.django_db
@pytest.mark.usefixtures("gateway")
def test_a_call_is_asked_once_taken_once_and_has_its_place_in_the_meeting() -> None:
    booking = make_meeting()
    order = ask(booking)
    assert ask(booking) == order
    (taken,) = take_dial_orders(pool=pool(), now=NINE + timedelta(seconds=1))
    assert (taken.target, taken.invitation.name) == ("0296000000", "Anne")
    assert booking.parties.get(pk=taken.invitation.party).kind == "phone"
    assert take_dial_orders(pool=pool(), now=NINE + timedelta(seconds=2)) == []
    note_dialled(order_id=order.pk, state=DialState.FAILED, reason="486 Busy Here", now=NINE)
    note_dialled(order_id=order.pk, state=DialState.IN, reason="", now=NINE)
    order.refresh_from_db()
    assert (order.state, order.reason) == (DialState.FAILED, "486 Busy Here")
    assert JournalEntry.objects.filter(verb="conference.dialled").count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("gateway")
def test_a_call_that_came_too_late_or_was_interrupted_keeps_no_number_busy() -> None:
    booking = make_meeting()
    ask(booking)
    assert take_dial_orders(pool=pool(), now=NINE + timedelta(minutes=3)) == []
    assert DialOrder.objects.get().reason == "late"
    ask(booking)
    assert len(take_dial_orders(pool=pool(), now=NINE)) == 1
    take_dial_orders(pool=pool(), now=NINE + timedelta(minutes=4))
    assert {order.state for order in DialOrder.objects.all()} == {DialState.FAILED}


@pytest.mark.django_db
@pytest.mark.usefixtures("gateway")
def test_the_room_that_rang_reads_that_nobody_answers_the_desk_reads_it_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    booking, told = make_meeting(), list[tuple[int, str, str]]()
    own = booking.parties.order_by("position")[0]
    enter(own, now=NINE)
    monkeypatch.setattr(dialling, "tell_party", lambda party, **note: told.append((party, note["what"], note["text"])))
    note_dialled(order_id=ask(booking).pk, state=DialState.FAILED, reason="486 Busy Here", now=NINE)
    assert told == [(own.pk, "unanswered", "Anne")]
    agent = User.objects.create_user("desk@example.fr")
    asked = ask_dial(booking=booking, target="0296000009", name="Bob", party=None, agent_id=agent.pk, now=NINE)
    note_dialled(order_id=asked.pk, state=DialState.FAILED, reason="late", now=NINE)
    assert len(told) == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("gateway")
def test_without_a_bridge_the_desk_reads_why() -> None:
    ask(make_meeting())
    assert take_dial_orders(pool=BridgePool([]), now=NINE) == []
    assert DialOrder.objects.get().reason == "no-bridge"


class Board:
    """A switchboard that answers as told."""

    line = SimpleNamespace(host="192.0.2.1")

    def __init__(self, refusal: Exception | None = None) -> None:
        self.refusal, self.called = refusal, list[tuple[str, bool]]()

    async def call_out(self, uri: str, invitation: Any, *, with_video: bool = True) -> str:
        self.called.append((uri, with_video))
        if self.refusal:
            raise self.refusal
        return "leg-1"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize(
    ("refusal", "state", "reason"),
    [(None, DialState.IN, ""), (CallRefused(486, "Busy Here"), DialState.FAILED, "486 Busy Here")],
)
def test_the_gateway_rings_and_says_what_became_of_it(
    refusal: Exception | None, state: DialState, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = Board(refusal)
    monkeypatch.setattr(dialler, "configured_pool", pool)

    async def ring() -> None:
        booking = await database_sync_to_async(make_meeting)()
        await database_sync_to_async(ask_dial)(
            booking=booking, target="0296000000", name="", party=None, agent_id=None, now=timezone.now()
        )
        made = dialler.Dialler(cast("Any", board))
        assert await made.make_calls() == 1
        await asyncio.gather(*made._ringing)

    asyncio.run(ring())
    order = DialOrder.objects.get()
    assert board.called == [("sip:0296000000@192.0.2.1", False)]
    assert (order.state, order.reason) == (state, reason)
