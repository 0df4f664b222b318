"""The facilitator's planning: what it shows, to whom, in how many queries, and how a room is blocked from it."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.accounts.models import User
from maillage.actors.models import Part, Role
from maillage.booking.domain.planning import LocalDay, week_of
from maillage.booking.models import CalendarFeed, Occupancy, Span, SpanKind
from maillage.booking.services.blocks import block_room
from maillage.booking.tests.factories import NOW, TOMORROW_10, make_booking, make_hold
from maillage.core.quarters import day_quarters
from maillage.points.models import Room
from maillage.points.services import close_point
from maillage.points.tests.factories import make_point, make_room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
PARIS = ZoneInfo("Europe/Paris")
TUESDAY = "/planning?jour=2026-11-24"
FRENCH = {"accept-language": "fr"}
ASKED = {"day": "2026-11-24", "start": "14:00", "end": "16:30", "note": "Conseil municipal"}


def agent(client: Client, *rooms: Room, part: str = Part.FACILITATOR, **fields: object) -> User:
    user = User.objects.create_user(f"agent{User.objects.count()}@exemple.bzh", None, **fields)
    for room in rooms:
        Role.objects.get_or_create(user=user, organisation=room.point.host, part=part)
    client.force_login(user)
    return user


def read(client: Client, address: str) -> str:
    return re.sub(r"[ \n]+", " ", unescape(client.get(address, headers=FRENCH).content.decode()))


def test_nobody_sees_it_without_signing_in(client: Client, rooms: list[Room]) -> None:
    assert client.get(TUESDAY).status_code == 302
    assert client.post("/planning/bloquer", ASKED).status_code == 302


def test_somebody_without_a_part_is_told_whom_to_ask(client: Client, rooms: list[Room]) -> None:
    agent(client)
    answer = client.get(TUESDAY, headers=FRENCH)
    assert answer.status_code == 403
    assert "no-room-to-look-after" in answer.content.decode()


def test_a_facilitator_sees_the_rooms_of_their_host_alone_an_operator_all(client: Client, rooms: list[Room]) -> None:
    agent(client, rooms[0])
    page = read(client, TUESDAY)
    assert "Point de Callac" in page
    assert "Point de Rennes" not in page
    for fields in ({"part": Part.OPERATOR}, {"is_staff": True}):
        agent(client, rooms[0], **fields)
        assert "Point de Rennes" in read(client, TUESDAY)


def test_each_thing_is_said_in_words_with_its_hours(client: Client, rooms: list[Room]) -> None:
    callac, rennes = rooms
    make_booking(rooms)
    make_hold(rooms, first_quarter=TOMORROW_10 + 20)
    block_room(room_id=rennes.pk, first_quarter=TOMORROW_10 + 12, end_quarter=TOMORROW_10 + 16, note="Chorale", now=NOW)
    close_point(
        point_id=callac.point_id, first_quarter=TOMORROW_10 + 32, end_quarter=TOMORROW_10 + 36, reason="Travaux",
        through="agent",
    )  # fmt: skip
    agent(client, is_staff=True)
    page = read(client, TUESDAY)
    assert "Mardi 24" in page
    assert '10\u202fh\u202f00 – 11\u202fh\u202f00</span> <span class="block__words">Préparer la fête' in page
    assert "Anne Le Goff · 0296000000" in page
    assert "En cours de réservation" in page
    assert 'block--block from-52 until-56"' in page
    assert "Chorale" in page
    assert "Travaux" in page
    assert 'block--shut from-0 until-36" aria-hidden="true"' in page


def test_a_hold_that_ran_out_is_no_longer_shown(client: Client, rooms: list[Room]) -> None:
    make_hold(rooms)
    agent(client, is_staff=True)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        page = read(client, TUESDAY)
    assert "En cours de réservation" not in page
    assert page.count("Rien de prévu") == 2


def test_what_another_calendar_says_is_busy_and_no_more_and_its_age_is_told(client: Client, rooms: list[Room]) -> None:
    feed = CalendarFeed.objects.create(
        room=rooms[0], name="Théâtre", address="https://x.example/a.ics", next_try_at=NOW
    )
    Span.objects.create(
        room=rooms[0], feed=feed, kind=SpanKind.CALENDAR, first_quarter=TOMORROW_10, end_quarter=TOMORROW_10 + 8,
        note="Rendez-vous médical de Mme Le Guen",
    )  # fmt: skip
    agent(client, is_staff=True)
    page = read(client, TUESDAY)
    assert '<span class="block__words">Occupé</span>' in page
    assert "médical" not in page
    assert page.count("agenda pas à jour") == 1


@pytest.mark.parametrize("view", ["jour", "semaine"])
@pytest.mark.parametrize("count", [3, 90])
def test_the_queries_do_not_grow_with_the_rooms(
    client: Client, view: str, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    point = make_point()
    made = [make_room(point, f"Salle {number}") for number in range(count)]
    for room in made:
        block_room(room_id=room.pk, first_quarter=TOMORROW_10, end_quarter=TOMORROW_10 + 4, now=NOW)
    agent(client, made[0])
    with django_assert_max_num_queries(15):
        page = read(client, f"{TUESDAY}&vue={view}")
    assert page.count("Bloquée") == count


def test_the_week_goes_from_monday_to_sunday_with_links_around(client: Client, rooms: list[Room]) -> None:
    make_booking(rooms)
    agent(client, is_staff=True)
    page = read(client, f"{TUESDAY}&vue=semaine&lieu={rooms[0].point.host_id}")
    assert "Du lundi 23 novembre au dimanche 29 novembre" in page.replace("\u00a0", " ")
    assert page.count("Préparer la fête") == 1
    assert f"?jour=2026-11-17&vue=semaine&lieu={rooms[0].point.host_id}" in page
    assert f"?jour=2026-12-01&vue=semaine&lieu={rooms[0].point.host_id}" in page


@pytest.mark.parametrize(
    "query", ["?jour=x", "?jour=9999-12-31", "?lieu=abc&page=0", "?lieu=99999999999999999999", "?page=7"]
)
def test_an_address_that_cannot_be_read_shows_a_planning_all_the_same(
    client: Client, rooms: list[Room], query: str
) -> None:
    agent(client, is_staff=True)
    assert client.get(f"/planning{query}").status_code == 200


def test_a_room_is_blocked_then_released(client: Client, rooms: list[Room]) -> None:
    agent(client, rooms[0])
    answer = client.post("/planning/bloquer", {**ASKED, "room": rooms[0].pk, "shown-vue": "semaine"})
    assert answer.headers["Location"] == "/planning?jour=2026-11-24&vue=semaine"
    span = Span.objects.get(kind=SpanKind.BLOCK)
    assert (span.note, span.end_quarter - span.first_quarter) == ("Conseil municipal", 10)
    assert Occupancy.objects.filter(room=rooms[0]).count() == 10
    released = client.post(f"/planning/liberer/{span.pk}", {"shown-jour": "2026-11-24"})
    assert released.headers["Location"] == "/planning?jour=2026-11-24&vue=jour"
    assert not Occupancy.objects.exists()
    assert client.post(f"/planning/liberer/{span.pk}").status_code == 404


def test_several_days_end_at_midnight(client: Client, rooms: list[Room]) -> None:
    agent(client, rooms[0])
    client.post(
        "/planning/bloquer", {**ASKED, "room": rooms[0].pk, "start": "0:00", "end": "0:00", "last_day": "2026-11-26"}
    )
    span = Span.objects.get(kind=SpanKind.BLOCK)
    assert span.end_quarter - span.first_quarter == 3 * 96


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"start": "16:30", "end": "14:00"}, "La fin vient avant le début"),
        ({"start": "14:07"}, "quart d’heure"),
        ({"day": "hier"}, "date valide"),
        ({"room": "0"}, "Choisissez une de vos salles"),
        ({"room": "x"}, "Choisissez une de vos salles"),
        ({"last_day": "2028-11-24"}, "un an"),
        ({"day": "2025-11-24"}, "à partir de maintenant"),
    ],
)
def test_a_block_that_cannot_be_meant_is_refused_and_kept(
    client: Client, rooms: list[Room], changes: dict[str, str], said: str
) -> None:
    agent(client, rooms[0])
    answer = client.post("/planning/bloquer", {"room": str(rooms[0].pk), **ASKED, **changes}, headers=FRENCH)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert said in page
    assert 'value="Conseil municipal"' in page
    assert not Span.objects.exists()


def test_a_meeting_is_never_displaced_by_a_block(client: Client, rooms: list[Room]) -> None:
    make_booking(rooms)
    agent(client, rooms[0])
    answer = client.post("/planning/bloquer", {**ASKED, "room": rooms[0].pk, "start": "9:00"}, headers=FRENCH)
    assert answer.status_code == 409
    assert "24/11 09:45–11:00" in unescape(answer.content.decode())
    assert not Span.objects.filter(kind=SpanKind.BLOCK).exists()


def test_the_rooms_of_others_are_neither_blocked_nor_released(client: Client, rooms: list[Room]) -> None:
    theirs = block_room(room_id=rooms[1].pk, first_quarter=TOMORROW_10, end_quarter=TOMORROW_10 + 4, now=NOW)
    agent(client, rooms[0])
    assert client.post("/planning/bloquer", {**ASKED, "room": rooms[1].pk}).status_code == 422
    assert client.post(f"/planning/liberer/{theirs.pk}").status_code == 403
    assert Span.objects.count() == 1


@pytest.mark.parametrize(("day", "quarters"), [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100)])
def test_noon_stands_at_noon_on_the_days_that_clocks_change(day: date, quarters: int) -> None:
    local = LocalDay.of(day, PARIS)
    noon = int(datetime(day.year, day.month, day.day, 12, tzinfo=PARIS).timestamp() // 900)
    assert len(local.quarters) == quarters
    assert local.place(noon, noon + 4) == (48, 52)
    assert local.place(local.quarters.start - 4, local.quarters.stop + 4) == (0, 96)
    assert local.place(local.quarters.stop, local.quarters.stop + 1) is None


def test_a_week_starts_on_monday() -> None:
    assert week_of(date(2026, 11, 29))[0] == date(2026, 11, 23)
    assert len(day_quarters(date(2026, 11, 23), PARIS)) == 96
