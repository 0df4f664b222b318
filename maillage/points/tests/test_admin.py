"""What an agent saves in the administration is seen by the next search."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from maillage.core.models import JournalEntry
from maillage.points.selectors import nearest_rooms
from maillage.points.tests.factories import make_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("agent@maillage.invalid"))
    return client


def _room_form(**fields: object) -> dict[str, object]:
    management = {f"equipment-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    return {
        "name": "Salle", "capacity": 8, "settle_quarters": 1, "reset_quarters": 0, "notice_minutes": 5,
        "is_listed": "on", "priority_days": 0,
        "is_active": "on", "hours": "", **management, **fields,
    }  # fmt: skip


def test_a_room_made_larger_is_found_at_once_and_told_in_the_journal(agent: Client) -> None:
    room = make_room(capacity=4)
    assert nearest_rooms(48.4, -3.4, head_count=10) == []
    answer = agent.post(f"/administration/points/room/{room.pk}/change/", _room_form(point=room.point_id, capacity=12))
    assert answer.status_code == 302
    assert len(nearest_rooms(48.4, -3.4, head_count=10)) == 1
    assert JournalEntry.objects.get(verb="room.edited").subject == f"point:{room.point.slug}"


def test_hours_that_cannot_be_read_are_refused_there_too(agent: Client) -> None:
    room = make_room()
    form = _room_form(point=room.point_id, hours="lundi 9h")
    answer = agent.post(f"/administration/points/room/{room.pk}/change/", form)
    assert answer.status_code == 200
    assert "lundi 9h" in answer.content.decode()
    room.refresh_from_db()
    assert room.hours == ""


@pytest.mark.parametrize("page", ["point", "point/add", "room", "room/add"])
def test_each_page_opens(agent: Client, page: str) -> None:
    make_room()
    assert agent.get(f"/administration/points/{page}/").status_code == 200
    assert agent.get("/administration/territory/commune/?q=callac").status_code == 200
