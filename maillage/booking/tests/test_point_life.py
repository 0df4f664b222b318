"""What a facilitator says of the life of a point: opening on request, getting in, house rules, and who reads it."""

import pytest
from django.test import Client

from maillage.booking.selectors.ways_in import said_of_way
from maillage.booking.services import Contact, book_slot
from maillage.booking.tests.factories import (
    ANNE,
    HOUR,
    NOW,
    TOMORROW_10,
    make_booking,
    make_hold,
    parties_in,
)
from maillage.booking.tests.test_opening_pages import text_of
from maillage.booking.tests.test_planning import agent
from maillage.booking.views.links import book_url
from maillage.core.models import JournalEntry
from maillage.points.models import HouseRules, Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
FRENCH = {"accept-language": "fr"}


def save(client: Client, room: Room, act: str, **values: object) -> int:
    data = {"act": act, **{f"{act}-{name}": value for name, value in values.items()}}
    return client.post(f"/planning/lieux/{room.point.slug}", data).status_code


def test_a_facilitator_opens_a_point_on_request_and_gives_a_room_each_time(client: Client, rooms: list[Room]) -> None:
    agent(client, rooms[0])
    assert save(client, rooms[0], "answering", request_hours="whenever") == 422
    chosen = {"request_hours": "Mo-Sa 07:00-22:00", "second_email": "b@a.fr", "answering_rooms": [str(rooms[0].pk)]}
    assert save(client, rooms[0], "answering", **chosen) == 303
    room = Room.objects.select_related("point").get(pk=rooms[0].pk)
    assert (room.needs_answer, room.point.request_hours) == (True, "Mo-Sa 07:00-22:00")
    assert make_booking(rooms).status == "asked"
    assert JournalEntry.objects.filter(verb="point.answering-changed").exists()


def test_how_people_get_in_is_on_the_page_of_the_meeting(client: Client, rooms: list[Room]) -> None:
    agent(client, rooms[0])
    assert save(client, rooms[0], "entry", entry="key", entry_note="À la boulangerie") == 303
    assert said_of_way(Room.objects.get(pk=rooms[0].pk)).endswith("À la boulangerie")
    assert said_of_way(Room.objects.get(pk=rooms[1].pk)) == ""


def test_whoever_books_accepts_the_rules_as_they_stand_and_keeps_their_version(
    client: Client, rooms: list[Room]
) -> None:
    agent(client, rooms[0])
    for text in ("Pas de café.", "Pas de café.", "Café permis."):
        assert save(client, rooms[0], "rules", text=text) == 303
    assert [rules.version for rules in HouseRules.objects.all()] == [2, 1]
    held = make_hold(rooms)
    page = text_of(client.get(book_url(held), headers=FRENCH).content)
    assert "celles de Point de Callac (version 2)" in page
    assert "Café permis." in text_of(client.get(f"/points/{rooms[0].point.slug}/reglement").content)
    assert client.get(f"/points/{rooms[1].point.slug}/reglement").status_code == 404
    answers = {"name": ANNE.name, "email": ANNE.email, "category": "association"}
    assert client.post(book_url(held), answers).status_code == 303
    save(client, rooms[0], "rules", text="Ni café ni thé.")
    accepted = [party.house_rules.version if party.house_rules else None for party in held.parties.order_by("position")]
    assert accepted == [2, None]


def test_the_api_accepts_them_too(rooms: list[Room]) -> None:
    HouseRules.objects.create(point=rooms[0].point, version=1, text="Calme", since=NOW.date())
    booking = book_slot(
        request_key="rules-by-the-api",
        first_quarter=TOMORROW_10,
        length=HOUR,
        parties=parties_in(rooms),
        time_zone="Europe/Paris",
        language="fr",
        contact=Contact(name="Anne", email=ANNE.email, category="association"),
        now=NOW,
    )
    assert booking.parties.exclude(house_rules=None).count() == 1
