"""Booking for somebody on the telephone: one screen, known callers, and only in rooms one looks after."""

from html import unescape

import pytest
import time_machine
from django.test import Client

from maillage.accounts.models import User
from maillage.actors.models import Part, Role
from maillage.booking.models import Booking
from maillage.booking.selectors.callers import known_callers
from maillage.booking.tests.factories import NOW, TOMORROW_10, make_booking
from maillage.core.models import JournalEntry
from maillage.points.models import Room
from maillage.points.rights import rooms_looked_after
from maillage.points.tests.factories import make_point, make_room

pytestmark = pytest.mark.django_db
URL = "/planning/pour-quelqu-un"


@pytest.fixture
def callac() -> Room:
    return make_room(make_point(commune="Callac"))


@pytest.fixture
def rennes() -> Room:
    return make_room(make_point(commune="Rennes"))


@pytest.fixture
def facilitator(callac: Room) -> User:
    user = User.objects.create_user("yann@mairie.example", full_name="Yann Kerguiniou")
    Role.objects.create(user=user, organisation=callac.point.host, part=Part.FACILITATOR)
    return user


def answers(room: Room, **changes: str) -> dict[str, str]:
    return {
        "caller": "Menuiserie Riou",
        "reach": "02 96 45 00 00",
        "room": str(room.pk),
        "other": "Rennes",
        "day": "2026-11-24",
        "start": "10:05",
        "duration": "60",
        "people": "2",
        "category": "craft",
        "starter": "host",
        **changes,
    }


def send(user: User, data: dict[str, str]) -> tuple[int, str]:
    client = Client()
    client.force_login(user)
    with time_machine.travel(NOW, tick=False):
        answer = client.post(URL, data, headers={"accept-language": "fr"})
    return answer.status_code, unescape(answer.content.decode()) + answer.headers.get("Location", "")


def test_one_screen_books_and_records_who_booked_for_whom(callac: Room, rennes: Room, facilitator: User) -> None:
    status, said = send(facilitator, answers(callac))
    send(facilitator, answers(callac))
    booking = Booking.objects.get()
    assert (status, "/reunion/" in said) == (303, True)
    assert booking.first_quarter == TOMORROW_10
    assert (booking.organiser_name, booking.organiser_phone, booking.category) == (
        "Menuiserie Riou",
        "0296450000",
        "craft",
    )
    assert booking.booked_by == facilitator
    assert booking.starter == "host"
    assert list(booking.parties.order_by("position").values_list("room", flat=True)) == [callac.pk, rennes.pk]
    entry = JournalEntry.objects.get(verb="booking.confirmed")
    assert (entry.agent, entry.through) == (facilitator, "agent")


def test_an_hour_that_does_not_suit_is_answered_with_those_that_do(
    callac: Room, rennes: Room, facilitator: User
) -> None:
    make_booking([callac, rennes])
    status, page = send(facilitator, answers(callac))
    assert status == 409
    assert "Celles-ci, si" in page
    at = page.split('name="at" value="')[1].split('"')[0]
    status, _said = send(facilitator, answers(callac, at=at))
    assert status == 303
    assert Booking.objects.filter(first_quarter=int(at), booked_by=facilitator).exists()


def test_others_may_join_from_their_computer(callac: Room, facilitator: User) -> None:
    status, _said = send(facilitator, answers(callac, other="", reach="riou@menuiserie.example"))
    booking = Booking.objects.get()
    assert status == 303
    assert booking.organiser_email == "riou@menuiserie.example"
    assert booking.parties.get(position=1).kind == "browser"


def test_who_looks_after_no_room_books_for_nobody_and_not_in_rooms_of_others(
    callac: Room, rennes: Room, facilitator: User
) -> None:
    stranger = User.objects.create_user("x@example.org")
    assert send(stranger, answers(callac))[0] == 403
    assert send(facilitator, answers(rennes))[0] == 422
    assert Client().get(URL).status_code == 302
    assert not Booking.objects.exists()


def test_callers_are_known_from_ones_own_rooms_only(callac: Room, rennes: Room, facilitator: User) -> None:
    make_booking([callac, rennes])
    lannion, brest = make_room(make_point(commune="Lannion")), make_room(make_point(commune="Brest"))
    make_booking([lannion, brest], first_quarter=TOMORROW_10)
    other = User.objects.create_user("b@example.org")
    Role.objects.create(user=other, organisation=make_point(commune="Vannes").host, part=Part.FACILITATOR)
    make_room(make_point(commune="Vannes"))
    assert [caller.name for caller in known_callers(rooms_looked_after(facilitator), "anne", now=NOW)] == [
        "Anne Le Goff"
    ]
    assert [c.phone for c in known_callers(rooms_looked_after(facilitator), "0296", now=NOW)] == ["0296000000"]
    assert known_callers(rooms_looked_after(other), "anne", now=NOW) == []
    assert known_callers(rooms_looked_after(facilitator), "a", now=NOW) == []


def test_the_page_of_an_agent_of_many_rooms_asks_for_a_town(callac: Room, rennes: Room, facilitator: User) -> None:
    for number in range(41):
        make_room(callac.point, name=f"Salle {number}")
    status, _said = send(facilitator, answers(callac, place="Callac"))
    assert status == 303
    assert Booking.objects.get().parties.get(position=0).origin_id == callac.point.commune_id
