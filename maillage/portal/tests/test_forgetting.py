"""Names leave the whole database on their day, and when somebody asks; what is counted does not change."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from maillage.accounts.models import User
from maillage.booking.domain.contacts import Contact
from maillage.booking.models import (
    Booking,
    Broadcast,
    BroadcastPlace,
    DeadAddress,
    LetterKind,
    LetterRecord,
    Party,
    Receipt,
    Seat,
    Span,
    SpanKind,
)
from maillage.booking.selectors import organiser_token
from maillage.booking.services import cancel_booking, complete_booking, write_letters
from maillage.booking.services.forgetting import forget_bookings
from maillage.booking.tests.factories import NOW, TOMORROW_10, make_booking, make_hold
from maillage.booking.tests.test_losses import lose
from maillage.concierge.models import FarEnd, HandoverNote, HelpCall, RunbookStep, Ticket, TicketNote
from maillage.conference.models import Attendance, ChatLine, Conduct, Conference, DialOrder, Minutes
from maillage.core import forgetting
from maillage.core.checks import known_keeping_times
from maillage.core.forgetting import Kind, forget_all, kinds
from maillage.core.journal import record
from maillage.core.models import TextMessage
from maillage.core.quarters import PER_DAY, moment_of
from maillage.points.models import Room
from maillage.points.tests.factories import make_point, make_room
from maillage.portal.models import ErasureRequest
from maillage.portal.services import LIVES, confirm_erasure, follow_erasures, link_token, send_link

pytestmark = pytest.mark.django_db
NAME, EMAIL, PHONE = "Perrine Zozime", "perrine.zozime@planted.example", "0699887766"
GUEST = "yvon.zozime@planted.example"
PLANTED = re.compile(r"zozime|0699887766|planted", re.IGNORECASE)
PERRINE = Contact(
    name=NAME, email=EMAIL, phone=PHONE, category="association", title="La fête de Zozime", travel_mode="car-alone",
    guests=(GUEST,),
)  # fmt: skip
AFTER = moment_of(TOMORROW_10 + PER_DAY)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def remains() -> list[str]:
    """Every column of every table in which a planted name can still be read."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        for value in model._default_manager.values_list(field.attname, flat=True)
        if PLANTED.search(bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value))
    ]


def plant(rooms: list[Room]) -> Booking:
    """A meeting, and all that its people leave behind them in each app."""
    booking = make_booking(rooms, contact=PERRINE)
    write_letters(booking.pk, LetterKind.CONFIRMATION, now=NOW)
    party = booking.parties.get(position=1)
    Party.objects.filter(pk=party.pk).update(name="Chez Zozime")
    lose(rooms[0], reason="Mme Zozime a fermé")
    session = Broadcast.objects.create(
        booking=booking, slug="zozime", title="Zozime parle", description=f"Écrire à {EMAIL}"
    )
    place = BroadcastPlace.objects.create(broadcast=session, party=party, seats=4)
    for reach in (EMAIL, PHONE):
        Seat.objects.create(broadcast=session, place=place, number=None, out_of=4, name=NAME, reach=reach, taken_at=NOW)
    Span.objects.create(
        room=rooms[1], kind=SpanKind.BLOCK, first_quarter=TOMORROW_10 + 40, end_quarter=TOMORROW_10 + 44, note=NAME
    )
    DeadAddress.objects.create(address=EMAIL, status="5.1.1", reason=f"no {EMAIL}", since=NOW)
    TextMessage.objects.create(
        key="k", subject=f"booking:{booking.reference}", number=PHONE, text=NAME, due_at=NOW, until=NOW
    )
    record("booking.noted", f"booking:{booking.reference}", through="agent", who=NAME)
    _plant_meeting(booking, party)
    _plant_desk(booking, party)
    return booking


def _plant_meeting(booking: Booking, party: Party) -> None:
    live = Conference.objects.create(booking=booking)
    Conduct.objects.create(booking=booking, agenda={"items": [NAME]}, introductions={"1": NAME}, floor={"who": NAME})
    Minutes.objects.create(conference=live, present=NAME, decisions=NAME, actions=[NAME])
    ChatLine.objects.create(conference=live, party=party, key="a", at=NOW, text=NAME)
    DialOrder.objects.create(
        booking=booking, party=party, target=PHONE, name=NAME, reason=NAME, asked_at=NOW, changed_at=NOW
    )
    Attendance.objects.create(
        conference=live,
        party=party,
        connection="c",
        page="p",
        joined_at=NOW,
        last_seen_at=NOW,
        device="iPhone de Zozime",
    )


def _plant_desk(booking: Booking, party: Party) -> None:
    FarEnd.objects.create(party=party, name=NAME, phone=PHONE, email=EMAIL, address="zozime.example", firewall=NAME)
    HelpCall.objects.create(thing="party:1", name=NAME, booking=booking, party=party, rang_at=NOW, heard_at=NOW)
    ticket = Ticket.objects.create(cause="other", booking=booking, thing="booking:1", opened_at=NOW)
    TicketNote.objects.create(ticket=ticket, at=NOW, text=NAME)
    RunbookStep.objects.create(booking=booking, step="contact", done_at=NOW, note=NAME)
    HandoverNote.objects.create(at=NOW, text=NAME)


def counted() -> list[Any]:
    """What the statistics read."""
    bookings = Booking.objects.order_by("pk").values_list("pk", "category", "first_quarter", "length", "status")
    parties = Party.objects.order_by("pk").values_list("head_count", "origin", "room", "travel_mode", "access_km")
    return [*bookings, *parties]


@pytest.fixture
def rooms() -> list[Room]:
    return [make_room(make_point(commune="Callac")), make_room(make_point(commune="Rennes"))]


def test_after_its_time_no_table_holds_a_name_and_the_figures_stay(rooms: list[Room]) -> None:
    booking = plant(rooms)
    make_hold(rooms, first_quarter=TOMORROW_10 + 2 * PER_DAY)
    Receipt.objects.create(
        host=rooms[0].point.host, year=2026, number=1, booking=booking, issuer="Mairie", payer=NAME, cents=100,
        lines=[NAME], issued_at=NOW,
    )  # fmt: skip
    complete_booking(booking_id=booking.pk, now=AFTER)
    before = counted()
    assert len(set(remains())) > 25
    forget_all(AFTER)
    assert "booking.Booking.organiser_name" in remains()
    assert sum(forget_all(AFTER + timedelta(days=1200)).values()) > 20
    assert set(remains()) == {"booking.Receipt.payer", "booking.Receipt.lines"}
    assert counted() == before
    forget_all(AFTER + timedelta(days=3700))
    assert remains() == []
    assert set(forget_all(AFTER + timedelta(days=3700)).values()) == {0}


def test_holds_that_came_to_nothing_are_forgotten_sooner(rooms: list[Room]) -> None:
    booking = make_booking(rooms, contact=PERRINE, first_quarter=TOMORROW_10 + 300 * PER_DAY)
    Booking.objects.filter(pk=booking.pk).update(confirmed_at=None, status="held", held_until=NOW)
    cancel_booking(booking_id=booking.pk, cause="hold-expired", through="task", now=NOW)
    forget_all(NOW + timedelta(days=29))
    assert remains()
    forget_all(NOW + timedelta(days=31))
    assert remains() == []


def test_the_network_says_how_long_and_a_wrong_time_is_refused(settings: Settings, rooms: list[Room]) -> None:
    settings.KEPT_DAYS = {"meetings": 10}
    booking = make_booking(rooms, contact=PERRINE)
    complete_booking(booking_id=booking.pk, now=AFTER)
    forget_all(AFTER + timedelta(days=11))
    booking.refresh_from_db()
    assert booking.organiser_name == ""
    assert known_keeping_times(None) == []
    settings.KEPT_DAYS = {"meetings": -1, "dreams": 3, "letters": "x"}
    assert len(known_keeping_times(None)) == 3


def test_who_asks_is_forgotten_except_what_must_be_kept(rooms: list[Room]) -> None:
    booking = plant(rooms)
    coming = make_booking(rooms, contact=PERRINE, first_quarter=TOMORROW_10 + 7 * PER_DAY)
    complete_booking(booking_id=booking.pk, now=AFTER)
    asked = ErasureRequest.objects.create(email=EMAIL, asked_at=AFTER)
    found = confirm_erasure(request_id=asked.pk, now=AFTER)
    assert (found["meetings"].erased, found["meetings"].kept) == (1, 1)
    booking.refresh_from_db()
    assert (booking.organiser_name, booking.organiser_email, booking.title) == ("", "", "")
    assert not Seat.objects.filter(reach=EMAIL).exists()
    coming.refresh_from_db()
    assert coming.organiser_email == EMAIL
    later = moment_of(TOMORROW_10 + 8 * PER_DAY)
    complete_booking(booking_id=coming.pk, now=later)
    assert follow_erasures(later) == 1
    assert not ErasureRequest.objects.exists()
    assert not Booking.objects.filter(organiser_email=EMAIL).exists()
    assert not LetterRecord.objects.filter(recipient=EMAIL).exists()


def test_a_guest_is_forgotten_and_the_meeting_of_others_stays(rooms: list[Room]) -> None:
    booking = make_booking(rooms, contact=PERRINE)
    write_letters(booking.pk, LetterKind.CONFIRMATION, now=NOW)
    complete_booking(booking_id=booking.pk, now=AFTER)
    asked = ErasureRequest.objects.create(email=GUEST, asked_at=AFTER)
    confirm_erasure(request_id=asked.pk, now=AFTER)
    booking.refresh_from_db()
    assert booking.organiser_name == NAME
    assert not Party.objects.filter(email=GUEST).exists()
    assert not LetterRecord.objects.filter(recipient=GUEST).exists()


def test_the_page_tells_nobody_whether_an_address_is_known(
    client: Client,
    rooms: list[Room],
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["mail", "default"]}
    }
    booking = make_booking(rooms, contact=PERRINE)
    complete_booking(booking_id=booking.pk, now=AFTER)
    mail.outbox.clear()
    with time_machine.travel(AFTER, tick=False), django_capture_on_commit_callbacks(execute=True):
        pages = [
            re.sub(r"\b\w{64}\b", "", client.post("/mes-donnees", {"reach": reach}).content.decode())
            for reach in (EMAIL, "nobody@example.org")
        ]
        assert pages[0] == pages[1]
        assert client.post("/mes-donnees", {"reach": "moi"}).status_code == 422
    assert [letter.to for letter in mail.outbox] == [[EMAIL]]
    (path,) = set(re.findall(r"/mes-donnees/\S+", str(mail.outbox[0].body)))
    with time_machine.travel(AFTER, tick=False):
        shown = client.get(path, headers={"accept-language": "fr"}).content.decode()
        assert "Effacer ce qui peut" in shown
        assert Booking.objects.get(pk=booking.pk).organiser_name == NAME
        assert "C’est effacé" in client.post(path, headers={"accept-language": "fr"}).content.decode()
    assert Booking.objects.get(pk=booking.pk).organiser_name == ""


def test_an_old_or_forged_link_erases_nothing(client: Client, rooms: list[Room]) -> None:
    asked = ErasureRequest.objects.create(email=EMAIL, asked_at=NOW)
    token = link_token(asked)
    assert not send_link(asked.pk, now=NOW)
    with time_machine.travel(NOW + LIVES + timedelta(minutes=1), tick=False):
        assert client.post(f"/mes-donnees/{token}").status_code == 410
    assert client.post("/mes-donnees/forged.1.x").status_code == 404
    assert follow_erasures(NOW + LIVES * 2) == 1


def test_the_pages_of_a_forgotten_meeting_still_open(client: Client, rooms: list[Room]) -> None:
    booking = make_booking(rooms, contact=PERRINE)
    complete_booking(booking_id=booking.pk, now=AFTER)
    assert forget_bookings([booking.pk]) == 1
    assert forget_bookings([booking.pk]) == 0
    assert client.get(f"/reunion/{organiser_token(booking)}").status_code == 200
    agent = User.objects.create_user("chef@exemple.bzh", None, is_staff=True)
    client.force_login(agent)
    assert client.get("/planning?jour=2026-11-24").status_code == 200


def test_the_register_names_each_kind_and_its_time() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "privacy.md").read_text()
    for kind in kinds():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{kind.name}`"))
        assert f"| {kind.days} days |" in row


def test_forgetting_goes_on_when_one_kind_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    DeadAddress.objects.create(address=EMAIL, status="5.1.1", since=NOW - timedelta(days=900))

    def broken(before: datetime) -> int:
        ran.append("broken")
        raise ValueError("no")

    monkeypatch.setattr(forgetting, "_kinds", {"broken": Kind("broken", 1, "", "", broken), **forgetting._kinds})
    with pytest.raises(ValueError, match="no"):
        forget_all(NOW)
    assert ran == ["broken"]
    assert not DeadAddress.objects.exists()
