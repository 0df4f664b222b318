"""The pages around a room that closed: nothing done before it is seen, nothing answered by opening a page."""

import re
from html import unescape

import pytest
from django.test import Client

from maillage.accounts.models import User
from maillage.actors.models import Part, Role
from maillage.booking.models import Booking, BookingStatus, LossStatus, RoomLoss
from maillage.booking.selectors.bookings import organiser_token
from maillage.booking.tests.factories import TOMORROW_10, make_booking
from maillage.booking.tests.test_losses import lose
from maillage.core.quarters import PER_DAY
from maillage.points.models import Closure, Point, Room
from maillage.points.tests.factories import make_point, make_room
from maillage.territory.tests.factories import make_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
FRENCH = {"accept-language": "fr"}


@pytest.fixture
def rooms(client: Client) -> list[Room]:
    """A point of two rooms looked after by the agent who signed in, and a room elsewhere."""
    point = make_point(commune="Callac")
    agent = User.objects.create_user(email="soizic@callac.example")
    Role.objects.create(user=agent, organisation=point.host, part=Part.FACILITATOR)
    client.force_login(agent)
    return [make_room(point, "Bleue"), make_room(point, "Rouge"), make_room(make_point(commune="Rennes"))]


def text_of(content: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", content.decode())).split())


def digest_in(content: bytes) -> str:
    return str(re.findall(r'name="seen" value="(\w+)"', content.decode())[0])


def closing(where: Room, **fields: str) -> dict[str, str]:
    values = {"cause": "closed", "room": str(where.pk), "first_day": "2026-11-24", "last_day": "2026-11-24"}
    return {**values, "reason": "Travaux", **fields}


def test_what_is_concerned_is_shown_before_anything_is_closed(client: Client, rooms: list[Room]) -> None:
    make_booking([rooms[0], rooms[2]])
    page = f"/planning/lieux/{rooms[0].point.slug}/fermer"
    assert client.get(page, headers=FRENCH).status_code == 200
    shown = client.post(page, closing(rooms[0]), headers=FRENCH)
    assert "1 réunion est concernée" in text_of(shown.content)
    assert "Anne Le Goff · 02 96 00 00 00" in text_of(shown.content)
    assert not Closure.objects.exists()
    done = client.post(page, closing(rooms[0], seen=digest_in(shown.content)), headers=FRENCH)
    assert done.status_code == 303
    assert Closure.objects.get().room_id == rooms[0].pk
    listed = text_of(client.get("/planning/sans-salle", headers=FRENCH).content)
    assert "Leur réponse est attendue" in listed
    assert "1 réunion sans salle" in text_of(client.get("/planning", headers=FRENCH).content)


def test_what_changed_meanwhile_is_shown_again(client: Client, rooms: list[Room]) -> None:
    page = f"/planning/lieux/{rooms[0].point.slug}/fermer"
    shown = client.post(page, closing(rooms[0]), headers=FRENCH)
    make_booking([rooms[0], rooms[2]])
    again = client.post(page, closing(rooms[0], seen=digest_in(shown.content)), headers=FRENCH)
    assert again.status_code == 409
    assert "1 réunion est concernée" in text_of(again.content)
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"last_day": ""}, {"last_day": "2026-11-20"}, {"first_day": "2020-01-01"}, {"room": "999"}]
)
def test_days_that_cannot_be_are_refused(client: Client, rooms: list[Room], wrong: dict[str, str]) -> None:
    page = f"/planning/lieux/{rooms[0].point.slug}/fermer"
    assert client.post(page, closing(rooms[0], **wrong), headers=FRENCH).status_code == 422


def test_a_merge_shows_where_each_meeting_goes(client: Client, rooms: list[Room]) -> None:
    booking = make_booking([rooms[0], rooms[2]])
    page = f"/planning/lieux/{rooms[0].point.slug}/reunir"
    asked = {"room": str(rooms[0].pk), "into": f"room-{rooms[1].pk}", "first_day": "2026-11-24", "reason": ""}
    shown = client.post(page, asked, headers=FRENCH)
    assert "Va à Rouge, Point de Callac" in text_of(shown.content)
    client.post(page, asked | {"seen": digest_in(shown.content)})
    assert booking.parties.get(position=0).room_id == rooms[1].pk
    itself = client.post(page, asked | {"into": f"room-{rooms[0].pk}"}, headers=FRENCH)
    assert itself.status_code == 422


def test_a_point_moves_to_another_address(client: Client, rooms: list[Room]) -> None:
    make_booking([rooms[0], rooms[2]])
    town = make_commune("Carhaix-Plouguer")
    page = f"/planning/lieux/{rooms[0].point.slug}/demenager"
    asked = {"address": "2 place de la Tour d'Auvergne", "commune": town.name, "access": ""}
    shown = client.post(page, asked, headers=FRENCH)
    assert "1 réunion est concernée" in text_of(shown.content)
    client.post(page, asked | {"seen": digest_in(shown.content)})
    assert Point.objects.get(pk=rooms[0].point_id).commune == town
    assert Booking.objects.get().sequence == 1


def test_another_hosts_point_and_an_unknown_act_are_not_there(client: Client, rooms: list[Room]) -> None:
    assert client.get(f"/planning/lieux/{rooms[2].point.slug}/fermer").status_code == 404
    assert client.get(f"/planning/lieux/{rooms[0].point.slug}/vendre").status_code == 404


def test_a_mail_scanner_takes_no_room_and_one_press_does(client: Client, rooms: list[Room]) -> None:
    booking = make_booking([rooms[0], rooms[2]])
    meeting = f"/reunion/{organiser_token(booking)}"
    assert "C’est réservé." in text_of(client.get(meeting, headers=FRENCH).content)
    lose(rooms[0])
    page = f"{meeting}/autre-salle"
    first = client.get(page, headers=FRENCH)
    assert "Prendre Rouge, Point de Callac" in text_of(first.content)
    assert RoomLoss.objects.get().status == LossStatus.WAITING
    told = text_of(client.get(meeting, headers=FRENCH).content)
    assert "Choisir une autre salle" in told
    assert "C’est réservé." not in told, "a success is not told beside a loss"
    for wrong in ("", "x-y", "1", f"{rooms[1].pk}-99999999999999"):
        assert client.post(page, {"choice": wrong}, headers=FRENCH).status_code == 422
    done = client.post(page, {"choice": f"{rooms[1].pk}-{TOMORROW_10}"})
    assert done.status_code == 303
    assert RoomLoss.objects.get().status == LossStatus.REHOUSED
    assert client.get(page).status_code == 303


def test_the_organiser_may_cancel_because_of_the_room(client: Client, rooms: list[Room]) -> None:
    booking = make_booking([rooms[0], rooms[2]])
    lose(rooms[0])
    client.post(f"/reunion/{organiser_token(booking)}/autre-salle", {"act": "cancel"})
    booking.refresh_from_db()
    assert (booking.status, booking.cancel_cause) == (BookingStatus.CANCELLED, "room-closed")


def test_an_agent_chooses_for_them_or_says_that_they_meet_there(client: Client, rooms: list[Room]) -> None:
    make_booking([rooms[0], rooms[2]])
    make_booking([rooms[0], rooms[2]], first_quarter=TOMORROW_10 + 16)
    one, other = lose(rooms[0])
    page = f"/planning/sans-salle/{one.pk}"
    assert "Prendre Rouge" in text_of(client.get(page, headers=FRENCH).content)
    client.post(page, {"choice": f"{rooms[1].pk}-{TOMORROW_10}"})
    client.post(f"/planning/sans-salle/{other.pk}", {"act": "keep"})
    assert list(RoomLoss.objects.order_by("pk").values_list("status", flat=True)) == ["rehoused", "kept"]
    assert client.get(page).status_code == 404
    stranger = User.objects.create_user(email="yann@example.org")
    lose(rooms[2])
    client.force_login(stranger)
    assert client.get(f"/planning/sans-salle/{other.pk}").status_code == 404


def test_opening_after_all_gives_the_room_back(client: Client, rooms: list[Room]) -> None:
    make_booking([rooms[0], rooms[2]])
    lose(rooms[0])
    closure = Closure.objects.get()
    client.post(f"/planning/lieux/{rooms[0].point.slug}", {"act": f"lift{closure.pk}"})
    assert RoomLoss.objects.get().status == LossStatus.LIFTED
    make_booking([rooms[1], rooms[2]], first_quarter=TOMORROW_10 + PER_DAY)
