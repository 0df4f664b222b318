"""The settings of a point: hours, rules of its rooms, calendars followed, closures, practice of its prices."""

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.booking.domain.tariffs import Price, Tariff, Unit
from maillage.booking.models import CalendarFeed, FreeHours, TariffPrice
from maillage.booking.services.tariffs import write_tariff
from maillage.booking.tests.factories import NOW, make_rooms
from maillage.booking.tests.test_planning import agent
from maillage.core.models import JournalEntry
from maillage.core.quarters import quarter_at
from maillage.points.models import Closure, Room
from maillage.points.selectors import catalogue
from maillage.points.services import close_point
from maillage.points.tests.factories import make_room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
PAGE = "/planning/lieux/point-de-callac"
FRENCH = {"accept-language": "fr"}


@pytest.fixture
def room(client: Client) -> Room:
    """A room of Callac, whose facilitator is signed in."""
    callac, _rennes = make_rooms()
    agent(client, callac)
    return callac


def read(client: Client) -> str:
    return unescape(client.get(PAGE, headers=FRENCH).content.decode())


def test_only_those_who_look_after_the_point_open_it(client: Client, room: Room) -> None:
    assert client.get(PAGE).status_code == 200
    assert client.get("/planning/lieux/point-de-rennes").status_code == 404
    client.logout()
    assert client.get(PAGE).status_code == 302


def test_the_hours_are_changed_and_the_search_knows_it(client: Client, room: Room) -> None:
    answer = client.post(PAGE, {"act": "hours", "hours": "Mo-Sa 08:00-22:00"})
    assert answer.headers["Location"] == f"{PAGE}?enregistre=1"
    offer = catalogue().find(room.pk)
    assert offer is not None
    assert offer.hours == "Mo-Sa 08:00-22:00"


def test_hours_that_cannot_be_read_are_refused_and_kept(client: Client, room: Room) -> None:
    answer = client.post(PAGE, {"act": "hours", "hours": "tous les jours"}, headers=FRENCH)
    assert answer.status_code == 422
    assert 'value="tous les jours"' in answer.content.decode()
    assert Room.objects.get(pk=room.pk).point.hours != "tous les jours"


def test_the_rules_of_a_room_are_changed(client: Client, room: Room) -> None:
    key = f"room{room.pk}"
    sent = {f"{key}-settle_quarters": "2", f"{key}-reset_quarters": "1", f"{key}-notice_minutes": "1440"}
    assert client.post(PAGE, {"act": key, **sent, f"{key}-hours": "Sa 10:00-12:00"}).status_code == 303
    room.refresh_from_db()
    assert (room.settle_quarters, room.reset_quarters, room.notice_minutes) == (2, 1, 1440)
    assert room.hours == "Sa 10:00-12:00"
    assert JournalEntry.objects.filter(verb="room.rules-changed").count() == 1
    assert client.post(PAGE, {"act": key, **sent, f"{key}-settle_quarters": "9"}).status_code == 422


def test_a_calendar_is_followed_shown_stale_then_left(client: Client, room: Room) -> None:
    sent = {"feed-room": room.pk, "feed-name": "Théâtre", "feed-kind": "ics", "feed-address": "https://a.example/x.ics"}
    assert client.post(PAGE, {"act": "feed", **sent}).status_code == 303
    assert "Jamais lu" in read(client)
    CalendarFeed.objects.update(succeeded_at=NOW - timedelta(minutes=5))
    assert "pas à jour" not in read(client)
    CalendarFeed.objects.update(succeeded_at=NOW - timedelta(hours=4), error_code="calendar-unreadable")
    page = read(client)
    assert "pas à jour" in page
    assert "calendar-unreadable" in page
    assert client.post(PAGE, {"act": f"leave{CalendarFeed.objects.get().pk}"}).status_code == 303
    assert not CalendarFeed.objects.exists()
    assert client.post(PAGE, {"act": "leave1"}).status_code == 404


def test_an_address_that_is_not_allowed_is_refused_and_kept(client: Client, room: Room) -> None:
    sent = {"feed-room": room.pk, "feed-name": "Théâtre", "feed-kind": "ics", "feed-address": "ftp://a.example/x.ics"}
    answer = client.post(PAGE, {"act": "feed", **sent})
    assert answer.status_code == 422
    assert 'value="ftp://a.example/x.ics"' in answer.content.decode()
    assert not CalendarFeed.objects.exists()


def test_a_closure_is_shown_with_its_reason_then_lifted(client: Client, room: Room) -> None:
    first = quarter_at(datetime(2026, 12, 23, 23, tzinfo=UTC))
    fields = {"first_quarter": first, "end_quarter": first + 96, "reason": "Congés"}
    closure = close_point(point_id=room.point_id, through="agent", **fields)  # type: ignore[arg-type]
    assert "Congés" in read(client)
    assert client.post(PAGE, {"act": f"lift{closure.pk}"}).status_code == 303
    assert not Closure.objects.exists()


def test_what_is_asked_in_fact_is_written_beside_the_price(client: Client, room: Room) -> None:
    write_tariff(point=room.point, tariff=Tariff((Price(Unit.TWO_HOURS, 4_500),)), valid_from=date(2026, 1, 1))
    price = TariffPrice.objects.get()
    assert "45.00" in read(client)
    assert client.post(PAGE, {"act": "practice", f"practice-price{price.pk}": "50"}).status_code == 422
    assert (
        client.post(PAGE, {"act": "practice", f"practice-price{price.pk}": "12,50"}, headers=FRENCH).status_code == 303
    )
    latest = TariffPrice.objects.latest("pk")
    assert (latest.cents, latest.practice_cents) == (4_500, 1_250)


def test_an_unknown_act_changes_nothing(client: Client, room: Room) -> None:
    before = JournalEntry.objects.count()
    for act in ("", "x", "lift9", "room0"):
        assert client.post(PAGE, {"act": act}).status_code == 303
    assert JournalEntry.objects.count() == before


@pytest.mark.parametrize("count", [1, 30])
def test_the_queries_do_not_grow_with_the_rooms(
    client: Client, room: Room, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_room(room.point, f"Salle {number}")
    with django_assert_max_num_queries(12):
        read(client)


def test_who_may_use_a_room_its_notices_and_who_goes_first_are_set_with_links_to_hand_out(
    client: Client, room: Room
) -> None:
    key = f"room{room.pk}"
    sent = {
        "settle_quarters": "1", "reset_quarters": "0", "notice_minutes": "5", "assisted_notice_minutes": "240",
        "multipoint_notice_minutes": "", "audience": "tenants", "priority_group": "partners", "priority_days": "7",
    }  # fmt: skip
    assert (
        client.post(PAGE, {"act": key, **{f"{key}-{name}": value for name, value in sent.items()}}).status_code == 303
    )
    room.refresh_from_db()
    assert (room.assisted_notice_minutes, room.multipoint_notice_minutes, room.is_listed) == (240, None, False)
    assert (room.audience, room.priority_group, room.priority_days) == ("tenants", "partners", 7)
    page = read(client)
    assert f"/creneaux?room_1={room.pk}" in page
    assert page.count("&pass=") == 2 * 3
    too_long = {f"{key}-{name}": value for name, value in (sent | {"priority_days": "91"}).items()}
    assert client.post(PAGE, {"act": key, **too_long}).status_code == 422


def test_hours_are_made_free_then_charged_again_and_prices_stay(client: Client, room: Room) -> None:
    write_tariff(point=room.point, tariff=Tariff((Price(Unit.TWO_HOURS, 4_500),)), valid_from=date(2026, 1, 1))
    sent = {"free-weekdays": ["0", "4"], "free-start": "12:00", "free-end": "14:00"}
    assert client.post(PAGE, {"act": "free", **sent}).status_code == 303
    hours = FreeHours.objects.get()
    assert (hours.weekdays, TariffPrice.objects.latest("pk").cents) == ("04", 4_500)
    assert "lundi, vendredi : 12 h 00 – 14 h 00" in read(client).replace("\xa0", " ").replace("\u202f", " ")
    assert client.post(PAGE, {"act": f"charge{hours.pk}"}).status_code == 303
    assert not FreeHours.objects.exists()
    assert client.post(PAGE, {"act": "free", "free-start": "12:00"}).status_code == 422


def test_hours_are_made_free_where_no_price_is_written(client: Client, room: Room) -> None:
    sent = {"free-weekdays": ["2"], "free-start": "18:00", "free-end": "22:00"}
    assert client.post(PAGE, {"act": "free", **sent}).status_code == 303
    assert FreeHours.objects.get().weekdays == "2"
